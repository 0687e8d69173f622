import HiscoresClient
import TestSupport
import Testing

@Suite("The pace")
struct PaceTests {
    @Test("starts lie an interval apart, and unused time makes no burst")
    func spacing() {
        var pace = Pace(requestsPerSecond: 2)
        #expect(pace.interval == .milliseconds(500))
        #expect(pace.earliest(at: .seconds(3)) == .seconds(3))
        pace.started(at: .seconds(3))
        #expect(pace.earliest(at: .seconds(3)) == .milliseconds(3500))
        #expect(pace.earliest(at: .milliseconds(3499)) == .milliseconds(3500))
        #expect(pace.earliest(at: .seconds(60)) == .seconds(60))
        pace.started(at: .seconds(60))
        #expect(pace.earliest(at: .seconds(60)) == .milliseconds(60_500), "the waited minute is not made up for")
    }

    @Test("time that went back costs an interval, not more")
    func backwards() {
        var pace = Pace(requestsPerSecond: 0.5)
        pace.started(at: .seconds(1_000_000))
        #expect(pace.earliest(at: .seconds(10)) == .seconds(12))
        #expect(Pace(requestsPerSecond: 0).interval < .seconds(1_000_001), "no pace is infinitely slow")
    }

    @Test("whenever one asks, no two starts are closer than the interval")
    func random() {
        let seed: UInt64 = 5
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        var pace = Pace(requestsPerSecond: 3)
        var (now, starts) = (Duration.zero, [Duration]())
        for _ in 0..<5000 {
            now += .microseconds(Int64.random(in: 0...400_000, using: &random))
            guard pace.earliest(at: now) <= now else { continue }
            pace.started(at: now)
            starts.append(now)
        }
        #expect(starts.count > 1000)
        #expect(zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 >= pace.interval })
    }
}
