import Archive
import CanonicalJSON
import Capture
import CivilTime
import Hiscores
import ObjectStore
import Testing

@Suite("The rank policy")
struct RankPolicyTests {
    /// An ok observation of made-up ids.
    private static func observation(_ snapshot: UInt8, progress: UInt8, at time: String) throws -> Observation {
        Observation(
            board: .main, player: try #require(PlayerName(normalising: "a")), displayName: nil,
            capturedAt: try #require(Timestamp(rfc3339: time)), result: .ok, snapshot: SHA256.digest([snapshot]),
            progress: SHA256.digest([progress]))
    }

    /// What is stored, at noon of a day.
    private static func stored() throws -> Observation {
        try observation(1, progress: 1, at: "2026-03-02T12:00:00.000Z")
    }

    private struct Case: CustomTestStringConvertible, Sendable {
        let what: String
        let snapshot: UInt8
        let progress: UInt8
        let time: String
        /// Whether each policy stores it: every, daily, changed.
        let stores: [Bool]

        var testDescription: String { what }
    }

    @Test(
        "what is kept",
        arguments: [
            Case(what: "progress", snapshot: 2, progress: 2, time: "2026-03-02T12:30:00Z", stores: [true, true, true]),
            Case(
                what: "the same document", snapshot: 1, progress: 1, time: "2026-03-02T12:30:00Z",
                stores: [true, true, true]),
            Case(
                what: "ranks, the same day", snapshot: 2, progress: 1, time: "2026-03-02T12:30:00Z",
                stores: [true, false, false]),
            Case(
                what: "ranks, the day's last millisecond", snapshot: 2, progress: 1, time: "2026-03-02T23:59:59.999Z",
                stores: [true, false, false]),
            Case(
                what: "ranks, the next day's first millisecond", snapshot: 2, progress: 1,
                time: "2026-03-03T00:00:00.000Z", stores: [true, true, false]),
            Case(
                what: "ranks, a year later", snapshot: 2, progress: 1, time: "2027-03-02T12:30:00Z",
                stores: [true, true, false]),
            Case(
                what: "ranks, a clock set back within the day", snapshot: 2, progress: 1, time: "2026-03-02T00:00:00Z",
                stores: [true, false, false]),
            Case(
                what: "ranks, a clock set back to the day before", snapshot: 2, progress: 1,
                time: "2026-03-01T23:59:59.999Z", stores: [true, true, false]),
            Case(
                what: "ranks, at the same moment", snapshot: 2, progress: 1, time: "2026-03-02T12:00:00.000Z",
                stores: [true, false, false]),
        ])
    private func decisions(_ what: Case) throws {
        let observation = try Self.observation(what.snapshot, progress: what.progress, at: what.time)
        let policies: [RankPolicy] = [.every, .daily, .changed]
        let decisions = policies.map { (try? $0.decide(observation, after: Self.stored())) == .store }
        #expect(decisions == what.stores)
    }

    @Test("the first of a log is kept, and a failure is none of a policy's business", arguments: RankPolicy.allCases)
    func first(policy: RankPolicy) throws {
        let observation = try Self.observation(2, progress: 1, at: "2026-03-02T12:30:00Z")
        #expect(policy.decide(observation, after: nil) == .store)
        var failure = observation
        (failure.result, failure.snapshot, failure.progress) = (.unavailable, nil, nil)
        #expect(policy.recorded(failure, after: try Self.stored()) == failure)
        // One whose document is not there is nothing to compare with.
        var absent = try Self.stored()
        absent.result = .ranksOnly
        #expect(policy.decide(observation, after: absent) == .store)
    }

    @Test("what is let go keeps everything but its document") func recorded() throws {
        let observation = try Self.observation(2, progress: 1, at: "2026-03-02T12:30:00Z")
        let recorded = RankPolicy.changed.recorded(observation, after: try Self.stored())
        var expected = observation
        expected.result = .ranksOnly
        #expect(recorded == expected && recorded.documentID == nil)
        #expect(RankPolicy.every.recorded(observation, after: try Self.stored()) == observation)
    }

    @Test("a month of half-hourly captures while the player sleeps keeps one a day") func month() throws {
        let start = try #require(Timestamp(rfc3339: "2026-03-01T00:10:00Z"))
        for (policy, kept) in [(RankPolicy.every, 30 * 48), (.daily, 30), (.changed, 1)] {
            var (stored, count) = (Observation?.none, 0)
            for turn in 0..<30 * 48 {
                var observation = try Self.observation(0, progress: 1, at: "2026-03-01T00:00:00Z")
                observation.snapshot = SHA256.digest([UInt8(turn & 255), UInt8(turn >> 8)])
                observation.capturedAt = start.advanced(byMilliseconds: Int64(turn) * 1_800_000)
                guard policy.recorded(observation, after: stored).result == .ok else { continue }
                (stored, count) = (observation, count + 1)
            }
            #expect(count == kept, "\(policy)")
        }
    }
}
