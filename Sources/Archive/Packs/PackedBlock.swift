import ObjectStore

/// A document template with the form that a progress id is of.
struct DocumentTemplate: Sendable {
    let template: Template
    /// The same document without members named `rank`.
    let progress: TemplateRendering

    /// The layout of a document that fits no template: its place among the block's raw documents.
    static func rawLayout() throws(PackError) -> RowLayout {
        do { return try RowLayout(keys: [Array("\u{1}raw".utf8)]) } catch { throw .corrupt("\(error)", offset: 0) }
    }

    init(text: [UInt8], at offset: Int = 0) throws(PackError) {
        do { template = try Template(text: text) } catch {
            throw .corrupt("a template is not what was written: \(error)", offset: offset)
        }
        progress = template.reduced(omitting: Array("rank".utf8))
    }
}

/// A decoded block: rows that are rendered when they are asked for.
struct PackedBlock {
    let entry: PackBlockEntry
    /// The sequence number from which the rows' numbers count.
    let base: Int
    let records: RowBlock
    let recordTemplates: [RecordTemplate]
    let strings: [ArraySlice<UInt8>]
    let documents: RowBlock?
    let documentTemplates: [DocumentTemplate]
    let payload: PackPayload
    let exceptions: [PackBlock.Exception]
    /// For each row its row in the table of documents, or nil.
    let documentRows: [Int?]

    init(
        _ entry: PackBlockEntry, base: Int, records: RowBlock, recordTemplates: [RecordTemplate],
        strings: [ArraySlice<UInt8>], documents: RowBlock?, documentTemplates: [DocumentTemplate],
        payload: PackPayload, exceptions: [PackBlock.Exception]
    ) throws(PackError) {
        (self.entry, self.base, self.records, self.recordTemplates) = (entry, base, records, recordTemplates)
        (self.strings, self.documents, self.documentTemplates) = (strings, documents, documentTemplates)
        (self.payload, self.exceptions) = (payload, exceptions)
        var (documentRows, next): ([Int?], Int) = ([], 0)
        documentRows.reserveCapacity(records.rowCount)
        for row in 0..<records.rowCount {
            let hasDocument = recordTemplates[records.layout(ofRow: row)].hasDocument
            documentRows.append(hasDocument ? next : nil)
            if hasDocument { next += 1 }
        }
        guard records.rowCount == entry.rows, next == documents?.rowCount ?? 0 else {
            throw .corrupt("a block has other rows than the directory says", offset: entry.offset)
        }
        self.documentRows = documentRows
    }

    var rowCount: Int { records.rowCount }

    func isSuccess(_ row: Int) -> Bool { recordTemplates[records.layout(ofRow: row)].isSuccess }

    /// Whether a row's document is plainly the one of the row with a document before it.
    func repeatsDocument(_ row: Int) -> Bool {
        guard let documents, let place = documentRows[row], place > 0 else { return false }
        return documents.isSame(asRowBefore: place)
    }

    /// Whether each row is the first to name its snapshot.
    func novelties() -> [PackBlock.Novelty] {
        var found = (0..<rowCount).map { expectedNovelty($0) }
        for exception in exceptions where found.indices.contains(exception.row) {
            found[exception.row] = exception.novelty
        }
        return found
    }

    /// What a row is where no exception says otherwise: new, unless its document is that of the row before.
    func expectedNovelty(_ row: Int) -> PackBlock.Novelty {
        isSuccess(row) && !repeatsDocument(row) ? .newInArchive : .known
    }
}
