import CanonicalJSON
import ObjectStore
import Testing

@testable import Archive

/// Packs in memory: built of records, opened, read whole.
struct PackFile {
    let name: ObjectID
    let bytes: [UInt8]
    /// The head after its last record.
    let headAfter: SequenceHead

    static let start = SequenceHead.start(of: SampleData.archiveID, SHA256())

    /// The pack of records that go on behind the packs before.
    init(_ records: [SampleRecord], after earlier: [PackFile] = [], first: Int = 0) throws {
        let builder = try PackBuilder()
        let histories = try earlier.map { try $0.history() }
        let written = try Self.write(
            builder, records, first: first, headBefore: earlier.last?.headAfter ?? Self.start, histories)
        self = written
    }

    /// A file of given bytes.
    init(name: ObjectID, bytes: [UInt8], headAfter: SequenceHead = PackFile.start) {
        (self.name, self.bytes, self.headAfter) = (name, bytes, headAfter)
    }

    private static func write(
        _ builder: consuming PackBuilder, _ records: [SampleRecord], first: Int, headBefore: SequenceHead,
        _ earlier: [PackHistory]
    ) throws -> PackFile {
        for record in records {
            guard let observation = record.observation else {
                builder.add(other: record.bytes)
                continue
            }
            let ids = observation.documentID.map { PackedRows.PackedIDs(document: $0, progress: observation.progress) }
            try builder.add(
                observation, record: record.bytes,
                document: ids.flatMap { ids in record.document.map { PreparedDocument($0, ids: ids) } })
        }
        let storage = MemoryStorage()
        let written = try builder.write(
            to: "pack", of: storage, archive: SampleData.archiveID, first: first, headBefore: headBefore,
            findLogs: { queries, found throws(PackError) in
                for history in earlier { try history.findLogs(naming: queries, &found) }
            })
        return PackFile(
            name: written.name, bytes: storage.files["pack"] ?? [], headAfter: written.headAfter)
    }

    /// The packs of records that are cut before some places.
    static func split(_ records: [SampleRecord], before cuts: [Int]) throws -> [PackFile] {
        var packs: [PackFile] = []
        let ends = cuts.filter { $0 > 0 && $0 < records.count }.sorted() + [records.count]
        var start = 0
        for end in ends where end > start {
            packs.append(try PackFile(Array(records[start..<end]), after: packs, first: start))
            start = end
        }
        return packs
    }

    /// One pack of several that follow one another. Of a log no more rows than `rowsAtOnce` are held.
    static func merged(_ packs: [PackFile], rowsAtOnce: Int = 4096) throws -> PackFile {
        let storage = MemoryStorage(
            files: Dictionary(
                packs.map { (ArchiveLayout.pack($0.name), $0.bytes) }, uniquingKeysWith: { first, _ in first }),
            folders: [ArchiveLayout.packs])
        let name = try PackMerge(try packs.map { try $0.open() }, rowsAtOnce: rowsAtOnce).write(to: "pack", of: storage)
        return PackFile(
            name: name, bytes: storage.files["pack"] ?? [], headAfter: packs.last?.headAfter ?? Self.start)
    }

    var storage: MemoryStorage { MemoryStorage(files: ["pack": bytes], folders: []) }

    func open() throws -> Pack { try Pack(name, try storage.open("pack")) }

    func history() throws -> PackHistory { PackHistory.open(try open(), PackCache(), MetDamage(), path: "pack") }

    /// What is wrong with it.
    func findings(quick: Bool = false) -> [PackVerification.Finding] {
        PackVerification.run(name, at: "pack", of: storage, quick: quick).findings
    }

    /// An observation as a pack holds it.
    struct Row: Hashable {
        var series: SeriesKey
        var number: Int
        var record: [UInt8]
        var document: [UInt8]?
        var novelty: PackBlock.Novelty
    }

    /// All observations, by their numbers.
    func rows() throws -> [Row] {
        let pack = try open()
        var found: [Row] = []
        for entry in try pack.allBlocks() {
            var rows = PackedRows(try pack.block(entry), of: pack)
            for (place, novelty) in try rows.novelties().enumerated() {
                let row = try rows.row(place)
                found.append(
                    Row(
                        series: entry.series, number: row.number, record: row.record,
                        document: row.ids == nil ? nil : try rows.document(place), novelty: novelty))
            }
        }
        return found.sorted { $0.number < $1.number }
    }

    /// What the rows of records must be, found by looking at all records before each.
    static func expectedRows(_ records: [SampleRecord]) -> [Row] {
        var logs: [ObjectID: Set<SeriesKey>] = [:]
        var found: [Row] = []
        for (number, record) in records.enumerated() {
            guard let observation = record.observation, let series = record.series else { continue }
            var novelty = PackBlock.Novelty.known
            if observation.result == .ok, let snapshot = observation.snapshot {
                let known = logs[snapshot, default: []]
                novelty = known.isEmpty ? .newInArchive : known.contains(series) ? .known : .newInLog
                logs[snapshot, default: []].insert(series)
            }
            found.append(
                Row(
                    series: series, number: number, record: record.bytes, document: record.document, novelty: novelty))
        }
        return found
    }
}
