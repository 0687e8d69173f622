public import Archive
import CanonicalJSON
public import CivilTime
import Diffing
public import Hiscores
public import ObjectStore

/// What an account gained in a time.
public struct PlayerGains: Hashable, Sendable {
    /// How much of the time its history covers.
    public enum Coverage: String, Hashable, Sendable, CaseIterable {
        /// There is a snapshot at its beginning or before.
        case full
        /// The history begins later: what is counted begins with its first snapshot.
        case sinceFirstCapture = "since_first_capture"
        /// Nothing was captured in that time, so nothing is known of it.
        case noCapture = "no_capture"
    }

    /// A snapshot, as one end.
    public struct End: Hashable, Sendable {
        /// When its answer arrived.
        public let capturedAt: Timestamp
        /// Its id.
        public let snapshot: ObjectID
    }

    /// The name that the account was asked for by, or has now.
    public let player: PlayerName
    /// That name as it was served last; nil where it was not.
    public let displayName: String?
    /// The board; nil where nothing was captured at all.
    public let board: Board?
    /// The last snapshot at or before the beginning of the time, else the first one in it; nil where there is none.
    public let start: End?
    /// The last snapshot at or before the end of the time.
    public let end: End?
    /// How much of the time lies between them.
    public let coverage: Coverage
    /// What became of the row; nil where neither snapshot has it.
    let metric: MetricChange?
    /// What was gained in the row that is sorted by; nil where that is not known.
    let sortedGain: Int64?

    /// What was gained, negative for a fall; nil where it is not known.
    public var gained: Int64? { coverage == .noCapture ? nil : metric?.value.change }

    /// Whether either snapshot has the row.
    public var hasMetric: Bool { metric != nil }

    /// What an account gained from `since` to `until`, both inclusive, in a row; `sortedBy` is another row to know the
    /// gain of. Of several logs the one that a bare player means counts. Reads two snapshots at most. Throws where these
    /// cannot be read.
    public init(
        of account: Account, on board: Board?, since: Timestamp, until: Timestamp, in row: MetricRow,
        sortedBy sortRow: MetricRow? = nil, from archive: Archive
    ) throws(ArchiveError) {
        player = account.name
        let logs = account.logs.filter { board == nil || $0.board == board }
        let log = try archive.principalLog(among: logs)
        self.board = log?.board
        guard let log, let last = try log.position(atOrBefore: until), let end = try log.success(at: last) else {
            (displayName, start, self.end, metric, sortedGain) = (nil, nil, nil, nil, nil)
            coverage = .noCapture
            return
        }
        let before = try log.position(atOrBefore: since)
        let start = try before == last ? end : log.success(at: before ?? 0) ?? end
        displayName = end.observation.player == account.name ? end.observation.displayName : nil
        (self.start, self.end) = (End(start), End(end))
        if before == nil {
            coverage = .sinceFirstCapture
        } else if end.observation.capturedAt >= since {
            coverage = .full
        } else {
            // What was not kept since ranks alone had changed tells that all else stayed as it was.
            var served = log.servedRows(.newestFirst, since: since, until: until)
            coverage = try served.next() == nil ? .noCapture : .full
        }
        let documents = (try archive.view(of: start), try archive.view(of: end))
        guard let older = documents.0, let newer = documents.1 else {
            (metric, sortedGain) = (nil, nil)
            return
        }
        let diff = HiscoreDiff(from: older, to: newer)
        metric = row.change(in: diff)
        sortedGain = coverage == .noCapture ? nil : sortRow?.change(in: diff)?.value.change
    }
}

extension PlayerGains.End {
    /// The end that an ok observation makes.
    fileprivate init?(_ entry: LogEntry) {
        guard let snapshot = entry.observation.snapshot else { return nil }
        self.init(capturedAt: entry.observation.capturedAt, snapshot: snapshot)
    }
}

extension Archive {
    /// The typed view of an observation's snapshot; nil where it has no rows.
    fileprivate func view(of entry: LogEntry) throws(ArchiveError) -> HiscoreDocument? {
        guard let bytes = try document(of: entry) else { return nil }
        return (try? JSONDocument(parsing: bytes)).flatMap { HiscoreDocument($0.root.value) }
    }
}
