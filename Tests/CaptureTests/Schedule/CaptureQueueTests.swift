import Capture
import Hiscores
import HiscoresClient
import TestSupport
import Testing

/// The queue in virtual time.
@Suite("The capture queue")
struct CaptureQueueTests {
    private static func names(_ count: Int) -> [String] { (0..<count).map { "p\($0)" } }

    @Test("everybody is asked once, in order, a second apart, where all goes well")
    func plain() throws {
        var service = VirtualService(CapturePolicy())
        try service.add(Self.names(50))
        service.run { _, _ in (.answer, .milliseconds(80)) }
        #expect(service.visits.map(\.player) == Self.names(50))
        #expect(service.visits.enumerated().allSatisfy { $1.start == .seconds($0) })
        #expect(service.endings.map(\.player) == Self.names(50))
        #expect(service.mostInFlight == 1 && service.queue.count == 0)
    }

    @Test("slow answers: five are in flight and never more, whatever the pace")
    func inFlight() throws {
        var service = VirtualService(CapturePolicy(requestsPerSecond: 50))
        try service.add(Self.names(40))
        service.run { _, _ in (.answer, .seconds(10)) }
        #expect(service.mostInFlight == 5)
        #expect(service.endings.count == 40)
        #expect(service.shortestInterval >= .milliseconds(20))
        #expect(service.now >= .seconds(80))
    }

    @Test("a retry comes behind who was waiting when it became due, and its answer ends it")
    func retries() throws {
        var service = VirtualService(CapturePolicy(retry: RetryPolicy(retries: 2, firstDelay: .milliseconds(1))))
        try service.add(["a", "b", "c"])
        service.run { visit, _ in (visit.player == "b" && visit.attempt < 3 ? .failure : .answer, .milliseconds(9)) }
        #expect(service.visits.map { "\($0.player)\($0.attempt)" } == ["a1", "b1", "c1", "b2", "b3"])
        #expect(service.endings.map(\.player) == ["a", "c", "b"])
        #expect(service.endings.allSatisfy { $0.ending == .answered })
    }

    @Test("while the service asks to be left alone, nobody is asked")
    func retryAfter() throws {
        var service = VirtualService(CapturePolicy(requestsPerSecond: 10))
        try service.add(["a", "b", "c"])
        service.run { visit, _ in
            (visit.player == "a" && visit.attempt == 1 ? .wait(30) : .answer, .milliseconds(50))
        }
        #expect(service.visits.map(\.player) == ["a", "b", "c", "a"])
        #expect(service.visits[1].start >= .milliseconds(30_050), "\(service.visits)")
        #expect(service.shortestInterval >= .milliseconds(100))
    }

    @Test("a longer wait than is waited: nobody is asked any more, and who waits is given up, later ones too")
    func longRetryAfter() throws {
        var service = VirtualService(CapturePolicy(requestsPerSecond: 5))
        try service.add(Self.names(9))
        // The answer of the fourth comes while the fifth is on its way: that one shows life, and releases nobody.
        service.run { visit, _ in
            visit.player == "p3" ? (.wait(400), .milliseconds(250)) : (.answer, .milliseconds(300))
        }
        #expect(service.visits.map(\.player) == Self.names(5) && service.now < .seconds(2))
        #expect(service.endings.first { $0.player == "p3" }?.ending == .comeBack(after: .seconds(400)))
        let hold = CaptureQueue.Hold(since: .milliseconds(850), until: .milliseconds(400_850), isThrottled: false)
        #expect(service.givenUp.map(\.target.name) == Array(Self.names(9)[5...]))
        #expect(service.givenUp.allSatisfy { $0.cause == .held(hold) && $0.time == .milliseconds(850) })
        try service.add(["next board"])
        service.run { _, _ in (.answer, .zero) }
        #expect(service.visits.count == 5 && service.givenUp.last?.cause == .held(hold))
        try service.add(["later"], after: .seconds(400))
        service.run { _, _ in (.answer, .zero) }
        #expect(service.givenUp.count == 6, "it is given up at once, too")
    }

    @Test("one who has the patience asks nobody until then; who cannot wait so long is given up at the deadline")
    func patience() throws {
        let retry = RetryPolicy(longestRetryAfter: .seconds(86_400))
        var service = VirtualService(CapturePolicy(retry: retry, outage: .init(patience: nil)))
        try service.add(["a", "b"])
        try service.add(["soon"], by: .seconds(270))
        service.run { visit, _ in
            (visit.player == "soon" ? .throttled(3600) : .answer, .milliseconds(50))
        }
        let hold = CaptureQueue.Hold(since: .milliseconds(50), until: .milliseconds(3_600_050), isThrottled: true)
        #expect(service.visits.map(\.player) == ["soon", "a", "b"])
        #expect(service.visits[1].start == hold.until)
        #expect(service.givenUp.map(\.cause) == [.held(hold)] && service.givenUp[0].attempts == 1)
        #expect(service.givenUp[0].time == .seconds(270))
    }

