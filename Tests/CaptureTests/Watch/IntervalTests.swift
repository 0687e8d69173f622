import Capture
import CivilTime
import Hiscores
import HiscoresClient
import Testing

/// The list of a watch over the queue of an engine, in virtual time: no threads, no waiting.
@Suite("Every interval of every account has a record")
struct IntervalTests {
    private static let start = Timestamp(rfc3339: "2026-03-01T00:00:00Z") ?? .earliest

    /// What the service does while it is out.
    enum Outage: CaseIterable {
        case redirects, fails, asksForPatience, hangs

        var answer: (AnswerVerdict, Duration) {
            switch self {
            case .redirects: (.redirect, .milliseconds(80))
            case .fails: (.failure, .milliseconds(80))
            case .asksForPatience: (.wait(7200), .milliseconds(80))
            case .hangs: (.failure, .seconds(30))
            }
        }
    }

    private static func moment(_ time: Duration) -> Timestamp {
        start.advanced(byMilliseconds: time.roundedUpToMilliseconds)
    }

    /// Captures the accounts, each every so many minutes, for so many hours, in all but the first and the last of which the
    /// service is out; gives the intervals without a record, but for the one that it began in.
    private static func uncovered(
        _ accounts: [(account: CaptureAccount, intervalMinutes: Int)], hours: Int64, _ outage: Outage
    ) throws -> [String] {
        var service = VirtualService(CapturePolicy(outage: .init(patience: nil)))
        var list = WatchList()
        list.replace(with: accounts, at: start) { _, _ in nil }
        for second in 0..<hours * 3600 {
            let waiting = Set(service.queue.places.map(\.target.player))
            for due in list.takeDue(at: moment(service.now), unless: { waiting.contains($0.player) }) {
                let left = due.deadline.milliseconds(since: moment(service.now))
                try service.add([due.account.name], by: service.now + .milliseconds(left))
            }
            service.run(until: .seconds(second + 1)) { visit, random in
                guard visit.start > .seconds(3600), visit.start < .seconds((hours - 1) * 3600) else {
                    return Int.random(in: 0..<10, using: &random) < 3
                        ? (.failure, .milliseconds(80)) : (.answer, .milliseconds(80))
                }
                return outage.answer
            }
        }
        return accounts.flatMap { (account, minutes) -> [String] in
            let schedule = AccountSchedule(intervalMinutes: minutes, player: account.player, board: account.board)
            let covered = Set(service.records[account.player.key, default: []].map { schedule.slot(at: moment($0)) })
            var missing: [String] = []
            var slot = schedule.slot(at: schedule.slot(at: start).upperBound.advanced(byMilliseconds: 1))
            while slot.upperBound < moment(service.now) {
                if !covered.contains(slot) { missing.append("\(account.name) from \(slot.lowerBound)") }
                slot = schedule.slot(at: slot.upperBound.advanced(byMilliseconds: 1))
            }
            return missing
        }
    }

    @Test("through an outage of hours, whatever the service does meanwhile", arguments: Outage.allCases)
    func outage(_ outage: Outage) throws {
        let accounts = try (0..<150).map { number in
            (
                account: try CaptureAccount(name: "p\(number)", board: .board(.main)),
                intervalMinutes: [5, 30, 30, 60, 120, 1440][number % 6]
            )
        }
        #expect(try Self.uncovered(accounts, hours: 6, outage).isEmpty)
    }

    @Test("even where the intervals need more requests than the pace allows")
    func overload() throws {
        let accounts = try (0..<200).map { number in
            (account: try CaptureAccount(name: "p\(number)", board: .board(.main)), intervalMinutes: 2)
        }
        #expect(try Self.uncovered(accounts, hours: 3, .redirects).isEmpty)
    }
}
