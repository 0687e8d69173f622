import Capture
import CivilTime
import Hiscores
import TestSupport
import Testing

@Suite("When accounts are due")
struct AccountScheduleTests {
    private static let minute: Int64 = 60_000
    private static let hour = 60 * minute
    private static let noon = Timestamp(rfc3339: "2026-03-01T12:00:00Z") ?? .earliest

    private static func player(_ number: Int) throws -> PlayerName {
        try #require(PlayerName(normalising: "player \(number)"))
    }

    @Test("slots are as long as the interval, tile time, and hold the moment that was asked for")
    func slots() throws {
        for (minutes, seed) in [(1, 0), (30, 7), (1440, 99_999_999), (525_600, .max)] as [(Int, UInt64)] {
            let schedule = AccountSchedule(intervalMinutes: minutes, seed: seed)
            #expect(schedule.interval == Int64(minutes) * Self.minute)
            for moment in [
                Self.noon, Timestamp(millisecondsSinceEpoch: 0) ?? .earliest,
                Timestamp(millisecondsSinceEpoch: -1) ?? .earliest,
            ] {
                let slot = schedule.slot(at: moment)
                #expect(slot.contains(moment))
                #expect(slot.upperBound.milliseconds(since: slot.lowerBound) == schedule.interval - 1)
                let next = schedule.slot(at: slot.upperBound.advanced(byMilliseconds: 1))
                #expect(next.lowerBound == slot.upperBound.advanced(byMilliseconds: 1))
                #expect(schedule.slot(at: slot.lowerBound) == slot && schedule.slot(at: slot.upperBound) == slot)
            }
        }
        // The ends of the calendar do not trap.
        let year = AccountSchedule(intervalMinutes: 525_600, seed: 3)
        for moment in [Timestamp.earliest, .latest] {
            _ = year.due(lastAttempt: moment, now: moment)
            _ = year.isOverdue(lastSuccess: moment, now: .latest)
        }
    }

