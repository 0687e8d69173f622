public import Archive
public import CivilTime

/// The failures since the last success of one account on one board.
public struct FailureStreak: Hashable, Sendable {
    /// How many there are; where `isCut`, at least so many.
    public let count: Int
    /// Whether there may be more before `since`: no more than `limit` are looked at.
    public let isCut: Bool
    /// The first of them.
    public let since: Timestamp
    /// The newest of them, whole.
    public let last: LogEntry
    /// How many of the newest ones are 404 without another result between.
    public let notFoundCount: Int
    /// The first of those; where there is none, the newest failure.
    public let notFoundSince: Timestamp

    /// How many failures are looked at.
    public static let limit = 1000

    /// The failures behind the last success of a log, none of them after `until`; nil where the newest observation is ok.
    public init?(_ log: RefLog, until: Timestamp) throws(ArchiveError) {
        var rows = log.rows(.newestFirst, failures: true, until: until)
        guard let newest = try rows.next(), newest.result != .ok else { return nil }
        var (count, since) = (1, newest.capturedAt)
        var (notFoundCount, notFoundSince) = (newest.result == .notFound ? 1 : 0, newest.capturedAt)
        while count < Self.limit, let row = try rows.next(), row.result != .ok {
            if row.result == .notFound, notFoundCount == count {
                (notFoundCount, notFoundSince) = (count + 1, row.capturedAt)
            }
            (count, since) = (count + 1, row.capturedAt)
        }
        (self.count, self.since) = (count, since)
        (self.notFoundCount, self.notFoundSince) = (notFoundCount, notFoundSince)
        isCut = count == Self.limit
        last = try log.entry(of: newest)
    }

    /// How many 404 in a row it takes before a player is called gone.
    public static let goneAttempts = 3
    /// Over how long they must spread, in milliseconds: the service answers 404 for players it has, for minutes (Wise Old
    /// Man asks again after 1, 2, 4 and 8 minutes).
    public static let goneSpan: Int64 = 15 * 60_000

    /// Whether the board has lost the player: at least three answers in a row were 404, the first and the last of them at
    /// least 15 minutes apart, and nothing was ok since.
    public var isGone: Bool {
        notFoundCount >= Self.goneAttempts
            && last.observation.capturedAt.milliseconds(since: notFoundSince) >= Self.goneSpan
    }
}
