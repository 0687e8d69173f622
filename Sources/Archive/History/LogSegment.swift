/// A run of one player's observations on one board in the order of the log, as one source has it.
///
/// What is no function is known without loading anything. What a source has loaded it keeps as long as it can afford to;
/// a ref log asks again. Throws where the source cannot read what it promised.
protocol LogSegment: AnyObject {
    /// How many observations; never 0.
    var count: Int { get }
    /// How many of them are ok.
    var successCount: Int { get }
    /// Where its first and its last observation stand.
    var bounds: ClosedRange<LogPoint> { get }
    /// The distinct snapshots whose first observation in this log, by sequence number, is in this segment. Summed over
    /// all segments of a log it is the number of distinct snapshots of the log.
    var newSnapshots: Int { get }

    /// All rows, in order.
    func rows() throws(ArchiveError) -> [LogRow]

    /// The whole observation of a row. Its ids may cost a decode and two SHA-256.
    func entry(at index: Int) throws(ArchiveError) -> LogEntry

    /// The display name that an observation carries; cheaper than the whole of it.
    func displayName(at index: Int) throws(ArchiveError) -> String?

    /// Whether an ok row has the same document as the ok row before it in this segment: no ids are computed for that.
    /// Nil for the first ok row, of which the segment alone cannot say.
    func repeatsDocument(at index: Int) throws(ArchiveError) -> Bool?
}
