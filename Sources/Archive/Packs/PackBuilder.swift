import CivilTime
import ObjectStore

/// A document as it goes into a pack.
struct PreparedDocument: Sendable {
    /// What is stored of it.
    enum Content: Sendable {
        /// A template's text and the numbers of its slots.
        case table(template: [UInt8], numbers: [Int64])
        /// Bytes that fit no template.
        case raw([UInt8])
    }

    let content: Content
    /// Its id, and its progress id where it is a snapshot.
    let ids: PackedRows.PackedIDs

    /// Takes a document apart. Only snapshots are canonical JSON for sure: kept bodies stay as they are.
    init(_ bytes: [UInt8], ids: PackedRows.PackedIDs) {
        var (template, numbers): ([UInt8], [Int64]) = ([], [])
        content =
            ids.progress != nil && Template.split(bytes, text: &template, numbers: &numbers)
            ? .table(template: template, numbers: numbers) : .raw(bytes)
        self.ids = ids
    }

    /// A document that is taken apart already.
    init(content: Content, ids: PackedRows.PackedIDs) { (self.content, self.ids) = (content, ids) }
}

/// Gathers records in their order, arranges the observations by their logs, and writes them as one pack.
///
/// What is pending takes a few hundred bytes an observation; blocks are closed as they fill. Where in the sequence the
/// records stand is said when the pack is written: others may commit while an import reads its input. One thread at a
/// time; it is written once.
final class PackBuilder {
    private var recordIDs: [ObjectID] = []
    private var otherRecords: [(number: Int, record: [UInt8])] = []
    private var logs: [SeriesKey: LogBuilder] = [:]
    private var tools: BlockTools
    private let hasher = SHA256()
    /// What an archive must have before it holds these records.
    private(set) var requiredFeatures: Set<String> = []
    /// Bytes in memory of what is in the logs, about.
    private var logBytes = 0

    init() throws(PackError) { tools = try BlockTools() }

    /// Records in it.
    var count: Int { recordIDs.count }

    /// Whether a pack takes no more records.
    var isFull: Bool { count == PackFormat.recordLimit }

    /// Bytes in memory, about.
    var memoryBytes: Int { logBytes + count * MemoryLayout<ObjectID>.stride }

    /// Appends an observation: its canonical JSON, what it says, and its document where it names one that is kept.
    func add(
        _ observation: Observation, record: [UInt8], document: PreparedDocument?
    ) throws(PackError) {
        if let feature = Record.observation(observation).requiredFeature { requiredFeatures.insert(feature) }
        let key = SeriesKey(player: observation.player, board: observation.board)
        let log = logs[key] ?? LogBuilder()
        if logs[key] == nil {
            logs[key] = log
            logBytes += LogBuilder.emptyBytes
        }
        let before = log.memoryBytes
        try log.add(
            LogBuilder.Row(
                number: count, capturedAt: observation.capturedAt.millisecondsSinceEpoch, record: record,
                document: document),
            &tools)
        logBytes += log.memoryBytes - before
        recordIDs.append(hasher.digest(record))
    }

    /// Appends any other record.
    func add(other record: [UInt8]) {
        otherRecords.append((count, record))
        logBytes += record.count
        recordIDs.append(hasher.digest(record))
    }

    /// A pack that was written.
    struct Written {
        /// The SHA-256 of its bytes.
        var name: ObjectID
        /// Records in it.
        var count: Int
        /// The head after its last record.
        var headAfter: SequenceHead
    }

    /// Writes the pack to a new file, whose bytes are on the medium when this returns. The first record takes the number
    /// `first` in the sequence, and follows `headBefore`.
    ///
    /// `findLogs` adds in which logs the archive has snapshots already, of those that are asked for, sorted by prefix.
    func write(
        to path: String, of storage: any Storage, archive: ArchiveID, first: Int, headBefore: SequenceHead,
        findLogs: ([SnapshotQuery], inout [UInt64: Set<SeriesKey>]) throws(PackError) -> Void
    ) throws(PackError) -> Written {
        let keys = logs.keys.sorted()
        for key in keys { try logs[key]?.close(&tools) }
        try resolveNovelties(findLogs)
        var writer = try PackWriter(to: path, of: storage, first: first)
        for key in keys {
            for block in logs[key]?.takeBlocks(of: key, from: first) ?? [] { try writer.add(block) }
            logs[key] = nil
        }
        var (head, sum) = (headBefore, IDSum())
        for id in recordIDs {
            head = head.appending(record: id, hasher)
            sum += id
        }
        let count = recordIDs.count
        let frame = PackWriter.Frame(
            archive: archive, first: first, count: count, headBefore: headBefore, headAfter: head, idSum: sum,
            otherRecords: otherRecords.map { (first + $0.number, $0.record) })
        return Written(name: try writer.finish(frame), count: count, headAfter: head)
    }

    /// Finds which observations are the first to name their snapshot.
    private func resolveNovelties(
        _ findLogs: ([SnapshotQuery], inout [UInt64: Set<SeriesKey>]) throws(PackError) -> Void
    ) throws(PackError) {
        struct Sighting {
            var prefix: UInt64
            var number: Int
            var log: LogBuilder
            var key: SeriesKey
            var block: Int
            var place: Int
        }
        var sightings: [Sighting] = []
        for (key, log) in logs {
            for (block, closed) in log.closed.enumerated() {
                for (place, sighting) in closed.sightings.enumerated() where sighting.isSuccess {
                    sightings.append(
                        Sighting(
                            prefix: sighting.prefix, number: sighting.number, log: log, key: key, block: block,
                            place: place))
                }
            }
        }
        sightings.sort { ($0.prefix, $0.number) < ($1.prefix, $1.number) }
        var queries: [SnapshotQuery] = []
        for sighting in sightings where queries.last?.prefix != sighting.prefix {
            let block = sighting.log.closed[sighting.block]
            queries.append(
                SnapshotQuery(
                    prefix: sighting.prefix, templates: block.hasRawDocuments ? [] : block.documentTemplates))
        }
        var earlier: [UInt64: Set<SeriesKey>] = [:]
        try findLogs(queries, &earlier)
        var (before, known): (UInt64?, Set<SeriesKey>) = (nil, [])
        for sighting in sightings {
            if sighting.prefix != before { (before, known) = (sighting.prefix, earlier[sighting.prefix] ?? []) }
            let novelty: PackBlock.Novelty =
                known.isEmpty ? .newInArchive : known.contains(sighting.key) ? .known : .newInLog
            sighting.log.closed[sighting.block].sightings[sighting.place].novelty = novelty
            known.insert(sighting.key)
        }
    }
}
