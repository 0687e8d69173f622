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
    /// The record of the last of them.
    public let entry: LogEntry
    /// The ref log with the record in it.
    public let log: RefLog

    /// What it brought; `stored` for a snapshot of which the past does not tell.
    public let outcome: Outcome
    /// The ok observation before it; nil where it cannot be read, too.
    public let previous: LogEntry?
    /// For a 404: when the board first listed the player, as far as the archive knows; nil where it never did.
    public let listedSince: Timestamp?
    /// Why the log before it cannot be read: the capture is kept all the same.
    public let pastFailure: ArchiveError?

    init(_ arrival: CaptureArrival, _ ending: CaptureArrival.Ending, entry: LogEntry, log: RefLog) {
        (target, attempts, self.ending) = (arrival.target, arrival.attempts, ending)
        (self.entry, self.log) = (entry, log)
        var (outcome, previous, failure) = (Outcome.stored, LogEntry?.none, ArchiveError?.none)
        var listedSince: Timestamp?
        do throws(ArchiveError) {
            outcome = try log.outcome(of: entry.row)
            previous = try log.success(before: entry.row)
            if outcome == .notFound { listedSince = try log.firstSuccess?.capturedAt }
        } catch {
            failure = error
        }
        (self.outcome, self.previous, self.listedSince) = (outcome, previous, listedSince)
        pastFailure = failure
    }
}
