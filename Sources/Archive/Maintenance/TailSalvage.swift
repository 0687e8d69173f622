import CivilTime
import ObjectStore

/// What is sound of the journal's records and their documents, ready to be sealed; what is not becomes gaps.
struct TailSalvage {
    /// The numbers of the records, lost ones counted.
    let range: Range<Int>
    private(set) var observations: [(row: LogBuilder.Row, series: SeriesKey)] = []
    private(set) var otherRecords: [(number: Int, record: [UInt8])] = []
    private(set) var gaps: [PackGap] = []
    /// Observations whose document is lost.
    private(set) var withoutDocument: [Observation] = []
    /// The head after the last record: a record of which not even the id is known counts as 32 zero bytes.
    private(set) var headAfter: SequenceHead
    private var idSum = IDSum()

    /// Takes the records of a scanned journal apart. `document` gives an observation's document, or nil where it is lost.
    init(
        _ scan: JournalScan, _ header: JournalHeader, recordCount: Int,
        document: (ObjectID) throws(ArchiveError) -> [UInt8]?
    ) throws(ArchiveError) {
        range = header.base..<max(header.base, recordCount)
        let hasher = SHA256()
        var ids: [Int: ObjectID] = [:]
        for (frame, _, payload) in scan.records {
            let (number, record) = (header.base - 1 + frame, Array(payload))
            let id = hasher.digest(record)
            ids[number] = id
            switch try? RecordFormat.decode(record, checkingForm: true) {
            case nil: gaps.append(PackGap(number, id: id, isForgotten: false))
            case .observation(let observation)?:
                guard let row = try Self.row(number, record, observation, document) else {
                    gaps.append(PackGap(number, id: id, isForgotten: false))
                    withoutDocument.append(observation)
                    continue
                }
                observations.append(
                    (row, SeriesKey(player: observation.player, board: observation.board)))
            default: otherRecords.append((number, record))
            }
        }
        gaps = PackGap.merged(gaps, lost: range.lazy.filter { ids[$0] == nil })
        var head = header.baseHead
        for number in range {
            head = head.appending(record: ids[number] ?? .zero, hasher)
            if let id = ids[number] { idSum += id }
        }
        headAfter = head
    }

    private static func row(
        _ number: Int, _ record: [UInt8], _ observation: Observation,
        _ document: (ObjectID) throws(ArchiveError) -> [UInt8]?
    ) throws(ArchiveError) -> LogBuilder.Row? {
        var prepared: PreparedDocument?
        if let id = observation.documentID {
            guard let bytes = try document(id) else { return nil }
            prepared = PreparedDocument(
                bytes, ids: PackedRows.PackedIDs(document: id, progress: observation.progress))
        }
        return LogBuilder.Row(
            number: number, capturedAt: observation.capturedAt.millisecondsSinceEpoch, record: record,
            document: prepared)
    }

    /// The ok observations, for their novelty.
    var noveltyRows: [NoveltyCorrection.TailRow] {
        observations.compactMap { row, series in
            guard let ids = row.document?.ids, ids.progress != nil else { return nil }
            return .init(prefix: ids.document.words.0, number: row.number, series: series)
        }
    }

    /// Writes them as a pack to a new file, and returns the SHA-256 of its bytes, which are on the medium then.
    func write(
        to path: String, of storage: any Storage, _ header: JournalHeader, novelties: [Int: PackBlock.Novelty]
    ) throws(PackError) -> ObjectID {
        var writer = try PackWriter(to: path, of: storage, first: range.lowerBound)
        var tools = try BlockTools()
        for (series, rows) in Dictionary(grouping: observations, by: \.series).sorted(by: { $0.key < $1.key }) {
            let log = LogBuilder()
            for (row, _) in rows.sorted(by: { ($0.row.capturedAt, $0.row.number) < ($1.row.capturedAt, $1.row.number) })
            {
                try log.add(row, &tools)
            }
            try log.close(&tools)
            log.setNovelties { novelties[$0] ?? .known }
            for block in log.takeBlocks(of: series) { try writer.add(block) }
        }
        return try writer.finish(
            PackWriter.Frame(
                archive: header.archive, first: range.lowerBound, count: range.count, headBefore: header.baseHead,
                headAfter: headAfter, idSum: idSum, otherRecords: otherRecords, gaps: gaps))
    }
}

extension ObjectID {
    /// 32 zero bytes: what stands in the chain for a record that is lost with its id.
    static let zero = ObjectID(words: (0, 0, 0, 0))
}