    @Test("a shorter wait that is asked for later does not shorten a longer one")
    func twoWaits() throws {
        var service = VirtualService(CapturePolicy(requestsPerSecond: 5))
        try service.add(["a", "b", "c"])
        service.run { visit, _ in
            visit.attempt == 1 && visit.player != "c"
                ? (.wait(visit.player == "a" ? 100 : 5), .seconds(visit.player == "a" ? 1 : 2)) : (.answer, .zero)
        }
        #expect(service.visits.filter { $0.start > .milliseconds(400) }.allSatisfy { $0.start >= .seconds(101) })
        #expect(service.endings.count == 3)
    }

    @Test("an outage that ends: probes alone go out, then everybody who waits is asked")
    func outage() throws {
        var service = VirtualService(CapturePolicy())
        try service.add(Self.names(30))
        service.run { visit, _ in
            (visit.start >= .seconds(4) && visit.start < .seconds(60) ? .redirect : .answer, .milliseconds(50))
        }
        // Five in a row, at 4 to 8 s; probes 5, 10, 20 and 40 s after each other, the last one answered.
        let during = service.visits.filter { $0.start >= .seconds(9) && $0.start < .seconds(80) }.map(\.start)
        #expect(during.map { $0.components.seconds } == [13, 23, 43], "\(during)")
        #expect(service.givenUp.isEmpty && service.endings.count == 30)
        #expect(service.queue.outage == nil)
    }

