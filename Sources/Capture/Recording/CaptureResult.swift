public import Archive
public import CivilTime

/// What a run brought for one target, at its place in the log.
public struct CaptureResult {
    /// What was asked for.
    public let target: CaptureTarget
    /// Requests sent for it in the run.
    public let attempts: Int
    /// How it ended.
    public let ending: CaptureArrival.Ending
    /// Before when the service asks not to be asked, where it said so.
    public var earliest: Timestamp? {
        if case .comeBack(let moment) = ending { moment } else { nil }
    }
    /// Bytes in the body of the last answer.
    public let answerBytes: Int
    /// The record of the last of them.
    public let entry: LogEntry
    /// The ref log with the record in it.
    public let log: RefLog

    /// What it brought; `stored` for a snapshot of which the past does not tell.
    public let outcome: Outcome
    /// When the board last served the account, this time included; nil where it never did, or the past cannot be read.
    public let lastSuccess: Timestamp?
    /// The ok observation before it; nil where it cannot be read, too.
    public let previous: LogEntry?
    /// For a 404: when the board first listed the player, as far as the archive knows; nil where it never did.
    public let listedSince: Timestamp?
    /// Why the log before it cannot be read: the capture is kept all the same.
    public let pastFailure: ArchiveError?

    init(_ answer: GatheredAnswer, _ ending: CaptureArrival.Ending, entry: LogEntry, log: RefLog) {
        (target, attempts, self.ending) = (answer.target, answer.attempts, ending)
        (self.entry, self.log, answerBytes) = (entry, log, answer.answerBytes)
        var (outcome, previous, failure) = (Outcome.stored, LogEntry?.none, ArchiveError?.none)
        var (listedSince, lastSuccess) = (Timestamp?.none, Timestamp?.none)
        do throws(ArchiveError) {
            outcome = try log.outcome(of: entry.row)
            previous = try log.success(before: entry.row)
            lastSuccess = try log.lastServed?.capturedAt
            if outcome == .notFound { listedSince = try log.firstSuccess?.capturedAt }
        } catch {
            failure = error
        }
        (self.outcome, self.previous, self.listedSince) = (outcome, previous, listedSince)
        self.lastSuccess = lastSuccess
        pastFailure = failure
    }
}
