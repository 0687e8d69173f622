public import Archive
public import CivilTime
public import Hiscores

/// How an account stands, for `status`.
public struct AccountReport: Sendable {
    /// The failures that go on since the last success.
    public struct Failures: Hashable, Sendable {
        /// How many captures; where `isCut`, at least so many.
        public let count: Int
        /// Whether there may be more.
        public let isCut: Bool
        /// The first of them.
        public let since: Timestamp

        /// Failures of given parts.
        public init(count: Int, isCut: Bool, since: Timestamp) {
            (self.count, self.isCut, self.since) = (count, isCut, since)
        }
    }

    /// The name to show.
    public var name: String
    /// The name under which the archive keeps the account.
    public var player: PlayerName
    /// A board's name, or `auto`.
    public var board: String
    /// The boards that count for it.
    public var boards: [Board]
    /// `ok`, `never`, `failing`, `gone` or `paused`.
    public var state: String
    /// Minutes between two captures.
    public var intervalMinutes: Int
    /// When it was last answered with a snapshot, be that kept or not.
    public var lastSuccess: Timestamp?
    /// The newest attempt.
    public var lastAttempt: Timestamp?
    /// The newest failure, whatever came after it, and its outcome.
    public var lastFailure: (entry: LogEntry, outcome: Outcome)?
    /// The failures that go on.
    public var failures: Failures?
    /// When it is due.
    public var due: Timestamp?
    /// Whether a whole interval went by without an answer that brought a snapshot.
    public var isOverdue: Bool

    /// A report of given parts.
    public init(
        name: String, player: PlayerName, board: String, boards: [Board], state: String, intervalMinutes: Int,
        lastSuccess: Timestamp?, lastAttempt: Timestamp?, lastFailure: (entry: LogEntry, outcome: Outcome)?,
        failures: Failures?, due: Timestamp?, isOverdue: Bool
    ) {
        (self.name, self.player, self.board, self.boards) = (name, player, board, boards)
        (self.state, self.intervalMinutes) = (state, intervalMinutes)
        (self.lastSuccess, self.lastAttempt, self.lastFailure) = (lastSuccess, lastAttempt, lastFailure)
        (self.failures, self.due, self.isOverdue) = (failures, due, isOverdue)
    }

    /// Whether the failures that go on are that no board lists the name.
    var isNotFound: Bool { failures != nil && lastFailure?.outcome == .notFound }

    /// What is wrong, in words; nil where nothing is: `not found 3 times since 2026-01-01 00:00:00 UTC (…)`.
    var problem: String? {
        guard let failures, let (entry, outcome) = lastFailure else { return nil }
        let often =
            failures.count == 1
            ? "once at" : "\(failures.isCut ? "at least " : "")\(Numbers.count(failures.count, "time")) since"
        let reason = entry.reason
        return "\(outcome.words) \(often) \(Times.moment(failures.since))" + (reason.isEmpty ? "" : " (\(reason))")
    }
}
