import Hiscores
import ObjectStore

/// What the journal's records say, decoded and held in memory.
final class JournalHistory: HistorySource {
    /// All observations in the order of the sequence. It only ever grows, so that segments go on being right.
    private var entries: [LogEntry] = []
    private var runs: [PlayerName: [Board: JournalRun]] = [:]
    private(set) var tags: [String: Tag] = [:]
    private(set) var declarations: [Record] = []
    private var declared: Set<Record> = []
    /// The index in `entries` of the first sighting in time of each snapshot; kept bodies of invalid answers have none.
    private var sightings: [ObjectID: Int] = [:]
    private var keptBodies: Set<ObjectID> = []

    /// Takes in records in sequence order.
    func append(_ records: [(number: Int, id: ObjectID, record: Record)]) {
        var fresh: [PlayerName: [Board: [LogRow]]] = [:]
        for (number, id, record) in records {
            switch record {
            case .observation(let observation):
                let entry = LogEntry(sequenceNumber: number, record: id, observation: observation)
                fresh[observation.player, default: [:]][observation.board, default: []].append(entry.row)
                note(entry)
            case .tag(let tag): tags[tag.name] = tag
            case .rename, .tombstone, .loss:
                declarations.append(record)
                declared.insert(record)
            }
        }
        for (player, boards) in fresh {
            for (board, rows) in boards {
                runs[player, default: [:]][board, default: JournalRun()].insert(rows)
            }
        }
    }

    private func note(_ entry: LogEntry) {
        if entry.observation.result == .ok, let snapshot = entry.observation.snapshot {
            let known = sightings[snapshot].map { entries[$0].row.point }
            if known.map({ entry.row.point < $0 }) ?? true { sightings[snapshot] = entries.count }
        }
        if let body = entry.observation.evidence.body, body.isKept { keptBodies.insert(body.id) }
        entries.append(entry)
    }

    /// The observation with a sequence number that is here. O(log n).
    fileprivate func entry(numbered number: Int) -> LogEntry {
        entries[entries.partitioningIndex { $0.sequenceNumber >= number }]
    }

    var observationCount: Int { entries.count }

    var newSnapshots: Int { sightings.keys.count { sealedLogs[$0.words.0] == nil } }

    /// Which of this journal's snapshots sealed ranges name already, by the first 64 bits of their ids, and in which
    /// logs. Asked for once, when somebody counts.
    private(set) lazy var sealedLogs: [UInt64: Set<SeriesKey>] = findSealedLogs(
        sightings.keys.map(\.words.0).sorted().map { SnapshotQuery(prefix: $0, templates: []) })
    private let findSealedLogs: ([SnapshotQuery]) -> [UInt64: Set<SeriesKey>]

    /// A journal without records. `findSealedLogs` says in which logs sealed ranges name snapshots.
    init(findSealedLogs: @escaping ([SnapshotQuery]) -> [UInt64: Set<SeriesKey>] = { _ in [:] }) {
        self.findSealedLogs = findSealedLogs
    }

    func players() -> [PlayerName] { Array(runs.keys) }

    func segments(of player: PlayerName) -> [(board: Board, segment: any LogSegment)] {
        (runs[player] ?? [:]).compactMap { board, run in
            JournalSegment(run, of: self, SeriesKey(player: player, board: board)).map { (board, $0) }
        }
    }

    func allSegments() -> [(series: SeriesKey, segment: any LogSegment)] {
        runs.keys.flatMap { player in
            segments(of: player).map { (SeriesKey(player: player, board: $0.board), $0.segment) }
        }
    }

    func newestFirst() -> (any NewestObservations)? {
        JournalNewest(entries.sorted { ListingPoint($0) > ListingPoint($1) }, in: self)
    }

    /// The ok observation before one, of those that are here.
    fileprivate func success(before entry: LogEntry) -> LogEntry? {
        let rows = runs[entry.observation.player]?[entry.observation.board]?.rows ?? []
        let end = rows.partitioningIndex { $0.point >= entry.row.point }
        return rows[..<end].last { $0.result == .ok }.map { self.entry(numbered: $0.sequenceNumber) }
    }

