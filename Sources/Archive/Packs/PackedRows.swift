import CanonicalJSON
import CivilTime
import ObjectStore

/// Renders the rows of a block, best in order: each then costs what changed since the one before, and the copying and
/// hashing of its texts.
struct PackedRows: ~Copyable {
    let block: PackedBlock
    private let pack: Pack
    private let hasher = SHA256()
    private var records: RowCursor
    private var documents: PackedDocuments?
    /// The numbers of the record that was read last.
    private(set) var recordNumbers: [Int64] = []
    private var documentNumbers: [Int64] = []
    private var text: [UInt8] = []
    private var reducedText: [UInt8] = []
    /// The ids of the document that was rendered last.
    private var lastDocument: (row: Int, ids: PackedIDs)?

    /// The ids of a row's document; `progress` is nil where it is no snapshot.
    struct PackedIDs: Hashable {
        var document: ObjectID
        var progress: ObjectID?
    }

    /// One row, whole.
    struct Row {
        /// The record's number in the sequence.
        var number: Int
        /// The record's canonical JSON, and its SHA-256.
        var record: [UInt8]
        var recordID: ObjectID
        var ids: PackedIDs?
    }

    init(_ block: PackedBlock, of pack: Pack) {
        (self.block, self.pack) = (block, pack)
        records = block.records.cursor()
    }

    /// A row as a log lists it: cheap, no document is looked at.
    mutating func logRow(_ row: Int) throws(PackError) -> LogRow {
        try readRecord(row)
        let template = block.recordTemplates[block.records.layout(ofRow: row)]
        guard let moment = Timestamp(millisecondsSinceEpoch: recordNumbers[template.capturedAt]),
            let place = Int(exactly: recordNumbers[template.result]), block.strings.indices.contains(place),
            let result = Observation.Result(rawValue: String(decoding: block.strings[place], as: UTF8.self)),
            (result == .ok) == template.isSuccess
        else { throw .corrupt("a row of a block is no observation", offset: block.entry.offset) }
        return LogRow(point: LogPoint(capturedAt: moment, sequenceNumber: try number()), result: result)
    }

    /// A row with its record, and the ids of its document, computed from it.
    mutating func row(_ row: Int) throws(PackError) -> Row {
        try readRecord(row)
        let template = block.recordTemplates[block.records.layout(ofRow: row)]
        let ids = try template.hasDocument ? self.ids(row, isSnapshot: template.isSuccess) : nil
        guard
            let record = template.render(
                recordNumbers[RecordTemplate.leadingColumns...], strings: block.strings, document: ids?.document,
                progress: ids?.progress)
        else { throw .corrupt("a record of a block is not what was written", offset: block.entry.offset) }
        return Row(number: try number(), record: record, recordID: hasher.digest(record), ids: ids)
    }

    /// The document of a row that has one. Its id is `row(_:).ids.document`.
    mutating func document(_ row: Int) throws(PackError) -> [UInt8] {
        try render(row)
        return text
    }

    /// The ids of a document of a row that has one.
    mutating func ids(_ row: Int) throws(PackError) -> PackedIDs {
        try ids(row, isSnapshot: block.isSuccess(row))
    }

    /// The display name that a row's record carries.
    mutating func displayName(_ row: Int) throws(PackError) -> String? {
        try readRecord(row)
        let template = block.recordTemplates[block.records.layout(ofRow: row)]
        guard let place = template.displayName, let string = Int(exactly: recordNumbers[place]),
            block.strings.indices.contains(string)
        else { return nil }
        return try? JSONValue(parsing: [UInt8(ascii: "\"")] + block.strings[string] + [UInt8(ascii: "\"")]).string
    }

    private mutating func ids(_ row: Int, isSnapshot: Bool) throws(PackError) -> PackedIDs {
        if let lastDocument {
            if lastDocument.row == row { return lastDocument.ids }
            if let place = block.documentRows[row], place > 0, block.documentRows[lastDocument.row] == place - 1,
                try repeatsDocument(row)
            {
                self.lastDocument = (row, lastDocument.ids)
                return lastDocument.ids
            }
        }
        let template = try render(row)
        let ids: PackedIDs
        if isSnapshot, let template {
            guard try template.progress.render(documentNumbers, into: &reducedText) else { throw misfit() }
            let (document, progress) = hasher.digests(text, reducedText)
            ids = PackedIDs(document: document, progress: progress)
        } else {
            ids = PackedIDs(
                document: hasher.digest(text), progress: isSnapshot ? try Self.progress(of: text, hasher) : nil)
        }
        lastDocument = (row, ids)
        return ids
    }