    @Test("an outage that stays: after five minutes of probes the rest is given up, each with its count")
    func longOutage() throws {
        var service = VirtualService(CapturePolicy())
        try service.add(Self.names(100))
        service.run { visit, _ in (visit.start >= .seconds(3) ? .failure : .answer, .milliseconds(50)) }
        #expect(service.now < .seconds(320))
        #expect(service.endings.count + service.givenUp.count == 100)
        #expect(Set(service.endings.map(\.player) + service.givenUp.map(\.target.player.key)).count == 100)
        #expect(service.visits.count < 20)
        #expect(service.givenUp.filter { $0.attempts == 0 }.count >= 80)
        #expect(
            service.givenUp.allSatisfy {
                if case .outage(let outage) = $0.cause { outage.probes > 3 } else { false }
            })
        // Who comes later probes on, one at a time, or is given up at once.
        let asked = service.visits.count
        try service.add(["late", "later"])
        service.run { _, _ in (.failure, .milliseconds(50)) }
        #expect(
            service.visits.count == asked && service.givenUp.count(where: { $0.target.name.hasPrefix("late") }) == 2)
        service.run(until: service.now) { _, _ in (.failure, .zero) }
    }

    @Test("when the next probe is due after all was given up, whoever is there is asked")
    func afterGivingUp() throws {
        var service = VirtualService(CapturePolicy())
        try service.add(Self.names(8))
        service.run { _, _ in (.redirect, .milliseconds(50)) }
        let next = try #require(service.queue.outage?.nextProbe)
        try service.add(["back", "again"], after: next - service.now)
        #expect(service.queue.count == 2)
        // Too early: both are given up.
        service.run { _, _ in (.answer, .milliseconds(50)) }
        #expect(service.queue.count == 0)
    }

    @Test("whose deadline is next goes first, but never before it is due")
    func earliestDeadline() throws {
        var service = VirtualService(CapturePolicy())
        try service.add(["none"])
        try service.add(["late"], by: .seconds(900))
        try service.add(["soon"], by: .seconds(60))
        try service.add(["urgent"], after: .milliseconds(1500), by: .seconds(5))
        service.run { _, _ in (.answer, .milliseconds(80)) }
        #expect(service.visits.map(\.player) == ["soon", "late", "urgent", "none"])
        #expect(service.givenUp.isEmpty)
    }

    @Test("who waits at a deadline is given up at it, whatever for; a request on its way is awaited")
    func deadlines() throws {
        var service = VirtualService(CapturePolicy(retry: RetryPolicy(retries: 3)))
        try service.add(["a", "b", "c"], by: .milliseconds(1500))
        try service.add(["held"], after: .seconds(10), by: .seconds(40))
        try service.add(["over"], by: .seconds(-5))
        service.run { visit, _ in (visit.player == "b" ? .wait(200) : .answer, .milliseconds(800)) }
        #expect(service.visits.map(\.player) == ["a", "b"])
        #expect(service.endings.map(\.player) == ["a"])
        let late = Dictionary(uniqueKeysWithValues: service.givenUp.map { ($0.target.name, $0) })
        let hold = CaptureQueue.Hold(since: .milliseconds(1800), until: .milliseconds(201_800), isThrottled: false)
        #expect(late.count == 4 && late["c"]?.cause == .late && late["over"]?.cause == .late)
        #expect(late["b"]?.cause == .held(hold) && late["held"]?.cause == .held(hold))
        // Never before what it was added at, nor before the answer that it got.
        #expect(late["over"]?.time == .zero && late["c"]?.time == .milliseconds(1500))
        #expect(late["b"]?.time == .milliseconds(1800) && late["b"]?.attempts == 1)
        #expect(late["held"]?.time == .seconds(40))
    }

    @Test("abandoned requests are given up, and their answers awaited no more")
    func abandoned() throws {
        var queue = CaptureQueue(CapturePolicy(requestsPerSecond: 50))
        for name in ["a", "b"] { queue.add(try CaptureTarget(name: name, board: .main), at: .zero) }
        guard case .send(let request) = queue.next(at: .zero) else {
            Issue.record("nothing to send")
            return
        }
        queue.abandonRequests(at: .seconds(1))
        #expect(queue.inFlight == 0 && queue.count == 1 && !queue.awaits(request.number))
        let givenUp = queue.takeGivenUp()
        #expect(givenUp.map(\.target.name) == ["a"] && givenUp.map(\.attempts) == [1] && givenUp[0].cause == .abandoned)
        var random = SeededRandom(seed: 1)
        #expect(queue.answered(request.number, .answer, at: .seconds(1), &random) == nil)
        #expect(queue.inFlight == 0)
    }

    @Test("at the end who waits for a retry is given up, and nobody else")
    func stopped() throws {
        var queue = CaptureQueue(CapturePolicy(requestsPerSecond: 50))
        for name in ["a", "b", "c"] { queue.add(try CaptureTarget(name: name, board: .main), at: .zero) }
        var random = SeededRandom(seed: 1)
        guard case .send(let first) = queue.next(at: .zero), case .send = queue.next(at: .seconds(1)) else {
            Issue.record("nothing to send")
            return
        }
        #expect(queue.answered(first.number, .throttled(9), at: .seconds(1), &random) == nil)
        queue.stopRetries(at: .seconds(2))
        queue.stopRetries(at: .seconds(3))
        let givenUp = queue.takeGivenUp()
        #expect(givenUp.map(\.target.name) == ["a"] && givenUp[0].attempts == 1 && givenUp[0].time == .seconds(2))
        #expect(givenUp[0].cause == .stopped(isThrottled: true))
        #expect(queue.count == 2 && queue.inFlight == 1)
    }

    @Test("a target that comes back counts its requests on")
    func again() throws {
        var queue = CaptureQueue(CapturePolicy())
        queue.add(try CaptureTarget(name: "a", board: .main), at: .zero, after: .seconds(5), requestsBefore: 3)
        #expect(queue.next(at: .zero) == .wait(until: .seconds(5)))
        guard case .send(let request) = queue.next(at: .seconds(5)) else {
            Issue.record("nothing to send")
            return
        }
        #expect(request.attempt == 4)
        #expect(queue.next(at: .seconds(50)) == .idle)
    }

    @Test("hostile weather: nobody is lost or asked too often, and pace and limit hold", arguments: 1...20)
    func weather(seed: UInt64) throws {
        let policy = CapturePolicy(requestsPerSecond: 4, retry: RetryPolicy(retries: 3))
        var service = VirtualService(policy, seed: seed)
        try service.add(Self.names(200))
        let outage = Duration.seconds(Int64(seed) * 5)..<Duration.seconds(Int64(seed) * 12)
        var holds: [Range<Duration>] = []
        service.run { visit, random in
            let duration = Duration.milliseconds(Int64.random(in: 1...3000, using: &random))
            if outage.contains(visit.start) { return (.redirect, duration) }
            let kind = Int.random(in: 0..<20, using: &random)
            if kind == 3 || kind == 4 {
                // Longer than is waited, in the end, for every other seed.
                let isLong = seed.isMultiple(of: 2) && visit.start > .seconds(50)
                let wait = isLong ? 400 : Int.random(in: 0...3, using: &random)
                holds.append(visit.start + duration..<visit.start + duration + .seconds(wait))
                return (.wait(wait), duration)
            }
            return switch kind {
            case 0, 1: (.failure, duration)
            case 2: (.redirect, duration)
            default: (.answer, duration)
            }
        }
        for hold in holds { #expect(!service.visits.contains { hold.contains($0.start) }, "seed \(seed)") }
        let players = service.endings.map(\.player) + service.givenUp.map(\.target.player.key)
        #expect(players.count == 200 && Set(players).count == 200, "seed \(seed)")
        #expect(service.mostInFlight <= 5 && service.shortestInterval >= .milliseconds(250))
        #expect(service.visits.allSatisfy { $0.attempt <= 4 })
    }
}
