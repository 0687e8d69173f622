import Hiscores
import ObjectStore

/// A contiguous range of the sequence, and what its records say: the journal, or what seals an earlier range.
///
/// What throws may load; the rest is known when the source is opened.
protocol HistorySource: AnyObject {
    /// Observations in this range.
    var observationCount: Int { get }
    /// Distinct snapshots whose first observation of all, by sequence number, is in this range.
    var newSnapshots: Int { get }
    /// The last record of each tag in this range, by name; those that delete it, too.
    var tags: [String: Tag] { get }
    /// The rename links, tombstones and declared losses of this range, in order.
    var declarations: [Record] { get }

    /// All players with an observation in this range, in any order.
    func players() throws(ArchiveError) -> [PlayerName]

    /// The segments of a player's logs in this range, in any order; none for a player who is not there.
    func segments(of player: PlayerName) throws(ArchiveError) -> [(board: Board, segment: any LogSegment)]

    /// The segments of all logs in this range, in any order.
    func allSegments() throws(ArchiveError) -> [(series: SeriesKey, segment: any LogSegment)]

    /// The newest observations of this range, as far as they are known without a look into its logs; nil where it does
    /// not list them.
    func newestFirst() -> (any NewestObservations)?

    /// The first observation in time of a snapshot in this range; nil where there is none, as for a kept body.
    func sighting(of id: ObjectID) throws(ArchiveError) -> LogEntry?

    /// Whether a record of this range names this document: a snapshot or a kept body.
    func names(_ id: ObjectID) throws(ArchiveError) -> Bool

    /// The ids of documents between two ids that records of this range name, in any order, each at least once.
    func ids(in bounds: ClosedRange<ObjectID>) throws(ArchiveError) -> [ObjectID]

    /// Whether that very declaration is in this range.
    func contains(_ declaration: Record) -> Bool

    /// The selected observations of this range in the order of the sequence.
    func entriesInSequenceOrder(_ selection: ExportSelection) -> SequenceEntries
}

/// Observations in the order of the sequence, one at a time.
public struct SequenceEntries {
    private let pull: () throws(ArchiveError) -> LogEntry?
    private let atHand: () -> [UInt8]?

    /// Those that a closure gives until it gives none. `documentAtHand` is that of the one given last, where there is one.
    init(
        documentAtHand: @escaping () -> [UInt8]? = { nil }, _ pull: @escaping () throws(ArchiveError) -> LogEntry?
    ) {
        (self.pull, atHand) = (pull, documentAtHand)
    }

    /// The next one, or nil at the end. Throws `corrupt`, `missing`, `unsupported` or `io`.
    public func next() throws(ArchiveError) -> LogEntry? { try pull() }

    /// The document of the observation that was given last, its SHA-256 recomputed, where reading that one gave it, too.
    /// Where it is nil, the archive is to be asked.
    func documentAtHand() -> [UInt8]? { atHand() }
}
