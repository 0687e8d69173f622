public import Archive
public import CivilTime

/// The failures since the last success of one account on one board.
public struct FailureStreak: Hashable, Sendable {
    /// How many captures failed in a row, however many requests each of them sent; where `isCut`, at least so many.
    public let count: Int
    /// Whether there may be more before `since`: no more than `limit` attempts are looked at.
    public let isCut: Bool
    /// The first attempt of them.
    public let since: Timestamp
    /// The newest attempt of them, whole.
    public let last: LogEntry
    /// How many of the newest attempts are 404 without another result between.
    public let notFoundCount: Int
    /// The first of those; where there is none, the newest failure.
    public let notFoundSince: Timestamp

    /// How many attempts that failed are looked at.
    public static let limit = 1000

    /// The failures behind the last success of a log, none of them after `until`; nil where the newest attempt brought a
    /// snapshot, be its document kept or not.
    public init?(_ log: RefLog, until: Timestamp) throws(ArchiveError) {
        var rows = log.rows(.newestFirst, failures: true, until: until)
        guard let newest = try rows.next(), !newest.result.isServed else { return nil }
        last = try log.entry(of: newest)
        var later = last.observation
        var (attempts, captures, since) = (1, 1, newest.capturedAt)
        var (notFoundCount, notFoundSince) = (newest.result == .notFound ? 1 : 0, newest.capturedAt)
        while attempts < Self.limit, let row = try rows.next(), !row.result.isServed {
            let earlier = try log.entry(of: row).observation
            if !earlier.isOfSameCapture(as: later) { captures += 1 }
            if row.result == .notFound, notFoundCount == attempts {
                (notFoundCount, notFoundSince) = (attempts + 1, row.capturedAt)
            }
            (attempts, since, later) = (attempts + 1, row.capturedAt, earlier)
        }
        (count, self.since) = (captures, since)
        (self.notFoundCount, self.notFoundSince) = (notFoundCount, notFoundSince)
        isCut = attempts == Self.limit
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

extension Observation {
    /// Whether this attempt and the next one of the log are of one capture: attempts of a capture are counted from 1, and
    /// what was given up for want of an answer bears the number of the last request.
    fileprivate func isOfSameCapture(as later: Observation) -> Bool {
        guard let run = evidence.run, run == later.evidence.run, let attempt = evidence.attempt,
            let laterAttempt = later.evidence.attempt
        else { return false }
        let isRequest = later.evidence.latencyMilliseconds != nil
        return attempt > 0 && (attempt < laterAttempt || attempt == laterAttempt && !isRequest)
    }
}