    func sighting(of id: ObjectID) -> LogEntry? { sightings[id].map { entries[$0] } }

    /// The documents that records name, in no order.
    var documentIDs: Set<ObjectID> { keptBodies.union(sightings.keys) }

    func names(_ id: ObjectID) -> Bool { sightings[id] != nil || keptBodies.contains(id) }

    func ids(in bounds: ClosedRange<ObjectID>) -> [ObjectID] {
        sightings.keys.filter(bounds.contains) + keptBodies.filter(bounds.contains)
    }

    func contains(_ declaration: Record) -> Bool { declared.contains(declaration) }

    func entriesInSequenceOrder(_ selection: ExportSelection) -> SequenceEntries {
        var index = 0
        return SequenceEntries { [self] () throws(ArchiveError) in
            while index < entries.count {
                let entry = entries[index]
                index += 1
                if selection.includes(entry.observation) { return entry }
            }
            return nil
        }
    }
}

/// The rows of one player on one board, in the order of the log.
private struct JournalRun {
    private(set) var rows: [LogRow] = []
    private(set) var successCount = 0

    /// Puts rows in their places. For m rows O(m log m), O(m) where they come in order; where one of them is older than
    /// the newest here, one pass over those that stand behind it besides.
    mutating func insert(_ new: [LogRow]) {
        successCount += new.count { $0.result == .ok }
        let new = new.sorted { $0.point < $1.point }
        guard let first = new.first, let last = rows.last, first.point < last.point else {
            rows += new
            return
        }
        let start = rows.partitioningIndex { first.point < $0.point }
        let later = Array(rows[start...])
        rows.removeSubrange(start...)
        var next = 0
        for row in new {
            while next < later.count, later[next].point < row.point {
                rows.append(later[next])
                next += 1
            }
            rows.append(row)
        }
        rows += later[next...]
    }
}

/// The rows as they were when somebody asked.
private final class JournalSegment: LogSegment {
    private let run: JournalRun
    private let history: JournalHistory
    private let series: SeriesKey
    let bounds: ClosedRange<LogPoint>

    init?(_ run: JournalRun, of history: JournalHistory, _ series: SeriesKey) {
        guard let first = run.rows.first, let last = run.rows.last else { return nil }
        (self.run, self.history, self.series, bounds) = (run, history, series, first.point...last.point)
    }

    var count: Int { run.rows.count }

    var successCount: Int { run.successCount }

    var newSnapshots: Int {
        Set(run.rows.compactMap { $0.result == .ok ? snapshot(of: $0) : nil })
            .count { history.sealedLogs[$0.words.0]?.contains(series) != true }
    }

    func rows() -> [LogRow] { run.rows }

    func entry(at index: Int) -> LogEntry { history.entry(numbered: run.rows[index].sequenceNumber) }

    func displayName(at index: Int) -> String? { entry(at: index).observation.displayName }

    func repeatsDocument(at index: Int) -> Bool? {
        guard let before = run.rows[..<index].last(where: { $0.result == .ok }) else { return nil }
        return snapshot(of: before) == snapshot(of: run.rows[index])
    }

    private func snapshot(of row: LogRow) -> ObjectID? {
        history.entry(numbered: row.sequenceNumber).observation.snapshot
    }
}

/// The journal's observations, the newest first.
private final class JournalNewest: NewestObservations {
    private let entries: [LogEntry]
    private let history: JournalHistory

    init(_ entries: [LogEntry], in history: JournalHistory) { (self.entries, self.history) = (entries, history) }

    var isWhole: Bool { true }

    func entry(at index: Int) -> LogEntry? { index < entries.count ? entries[index] : nil }

    func success(before entry: LogEntry) -> EarlierSuccess {
        guard let earlier = history.success(before: entry) else { return .none }
        return .at(earlier.row.point, isSame: earlier.observation.snapshot == entry.observation.snapshot)
    }
}
