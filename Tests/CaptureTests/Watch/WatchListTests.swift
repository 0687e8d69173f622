import Capture
import CivilTime
import Hiscores
import Testing

@Suite("The accounts that are watched")
struct WatchListTests {
    private static let start = Timestamp(rfc3339: "2026-03-01T00:00:00Z") ?? .earliest
    private static let minute: Int64 = 60_000

    private static func accounts(_ names: [String], every minutes: Int = 30) throws -> [(CaptureAccount, Int)] {
        try names.map { (try CaptureAccount(name: $0, board: .board(.main)), minutes) }
    }

    private static func list(_ names: [String], every minutes: Int = 30, last: Timestamp? = nil) throws -> WatchList {
        var list = WatchList()
        list.replace(with: try accounts(names, every: minutes), at: start) { _, _ in last }
        return list
    }

    @Test("who was never tried is due at once, once, and then in each slot of its own")
    func everySlotOnce() throws {
        var list = try Self.list(["a", "b", "c"])
        #expect(list.takeDue(at: Self.start).count == 3)
        #expect(list.takeDue(at: Self.start).isEmpty)
        var taken: [String: Int] = [:]
        for step in 1...(24 * 60) {
            for due in list.takeDue(at: Self.start.advanced(byMilliseconds: Int64(step) * Self.minute)) {
                taken[due.account.name, default: 0] += 1
            }
        }
        #expect(taken.values.allSatisfy { $0 == 48 }, "\(taken)")
    }

    @Test("downtime is made up for by one capture, not by one for each slot; who waits longest goes first")
    func noBurst() throws {
        var list = try Self.list(["a", "b"], last: Self.start)
        let later = Self.start.advanced(byMilliseconds: 3 * 24 * 60 * Self.minute)
        #expect(list.takeDue(at: later).count == 2)
        #expect(list.takeDue(at: later).isEmpty)
        list.replace(
            with: try Self.accounts(["hourly"], every: 60) + Self.accounts(["daily"], every: 1440), at: later
        ) { account, _ in account.name == "daily" ? Self.start : later.advanced(byMilliseconds: -90 * Self.minute) }
        #expect(list.takeDue(at: later).map(\.account.name) == ["daily", "hourly"])
    }

    @Test("who is being asked about stays due: the answer may belong to the interval before")
    func busy() throws {
        var list = try Self.list(["a", "b"], last: Self.start)
        let later = Self.start.advanced(byMilliseconds: 60 * Self.minute)
        #expect(list.takeDue(at: later) { $0.name == "a" }.map(\.account.name) == ["b"])
        #expect(list.nextDue(at: later) { $0.name == "a" }.map { $0 > later } == true)
        #expect(list.nextDue(at: later) { _ in true } == nil)
        #expect(list.takeDue(at: later).map(\.account.name) == ["a"])
    }

    @Test("a clock that goes backwards stalls nobody for longer than an interval, and nobody is taken over and over")
    func backwards() throws {
        var list = try Self.list(["a"])
        _ = list.takeDue(at: Self.start)
        let earlier = Self.start.advanced(byMilliseconds: -10 * 24 * 60 * Self.minute)
        var taken = 0
        for step in 0..<120 {
            taken += list.takeDue(at: earlier.advanced(byMilliseconds: Int64(step) * Self.minute)).count
        }
        #expect((4...5).contains(taken))
    }

    @Test("another list: who stays goes on, who is new is asked about, the first of two that are the same counts")
    func replaced() throws {
        var list = try Self.list(["a", "b"])
        _ = list.takeDue(at: Self.start)
        var asked: [String] = []
        list.replace(with: try Self.accounts(["B", "c", "C "]), at: Self.start) { account, _ in
            asked.append(account.name)
            return nil
        }
        #expect(list.count == 2 && asked == ["c"])
        #expect(list.takeDue(at: Self.start).map(\.account.name) == ["c"])
        #expect(list.nextDue(at: Self.start).map { $0 > Self.start } == true)
        #expect(WatchList().nextDue(at: Self.start) == nil)
    }
}
