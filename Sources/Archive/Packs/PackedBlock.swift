import ObjectStore

/// A document template with the form that a progress id is of. Most of it is made when a document is rendered: a block
/// decodes with the layouts alone.
final class DocumentTemplate {
    let text: [UInt8]
    let layout: RowLayout
    private let offset: Int
    private var renderings: (whole: Template, progress: TemplateRendering)?

    /// The layout of a document that fits no template: its place among the block's raw documents.
    static func rawLayout() throws(PackError) -> RowLayout {
        do { return try RowLayout(keys: [Array("\u{1}raw".utf8)]) } catch { throw .corrupt("\(error)", offset: 0) }
    }

    /// The template with this text, for a block at `offset` of a file.
    init(text: [UInt8], _ layouts: inout TemplateLayouts, at offset: Int = 0) throws(PackError) {
        do { layout = try layouts.layout(of: text) } catch {
            throw .corrupt("a template is not what was written: \(error)", offset: offset)
        }
        (self.text, self.offset) = (text, offset)
    }

    /// The template itself.
    var template: Template { get throws(PackError) { try rendered().whole } }

    /// The same document without members named `rank`.
    var progress: TemplateRendering { get throws(PackError) { try rendered().progress } }

    private func rendered() throws(PackError) -> (whole: Template, progress: TemplateRendering) {
        if let renderings { return renderings }
        do {
            let template = try Template(text: text, layout: layout)
            let made = (template, template.reduced(omitting: Array("rank".utf8)))
            renderings = made
            return made
        } catch {
            throw .corrupt("a template is not what was written: \(error)", offset: offset)
        }
    }
}

/// A decoded block: the table of its records; that of its documents is decoded when one is asked for.
struct PackedBlock {
    let entry: PackBlockEntry
    /// The sequence number from which the rows' numbers count.
    let base: Int
    let records: RowBlock
    let recordTemplates: [RecordTemplate]
    let strings: [ArraySlice<UInt8>]
    /// The pack's numbers of the templates that the table of documents names.
    let documentTemplates: [Int]
    let payload: PackPayload
    let exceptions: [PackBlock.Exception]
    /// For each row its row in the table of documents, or nil.
    let documentRows: [Int?]
    /// Rows of that table.
    let documentCount: Int

    init(
        _ entry: PackBlockEntry, base: Int, records: RowBlock, recordTemplates: [RecordTemplate],
        strings: [ArraySlice<UInt8>], documentTemplates: [Int], payload: PackPayload,
        exceptions: [PackBlock.Exception]
    ) throws(PackError) {
        (self.entry, self.base, self.records, self.recordTemplates) = (entry, base, records, recordTemplates)
        (self.strings, self.documentTemplates) = (strings, documentTemplates)
        (self.payload, self.exceptions) = (payload, exceptions)
        guard exceptions.allSatisfy({ $0.row < records.rowCount }) else {
            throw .corrupt("a block has an exception for a row that it does not have", offset: entry.offset)
        }
        var (documentRows, next): ([Int?], Int) = ([], 0)
        documentRows.reserveCapacity(records.rowCount)
        for row in 0..<records.rowCount {
            let hasDocument = recordTemplates[records.layout(ofRow: row)].hasDocument
            documentRows.append(hasDocument ? next : nil)
            if hasDocument { next += 1 }
        }
        guard records.rowCount == entry.rows, payload.documents.isEmpty == (next == 0) else {
            throw .corrupt("a block has other rows than the directory says", offset: entry.offset)
        }
        (self.documentRows, documentCount) = (documentRows, next)
    }

    var rowCount: Int { records.rowCount }

    func isSuccess(_ row: Int) -> Bool { recordTemplates[records.layout(ofRow: row)].isSuccess }
}

/// The documents of a block: their numbers, and the templates that make texts of them.
struct PackedDocuments {
    let table: RowBlock
    let templates: [DocumentTemplate]
    var cursor: RowCursor

    init(_ table: RowBlock, _ templates: [DocumentTemplate]) {
        (self.table, self.templates, cursor) = (table, templates, table.cursor())
    }
}