    /// Whether a row's document is plainly the one of the row with a document before it.
    mutating func repeatsDocument(_ row: Int) throws(PackError) -> Bool {
        guard let place = block.documentRows[row], place > 0 else { return false }
        return try loadedDocuments().table.isSame(asRowBefore: place)
    }

    /// The templates of the block's documents.
    mutating func documentTemplates() throws(PackError) -> [DocumentTemplate] {
        block.documentCount == 0 ? [] : try loadedDocuments().templates
    }

    /// What a row is where no exception says otherwise: new, unless its document is that of the row before.
    mutating func expectedNovelty(_ row: Int) throws(PackError) -> PackBlock.Novelty {
        let repeats = try repeatsDocument(row)
        return block.isSuccess(row) && !repeats ? .newInArchive : .known
    }

    /// Whether each row is the first to name its snapshot: new where its document is not that of the row before, unless
    /// an exception says otherwise.
    mutating func novelties() throws(PackError) -> [PackBlock.Novelty] {
        var found: [PackBlock.Novelty] = []
        for row in 0..<block.rowCount { found.append(try expectedNovelty(row)) }
        for exception in block.exceptions where found.indices.contains(exception.row) {
            found[exception.row] = exception.novelty
        }
        return found
    }

    /// A row as a builder takes it.
    mutating func wholeRow(_ row: Int) throws(PackError) -> LogBuilder.Row {
        let whole = try self.row(row)
        let capturedAt = recordNumbers[block.recordTemplates[block.records.layout(ofRow: row)].capturedAt]
        var document: PreparedDocument?
        if let ids = whole.ids {
            let layout = try readDocument(row)
            document = PreparedDocument(
                content: layout == 0
                    ? .raw(try self.document(row))
                    : .table(template: try loadedDocuments().templates[layout - 1].text, numbers: documentNumbers),
                ids: ids)
        }
        return LogBuilder.Row(number: whole.number, capturedAt: capturedAt, record: whole.record, document: document)
    }

    /// The record's number in the sequence of the row that was read last.
    func number() throws(PackError) -> Int {
        let limit = Int64(PackFormat.recordLimit)
        guard let number = recordNumbers.first, (-limit...limit).contains(number),
            pack.trailer.range.contains(block.base + Int(number))
        else { throw .corrupt("a record's number is not one of the pack's", offset: block.entry.offset) }
        return block.base + Int(number)
    }

    // MARK: Reading

    private mutating func readRecord(_ row: Int) throws(PackError) {
        let layout = block.records.layout(ofRow: row)
        guard records.read(row, into: &recordNumbers),
            recordNumbers.count == block.recordTemplates[layout].layout.count
        else { throw misfit() }
    }

    private mutating func readDocument(_ row: Int) throws(PackError) -> Int {
        guard let place = block.documentRows[row] else { throw misfit() }
        _ = try loadedDocuments()
        guard documents?.cursor.read(place, into: &documentNumbers) == true,
            let layout = documents?.table.layout(ofRow: place)
        else { throw misfit() }
        return layout
    }

    private mutating func loadedDocuments() throws(PackError) -> PackedDocuments {
        if let documents { return documents }
        let loaded = try pack.documents(of: block)
        documents = loaded
        return loaded
    }

    /// Renders a row's document into `text`; nil where it fits no template.
    @discardableResult
    private mutating func render(_ row: Int) throws(PackError) -> DocumentTemplate? {
        let layout = try readDocument(row)
        guard layout > 0 else {
            guard let number = documentNumbers.first.flatMap({ Int(exactly: $0) }) else { throw misfit() }
            text = try pack.rawDocument(number, of: block)
            return nil
        }
        guard let template = documents?.templates[layout - 1],
            try template.template.render(documentNumbers, into: &text)
        else { throw misfit() }
        return template
    }

    private func misfit() -> PackError {
        .corrupt("a row of a block does not fit its template", offset: block.entry.offset)
    }

    private static func progress(of document: [UInt8], _ hasher: borrowing SHA256) throws(PackError) -> ObjectID {
        do {
            return hasher.digest(try JSONDocument(parsing: document).root.canonicalBytes(omitting: "rank"))
        } catch {
            throw .corrupt("a snapshot is not canonical JSON: \(error)", offset: 0)
        }
    }
}
