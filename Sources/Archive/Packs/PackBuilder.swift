import CivilTime
import ObjectStore
import Threads

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
    private var newest = NewestCandidates(limit: PackNewest.limit)
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
        let id = hasher.digest(record)
        newest.add(
            NewestCandidates.Candidate(
                series: key, point: LogPoint(capturedAt: observation.capturedAt, sequenceNumber: count),
                record: record, recordID: id, snapshot: observation.result == .ok ? observation.snapshot : nil))
        recordIDs.append(id)
    }

    /// Takes memory off the rows that wait for their block to fill. Linear in the rows that came since the last time.
    func compact() {
        for log in logs.values {
            let before = log.memoryBytes
            log.compact(&tools)
            logBytes += log.memoryBytes - before
        }
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

    /// Closes the blocks that fill, on all processors.
    private func closeBlocks(of logs: [LogBuilder]) throws(PackError) {
        var place = -1
        try orderedMap(
            next: { () throws(PackError) -> (place: Int, block: OpenBlock)? in
                while place + 1 < logs.count {
                    place += 1
                    if let block = logs[place].takeOpen() { return (place, block) }
                }
                return nil
            },
            context: { () throws(PackError) in try BlockTools() },
            transform: { tools, item in
                (item.place, Result { () throws(PackError) in try item.block.close(&tools) })
            },
            consume: { (closed: (place: Int, block: Result<LogBuilder.Closed, PackError>)) throws(PackError) in
                logs[closed.place].append(try closed.block.get())
            })
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
        try closeBlocks(of: keys.compactMap { logs[$0] })
        try resolveNovelties(keys, findLogs)
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
            otherRecords: otherRecords.map { (first + $0.number, $0.record) }, newest: newest)
        return Written(name: try writer.finish(frame), count: count, headAfter: head)
    }

    /// A row with a snapshot, wherever it stands: small, since a pack has a hundred thousand of them.
    private struct Sighting {
        var prefix: UInt64
        var number: Int32
        /// Which of the sorted logs, which of its blocks, and which of the block's sightings.
        var log: Int32
        var block: Int32
        var place: Int32
    }

    /// Finds which observations are the first to name their snapshot. `keys` are all logs.
    private func resolveNovelties(
        _ keys: [SeriesKey], _ findLogs: ([SnapshotQuery], inout [UInt64: Set<SeriesKey>]) throws(PackError) -> Void
    ) throws(PackError) {
        let logs = keys.compactMap { self.logs[$0] }
        var sightings: [Sighting] = []
        sightings.reserveCapacity(count)
        for (number, log) in logs.enumerated() {
            for (block, closed) in log.closed.enumerated() {
                for (place, sighting) in closed.sightings.enumerated() where sighting.isSuccess {
                    // A pack has at most 2^20 records.
                    sightings.append(
                        Sighting(
                            prefix: sighting.prefix, number: Int32(truncatingIfNeeded: sighting.number),
                            log: Int32(truncatingIfNeeded: number), block: Int32(truncatingIfNeeded: block),
                            place: Int32(truncatingIfNeeded: place)))
                }
            }
        }
        sightings.sort { ($0.prefix, $0.number) < ($1.prefix, $1.number) }
        var earlier: [UInt64: Set<SeriesKey>] = [:]
        try findLogs(queries(sightings, keys, logs), &earlier)
        var (before, known): (UInt64?, Set<SeriesKey>) = (nil, [])
        for (place, sighting) in sightings.enumerated() {
            if sighting.prefix != before { (before, known) = (sighting.prefix, earlier[sighting.prefix] ?? []) }
            let key = keys[Int(sighting.log)]
            let novelty: PackBlock.Novelty =
                known.isEmpty ? .newInArchive : known.contains(key) ? .known : .newInLog
            logs[Int(sighting.log)].closed[Int(sighting.block)].sightings[Int(sighting.place)].novelty = novelty
            // Most snapshots come once, and nobody asks for their log.
            if place + 1 < sightings.count, sightings[place + 1].prefix == sighting.prefix { known.insert(key) }
        }
    }

    /// What is asked of other packs: each snapshot once.
    private func queries(
        _ sightings: [Sighting], _ keys: [SeriesKey], _ logs: [LogBuilder]
    ) -> [SnapshotQuery] {
        var queries: [SnapshotQuery] = []
        queries.reserveCapacity(sightings.count)
        var next = 0
        while next < sightings.count {
            let sighting = sightings[next]
            var others: Set<SeriesKey> = []
            next += 1
            while next < sightings.count, sightings[next].prefix == sighting.prefix {
                if sightings[next].log != sighting.log { others.insert(keys[Int(sightings[next].log)]) }
                next += 1
            }
            let block = logs[Int(sighting.log)].closed[Int(sighting.block)]
            queries.append(
                SnapshotQuery(
                    prefix: sighting.prefix, templates: block.hasRawDocuments ? [] : block.documentTemplates,
                    asking: .logs(keys[Int(sighting.log)], others: Array(others))))
        }
        return queries
    }
}
