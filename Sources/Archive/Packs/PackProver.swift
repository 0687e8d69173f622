import CanonicalJSON
import CivilTime
import ObjectStore

/// One thread's way to prove the blocks of a pack: every row is rendered, every id computed anew.
struct PackProver: ~Copyable {
    /// What a block holds, recomputed.
    struct Proof: Sendable {
        var entry: PackBlockEntry
        var number: Int
        var records: [(number: Int, id: ObjectID)] = []
        var prefixes: [UInt64] = []
        /// The rows that may be listed as newest, and the ok one before them.
        var newest: [NewestCandidates.Candidate] = []
        var error: PackError?
    }

    private let pack: Pack
    private let oldest: ListingPoint?

    /// A way into the pack in an open file. Rows from `oldest` on are gathered as candidates for the newest; none for nil.
    init(_ name: ObjectID, _ file: any StorageFile, newestFrom oldest: ListingPoint?) throws(PackError) {
        pack = try Pack(name, file)
        self.oldest = oldest
    }

    /// Proves a block, the one with this number in the file.
    func prove(_ entry: PackBlockEntry, number: Int) -> Proof {
        var proof = Proof(entry: entry, number: number)
        do { try prove(entry, &proof) } catch { (proof.error, proof.records, proof.newest) = (error, [], []) }
        return proof
    }

    private func prove(_ entry: PackBlockEntry, _ proof: inout Proof) throws(PackError) {
        func wrong(_ detail: String) -> PackError { .corrupt(detail, offset: entry.offset) }
        let block = try pack.block(entry)
        var rows = PackedRows(block, of: pack)
        for template in try rows.documentTemplates() where try !template.isCanonical {
            throw wrong("a snapshot is not canonical JSON")
        }
        var check = RecordRowCheck(entry.series, in: block)
        var (successes, before, last) = (0, LogPoint?.none, ObjectID?.none)
        var earlier: NewestCandidates.Candidate?
        for row in 0..<block.rowCount {
            let whole = try rows.row(row)
            proof.records.append((whole.number, whole.recordID))
            let (capturedAt, isSuccess) = try check.check(row, whole, numbers: rows.recordNumbers)
            let point = LogPoint(capturedAt: capturedAt, sequenceNumber: whole.number)
            guard before.map({ $0 < point }) ?? true else { throw wrong("rows are out of order") }
            before = point
            if isSuccess { successes += 1 }
            if let id = whole.ids?.document, id != last {
                proof.prefixes.append(id.words.0)
                last = id
            }
            if row == 0, point != entry.firstPoint {
                throw wrong("a block does not begin where the directory says")
            }
            if let oldest {
                let candidate = NewestCandidates.Candidate(
                    series: entry.series, point: point, record: whole.record, recordID: whole.recordID,
                    snapshot: isSuccess ? whole.ids?.document : nil)
                if ListingPoint(point, on: entry.series.board) < oldest {
                    if isSuccess { earlier = candidate }
                } else {
                    proof.newest.append(candidate)
                }
            }
        }
        if let earlier { proof.newest.append(earlier) }
        guard before == entry.lastPoint, successes == entry.successes,
            proof.records.map(\.number).min() == entry.lowestNumber
        else { throw wrong("a block has other rows than the directory says") }
        let novelties = try rows.novelties()
        guard novelties.count(where: { $0 != .known }) == entry.newInLog,
            novelties.count(where: { $0 == .newInArchive }) == entry.newInArchive
        else { throw wrong("a block has other new snapshots than the directory says") }
    }
}

/// Checks that the records of a block are observations of its log. Those that differ from the one before in nothing but
/// numbers and in the ids of their own documents are not parsed again.
private struct RecordRowCheck {
    private let series: SeriesKey
    private let block: PackedBlock
    /// The row that was parsed last, and was right.
    private var parsed: (layout: Int, numbers: [Int64], isSuccess: Bool)?

    /// Whole numbers up to here are doubles, and so their own canonical text.
    private static let exactLimit: Int64 = 1 << 53

    init(_ series: SeriesKey, in block: PackedBlock) { (self.series, self.block) = (series, block) }

    /// When the row's answer arrived, and whether its result is ok. `numbers` are those of the row's record.
    mutating func check(
        _ row: Int, _ whole: PackedRows.Row, numbers: [Int64]
    ) throws(PackError) -> (capturedAt: Timestamp, isSuccess: Bool) {
        let layout = block.records.layout(ofRow: row)
        let template = block.recordTemplates[layout]
        if let parsed, parsed.layout == layout, isAlike(numbers, parsed.numbers, template),
            let moment = Timestamp(millisecondsSinceEpoch: numbers[template.capturedAt])
        {
            return (moment, parsed.isSuccess)
        }
        let decoded: Record
        do { decoded = try RecordFormat.decode(whole.record) } catch {
            throw .corrupt("\(error)", offset: block.entry.offset)
        }
        guard case .observation(let observation) = decoded, observation.player == series.player,
            observation.board == series.board, observation.documentID == whole.ids?.document
        else { throw .corrupt("an observation stands in another log than its own", offset: block.entry.offset) }
        // Where the record's own member `snapshot` is a slot, the document is what it says by its making.
        let isProved = whole.ids == nil || template.isSuccess
        parsed = isProved ? (layout, numbers, observation.result == .ok) : nil
        return (observation.capturedAt, observation.result == .ok)
    }

    /// Whether numbers make a record of a template that is read just as the one that other numbers make: the same texts,
    /// and every number one that any member may have.
    private func isAlike(_ numbers: [Int64], _ others: [Int64], _ template: RecordTemplate) -> Bool {
        guard numbers.count == others.count, numbers.count == RecordTemplate.leadingColumns + template.kinds.count
        else { return false }
        for (slot, kind) in template.kinds.enumerated() {
            let place = RecordTemplate.leadingColumns + slot
            if kind == RecordTemplate.Slot.string {
                guard numbers[place] == others[place] else { return false }
            } else if place != template.capturedAt {
                guard (0...Self.exactLimit).contains(numbers[place]) else { return false }
            }
        }
        return true
    }
}

extension DocumentTemplate {
    /// Whether documents of this template are canonical JSON: one is, with small integers, and so all are whose integers
    /// are their own canonical text.
    fileprivate var isCanonical: Bool {
        get throws(PackError) {
            let template = try template
            var document: [UInt8] = []
            guard template.render(Array(repeating: 0, count: template.slotCount), into: &document) else { return false }
            return (try? JSONDocument(parsing: document).root.canonicalBytes()) == document
        }
    }
}

extension PackBlockEntry {
    /// Where its first row stands in its log; nil for a moment that cannot be.
    var firstPoint: LogPoint? { Self.point(first, firstNumber) }

    /// Where its last row stands in its log.
    var lastPoint: LogPoint? { Self.point(last, lastNumber) }

    private static func point(_ moment: Int64, _ number: Int) -> LogPoint? {
        Timestamp(millisecondsSinceEpoch: moment).map { LogPoint(capturedAt: $0, sequenceNumber: number) }
    }
}
