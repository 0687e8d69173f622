public import Archive
public import CivilTime
public import Hiscores

/// How an account stands: when it was captured, when it is due, and what is wrong.
public struct AccountStatus: Sendable {
    /// The account.
    public struct Account: Hashable, Sendable {
        /// The name as the list has it.
        public let name: String
        /// The name under which the archive keeps it.
        public let player: PlayerName
        /// The board.
        public let board: BoardChoice
        /// Minutes between two captures.
        public let intervalMinutes: Int
        /// Whether it is left out for now.
        public let isPaused: Bool

        /// An account of given parts.
        public init(name: String, player: PlayerName, board: BoardChoice, intervalMinutes: Int, isPaused: Bool = false)
        {
            (self.name, self.player, self.board) = (name, player, board)
            (self.intervalMinutes, self.isPaused) = (intervalMinutes, isPaused)
        }

        /// The account of an entry.
        public init(_ entry: AccountEntry, defaultIntervalMinutes: Int) {
            self.init(
                name: entry.displayName ?? entry.name, player: entry.player,
                board: entry.board.map { .board($0) } ?? .auto,
                intervalMinutes: entry.intervalMinutes ?? defaultIntervalMinutes, isPaused: entry.isPaused)
        }
    }

    /// In one word.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// The newest attempt on every board of it brought a snapshot.
        case ok
        /// Never tried.
        case never
        /// The newest attempt failed.
        case failing
        /// It is not on the hiscores any more, see `FailureStreak.isGone`.
        case gone
        /// Left out for now.
        case paused
    }

    /// The account.
    public let account: Account
    /// The boards that count for it.
    public let boards: [Board]
    /// When a board of it was last answered with a snapshot, be its document kept or not.
    public let lastSuccess: Timestamp?
    /// The newest attempt.
    public let lastAttempt: Timestamp?
    /// The newest failure, whatever came after it.
    public let lastFailure: LogEntry?
    /// The failures that go on, on the board where most failed in a row.
    public let streak: FailureStreak?
    /// When it is due; nil while it is paused.
    public let due: Timestamp?
    /// Whether a whole interval went by without an answer that brought a snapshot. Never while it is paused or was never tried.
    public let isOverdue: Bool
    /// In one word.
    public let state: State

    /// How an account stands in a history. The newest rows of its logs are read.
    ///
    /// Of an account whose board is to be found out those of main, ironman, hardcore and ultimate count that have ever
    /// shown it; where none has, all that were asked. A 404 of another board says nothing but that it is no account of
    /// that kind.
    public init(_ account: Account, in history: History, now: Timestamp) throws(ArchiveError) {
        self.account = account
        let schedule = AccountSchedule(
            intervalMinutes: account.intervalMinutes, player: account.player, board: account.board)
        // What a clock that was ahead wrote down does not count, see `AccountSchedule`.
        let end = schedule.slot(at: now).upperBound
        var (success, attempt, first) = (Timestamp?.none, Timestamp?.none, Timestamp?.none)
        var failure: (log: RefLog, row: LogRow)?
        var streaks: [FailureStreak] = []
        let logs = try Self.logs(of: account, in: history)
        for log in logs {
            if let row = try Self.newestServed(log, until: end) {
                success = max(success ?? .earliest, row.capturedAt)
            }
            if let row = try Self.newest(log, until: end) {
                attempt = max(attempt ?? .earliest, row.capturedAt)
                first = min(first ?? .latest, log.bounds?.lowerBound.capturedAt ?? row.capturedAt)
            }
            if let row = try log.lastFailure, row.capturedAt <= end, failure.map({ $0.row.point < row.point }) ?? true {
                failure = (log, row)
            }
            if let streak = try FailureStreak(log, until: end) { streaks.append(streak) }
        }
        boards = logs.map(\.board)
        (lastSuccess, lastAttempt) = (success, attempt)
        streak = streaks.max { $0.count < $1.count }
        // Where a clock that was ahead wrote down the newest failure, that of the streak is the one that counts.
        lastFailure =
            try failure.map { (found) throws(ArchiveError) in try found.log.entry(of: found.row) } ?? streak?.last
        due = account.isPaused ? nil : schedule.due(lastAttempt: attempt, now: now)
        isOverdue =
            !account.isPaused && (success ?? first).map { schedule.isOverdue(lastSuccess: $0, now: now) } ?? false
        state =
            if account.isPaused {
                .paused
            } else if attempt == nil {
                .never
            } else if streaks.isEmpty {
                .ok
            } else if streaks.count == logs.count, streaks.allSatisfy(\.isGone) {
                .gone
            } else {
                .failing
            }
    }

    private static func logs(of account: Account, in history: History) throws(ArchiveError) -> [RefLog] {
        if let board = account.board.board { return try history.log(account.player, board).map { [$0] } ?? [] }
        var all = try history.logs(of: account.player)
        let permanent = all.filter { [.main, .ironman, .hardcoreIronman, .ultimate].contains($0.board) }
        if !permanent.isEmpty { all = permanent }
        let successful = all.filter { $0.successCount > 0 }
        return successful.isEmpty ? all : successful
    }

    // Mostly nothing lies in the future: then nothing need be loaded.

    /// The newest row that is not after `until`.
    private static func newest(_ log: RefLog, until: Timestamp) throws(ArchiveError) -> LogRow? {
        if let newest = try log.last, newest.capturedAt <= until { return newest }
        var rows = log.rows(.newestFirst, failures: true, until: until)
        return try rows.next()
    }

    /// The newest row not after `until` that brought a snapshot.
    private static func newestServed(_ log: RefLog, until: Timestamp) throws(ArchiveError) -> LogRow? {
        if let newest = try log.lastServed, newest.capturedAt <= until { return newest }
        var rows = log.servedRows(.newestFirst, until: until)
        return try rows.next()
    }
}