    @Test(
        "due now where it was never tried; at the next slot where this one has an attempt; in the past where it is late"
    )
    func due() {
        let schedule = AccountSchedule(intervalMinutes: 60, seed: 0)
        #expect(schedule.due(lastAttempt: nil, now: Self.noon) == Self.noon)
        let now = Self.noon.advanced(byMilliseconds: 10 * Self.minute)
        #expect(
            schedule.due(lastAttempt: Self.noon, now: now) == Self.noon.advanced(byMilliseconds: Self.hour))
        #expect(
            schedule.due(lastAttempt: Self.noon.advanced(byMilliseconds: -1), now: now) == Self.noon)
        #expect(
            schedule.due(lastAttempt: Self.noon.advanced(byMilliseconds: -5 * Self.hour), now: now)
                == Self.noon.advanced(byMilliseconds: -4 * Self.hour))
    }

    @Test("a capture is asked for so early that its answer still lies in the slot, however little of it is left")
    func deadline() {
        for minutes in [1, 30, 1440] {
            let schedule = AccountSchedule(intervalMinutes: minutes, seed: 12_345)
            let slot = schedule.slot(at: Self.noon)
            #expect(slot.upperBound.milliseconds(since: schedule.deadline(at: slot.lowerBound)) >= 29_999)
            for left in [0, 1, 2, 9000] as [Int64] {
                let moment = slot.upperBound.advanced(byMilliseconds: -left)
                let deadline = schedule.deadline(at: moment)
                #expect((moment...slot.upperBound).contains(deadline))
                #expect(deadline.milliseconds(since: moment) == left - left / 2)
            }
        }
        _ = AccountSchedule(intervalMinutes: 525_600, seed: 3).deadline(at: .latest)
    }

    @Test("what was slept through is made up for by one capture, and the accounts do not stay in a bunch")
    func catchingUp() throws {
        let woken = Self.noon.advanced(byMilliseconds: 72 * Self.hour)
        var next: [Int64] = []
        for number in 0..<500 {
            let schedule = AccountSchedule(intervalMinutes: 1440, player: try Self.player(number), board: .auto)
            #expect(schedule.due(lastAttempt: Self.noon, now: woken) <= woken)
            let captured = woken.advanced(byMilliseconds: Int64(number) * 1000)
            let due = schedule.due(lastAttempt: captured, now: captured)
            #expect(due > captured && due.milliseconds(since: captured) <= 24 * Self.hour)
            next.append(due.milliseconds(since: woken) / Self.hour)
        }
        // Spread over the day: no hour has more than a multiple of its share.
        let busiest = Dictionary(grouping: next) { $0 }.values.map(\.count).max() ?? 0
        #expect(busiest < 60, "\(busiest) of 500 accounts in one hour")
    }

    @Test(
        "a clock that goes backwards stalls nobody for longer than one interval, nor has anybody captured over and over"
    )
    func clockGoesBackwards() {
        let schedule = AccountSchedule(intervalMinutes: 60, seed: 12_345)
        var random = SeededRandom(seed: 20_260_301)
        for _ in 0..<500 {
            let back = Int64.random(in: 0...(200 * Self.hour), using: &random)
            let last = Self.noon.advanced(byMilliseconds: Int64.random(in: 0..<Self.hour, using: &random))
            let now = last.advanced(byMilliseconds: -back)
            let due = schedule.due(lastAttempt: last, now: now)
            #expect(due.milliseconds(since: now) <= Self.hour, "seed 20260301: \(last) seen at \(now)")
            // Captured then, it waits for the next slot.
            let moment = max(due, now)
            #expect(schedule.due(lastAttempt: moment, now: moment) > moment)
        }
        // Set back a little within the slot: it is not captured again.
        let slot = schedule.slot(at: Self.noon)
        let last = slot.lowerBound.advanced(byMilliseconds: 1000)
        #expect(
            schedule.due(lastAttempt: last, now: slot.lowerBound) == slot.upperBound.advanced(byMilliseconds: 1))
    }

    @Test("overdue once a whole interval went by without a snapshot, not before")
    func overdue() {
        let schedule = AccountSchedule(intervalMinutes: 60, seed: 0)
        let last = Self.noon.advanced(byMilliseconds: 5 * Self.minute)
        func isOverdue(_ minutes: Int64) -> Bool {
            schedule.isOverdue(lastSuccess: last, now: Self.noon.advanced(byMilliseconds: minutes * Self.minute))
        }
        #expect(!isOverdue(5) && !isOverdue(60) && !isOverdue(119))
        #expect(isOverdue(120) && isOverdue(100_000))
        #expect(!schedule.isOverdue(lastSuccess: last, now: Self.noon.advanced(byMilliseconds: -9 * Self.hour)))
    }

    @Test("who captures at every due time has an attempt in each slot, however long captures take")
    func noDrift() throws {
        var random = SeededRandom(seed: 42)
        for number in 0..<20 {
            let schedule = AccountSchedule(intervalMinutes: 30, player: try Self.player(number), board: .board(.main))
            var now = Self.noon
            var last: Timestamp?
            var attempts: [Timestamp] = []
            while now.milliseconds(since: Self.noon) < 30 * 24 * Self.hour {
                now = max(now, schedule.due(lastAttempt: last, now: now))
                now = now.advanced(byMilliseconds: Int64.random(in: 1...(5 * Self.minute), using: &random))
                last = now
                attempts.append(now)
            }
            for (one, next) in zip(attempts, attempts.dropFirst()) {
                let (slot, following) = (schedule.slot(at: one), schedule.slot(at: next))
                #expect(
                    following.lowerBound == slot.upperBound.advanced(byMilliseconds: 1), "seed 42, account \(number)")
            }
        }
    }
}

@Suite("The load of all accounts")
struct CaptureLoadTests {
    @Test("what the intervals need against what the pace allows")
    func load() throws {
        let list = try AccountsFile(
            parsing: Array(
                #"[{"name":"a","interval_minutes":1},{"name":"b"},{"name":"c","interval_minutes":1,"paused":true}]"#
                    .utf8),
            path: "x")
        let load = CaptureLoad(list.entries, defaultIntervalMinutes: 2, pacePerSecond: 1)
        #expect(load.needed == 1.5 && load.allowed == 60 && !load.isTooMuch)
        let exact = CaptureLoad([(boards: 4, intervalMinutes: 1), (boards: 2, intervalMinutes: 1)], pacePerSecond: 0.1)
        #expect(exact.needed == 6 && !exact.isTooMuch)
        let much = CaptureLoad((0..<2000).map { _ in (boards: 1, intervalMinutes: 30) }, pacePerSecond: 1)
        #expect(much.isTooMuch)
        #expect(much.warning.contains("66.7 requests a minute") && much.warning.contains("allows 60:"))
        #expect(!CaptureLoad([], defaultIntervalMinutes: 1, pacePerSecond: 1).isTooMuch)
    }
}
