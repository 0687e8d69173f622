import Archive
import Capture
import CivilTime
import Hiscores
import ObjectStore
import Testing

@Suite("How an account stands")
struct AccountStatusTests {
    private static let start = Timestamp(rfc3339: "2026-03-01T00:00:00Z") ?? .earliest

    private let archive: Archive
    private let player: PlayerName

    init() throws {
        let id = try #require(ArchiveID(bytes: [UInt8](repeating: 7, count: ArchiveID.byteCount)))
        archive = try Archive.create(
            in: MemoryStorage(), id: id, createdAt: Self.start, lockTimeout: LockTimeout(milliseconds: 0))
        player = try #require(PlayerName(normalising: "Zezima"))
    }

    private func moment(_ minutes: Int) -> Timestamp { Self.start.advanced(byMilliseconds: Int64(minutes) * 60_000) }

    /// Adds an attempt so many minutes after the start.
    private func attempt(_ minutes: Int, _ result: Observation.Result, on board: Board = .main) throws {
        let document = Array(#"{"activities":[],"skills":[]}"#.utf8)
        let id = result == .ok || result == .ranksOnly ? SHA256.digest(document) : nil
        let observation = Observation(
            board: board, player: player, displayName: "Zezima", capturedAt: moment(minutes), result: result,
            snapshot: id, progress: id,
            evidence: Evidence(httpStatus: 404, error: id != nil ? nil : "said \(minutes)"))
        var batch = Batch()
        batch.add(observation, document: result == .ok ? document : nil)
        try archive.commit(batch, lockTimeout: LockTimeout(milliseconds: 0))
    }

    private func status(
        _ minutes: Int, board: BoardChoice = .board(.main), interval: Int = 60, isPaused: Bool = false
    ) throws -> AccountStatus {
        try AccountStatus(
            AccountStatus.Account(
                name: "Zezima", player: player, board: board, intervalMinutes: interval, isPaused: isPaused),
            in: archive.history, now: moment(minutes))
    }

    @Test("never tried: due now, and not overdue")
    func never() throws {
        let status = try status(10)
        #expect(status.state == .never && status.due == moment(10) && !status.isOverdue)
        #expect(status.boards.isEmpty && status.lastSuccess == nil && status.lastAttempt == nil && status.streak == nil)
    }

    @Test("captured: due at the next slot; a failure of the past is told, and is no streak")
    func captured() throws {
        try attempt(0, .unavailable)
        try attempt(1, .ok)
        let status = try status(2)
        #expect(status.state == .ok && status.lastSuccess == moment(1) && status.lastAttempt == moment(1))
        #expect(status.lastFailure?.observation.capturedAt == moment(0) && status.streak == nil)
        let due = try #require(status.due)
        #expect(due > moment(2) && due <= moment(62))
        #expect(try !self.status(60).isOverdue)
        #expect(try self.status(1 + 121).isOverdue)
    }

    @Test("an answer that differed in ranks alone is a success, and ends a streak")
    func ranksOnly() throws {
        try attempt(0, .ok)
        try attempt(61, .unavailable)
        try attempt(121, .ranksOnly)
        try attempt(241, .ranksOnly)
        let status = try status(242)
        #expect(status.state == .ok && status.lastSuccess == moment(241) && status.streak == nil && !status.isOverdue)
        #expect(status.lastFailure?.observation.capturedAt == moment(61))
    }

    @Test("failing: the streak counts from the first failure behind the success, and the newest says why")
    func failing() throws {
        try attempt(0, .notFound)
        try attempt(1, .ok)
        try attempt(61, .unavailable)
        try attempt(121, .throttled)
        try attempt(181, .unavailable)
        let status = try status(182)
        #expect(status.state == .failing && status.isOverdue && status.lastAttempt == moment(181))
        let streak = try #require(status.streak)
        #expect(streak.count == 3 && !streak.isCut && streak.since == moment(61))
        #expect(streak.last.observation.evidence.error == "said 181")
        #expect(streak.notFoundCount == 0 && !streak.isGone)
        // Tried in each slot, so it is due at the next one, though no snapshot came.
        #expect(try #require(status.due) > moment(182))
    }

    @Test("a capture that failed counts once, however many requests it sent")
    func captures() throws {
        func attempt(_ minutes: Int, run: String, _ number: Int, latency: Int? = 5) throws {
            var batch = Batch()
            batch.add(
                Observation(
                    board: .main, player: player, displayName: "Zezima", capturedAt: moment(minutes),
                    result: .unavailable,
                    evidence: Evidence(latencyMilliseconds: latency, attempt: number, run: run)), document: nil)
            try archive.commit(batch, lockTimeout: LockTimeout(milliseconds: 0))
        }
        for number in 1...5 { try attempt(number, run: "a", number) }
        // Given up after two requests; then not asked at all, twice.
        for number in 1...2 { try attempt(10 + number, run: "b", number) }
        try attempt(13, run: "b", 2, latency: nil)
        for minutes in [20, 30] { try attempt(minutes, run: "b", 0, latency: nil) }
        // A watch has one run.
        try attempt(40, run: "b", 1)
        try attempt(50, run: "b", 1)
        try attempt(51, run: "b", 2)
        #expect(try status(60).streak?.count == 6)
    }

    @Test("gone only after three 404 in a row over fifteen minutes, and nothing but 404")
    func gone() throws {
        try attempt(0, .ok)
        for minutes in [60, 65, 74] { try attempt(minutes, .notFound) }
        #expect(try status(80).state == .failing)
        try attempt(75, .notFound)
        #expect(try status(80).state == .gone)
        try attempt(76, .unavailable)
        #expect(try status(80).state == .failing)
        for minutes in [90, 106] { try attempt(minutes, .notFound) }
        #expect(try status(110).state == .failing)
        try attempt(107, .notFound)
        let status = try status(110)
        #expect(status.state == .gone)
        #expect(status.streak?.count == 8 && status.streak?.notFoundCount == 3)
        try attempt(111, .ok)
        #expect(try self.status(112).state == .ok)
    }

    @Test("of an account whose board is found out, boards that never showed it do not count")
    func auto() throws {
        try attempt(0, .notFound, on: .ultimate)
        try attempt(1, .notFound)
        #expect(try status(2, board: .auto).boards == [.main, .ultimate])
        #expect(try status(2, board: .auto).state == .failing)
        try attempt(3, .ok)
        try attempt(4, .ok, on: .ironman)
        try attempt(5, .notFound, on: .ultimate)
        try attempt(6, .unavailable, on: .seasonal)
        var status = try status(7, board: .auto)
        #expect(status.state == .ok && status.boards == [.main, .ironman] && status.lastSuccess == moment(4))
        for minutes in [10, 20, 30] { try attempt(minutes, .notFound, on: .ironman) }
        status = try self.status(31, board: .auto)
        // The main board still shows it.
        #expect(status.state == .failing && status.streak?.last.observation.board == .ironman)
        #expect(try self.status(31, board: .board(.seasonal)).state == .failing)
    }

    @Test("paused: neither due nor overdue")
    func paused() throws {
        try attempt(0, .ok)
        let status = try status(100_000, isPaused: true)
        #expect(status.state == .paused && status.due == nil && !status.isOverdue)
        #expect(status.lastSuccess == moment(0))
    }

    @Test("never a snapshot: overdue once an interval went by since the first attempt")
    func neverOk() throws {
        try attempt(0, .unavailable)
        #expect(try !status(1).isOverdue)
        try attempt(121, .unavailable)
        #expect(try status(122).isOverdue)
    }

    @Test("what a clock that was ahead wrote down neither stalls the account nor hides that it is overdue")
    func future() throws {
        try attempt(0, .ok)
        try attempt(100_000, .ok)
        let status = try status(200)
        #expect(status.lastSuccess == moment(0) && status.isOverdue)
        #expect(try #require(status.due) <= moment(200))
    }

    @Test("only so many failures are looked at")
    func cut() throws {
        var batch = Batch()
        for minutes in 0..<(FailureStreak.limit + 5) {
            batch.add(
                Observation(
                    board: .main, player: player, displayName: nil, capturedAt: moment(minutes), result: .unavailable),
                document: nil)
        }
        try archive.commit(batch, lockTimeout: LockTimeout(milliseconds: 0))
        let streak = try #require(try status(FailureStreak.limit + 5).streak)
        #expect(streak.isCut && streak.count == FailureStreak.limit && streak.since == moment(5))
    }
}
