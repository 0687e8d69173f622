import ObjectStore

/// Rows of one log that fill a block.
struct OpenBlock {
    /// What is known of each row beside the tables.
    struct RowNote {
        var number: Int
        var capturedAt: Int64
        /// The first 64 bits of the id of its document, where it has one.
        var document: UInt64?
        var isSuccess: Bool
        /// Whether that document fits no table.
        var isRaw = false
    }

    private(set) var rows: [RowNote] = []
    /// Whether the rows came in the order of a log: by time, then number.
    private(set) var isSorted = true
    /// Bytes of documents that fit no table.
    private(set) var rawBytes = 0

    /// The number of the record that was added first, from which the rows' numbers count.
    private var base = 0
    private var records = RowBlockBuilder()
    private var documents = RowBlockBuilder()
    private var recordTemplates: [[UInt8]] = []
    private var documentTemplates: [[UInt8]] = []
    private var strings: [[UInt8]] = []
    private var places: [[UInt8]: Int] = [:]
    private var rawDocuments: [(id: ObjectID, size: Int, stored: ArraySlice<UInt8>)] = []
    /// Templates of the block before: one that comes again shares its storage.
    private var earlierTemplates: [[UInt8]] = []

    init() {}

    init(continuing earlier: OpenBlock) { earlierTemplates = earlier.documentTemplates }

    var memoryBytes: Int {
        records.memoryBytes + documents.memoryBytes + rows.count * MemoryLayout<RowNote>.stride + rawBytes
            + strings.count * 64 + documentTemplates.reduce(0) { $0 + $1.count }
    }

    /// Adds a row; false, and nothing is added, where a table is full.
    mutating func append(_ row: LogBuilder.Row, _ deflater: borrowing Deflater) throws(PackError) -> Bool {
        let ids = row.document?.ids
        guard let (text, values) = RecordTemplate.split(row.record, document: ids?.document, progress: ids?.progress)
        else { throw .corrupt("a record is no canonical JSON", offset: 0) }
        let template = Self.place(of: text, in: &recordTemplates)
        if rows.isEmpty { base = row.number }
        var numbers = [Int64(row.number) - Int64(base)]
        numbers.reserveCapacity(values.count + 1)
        for value in values {
            switch value {
            case .number(let number): numbers.append(number)
            case .string(let content): numbers.append(Int64(place(of: Array(content))))
            }
        }
        guard let document = row.document else {
            let note = RowNote(number: row.number, capturedAt: row.capturedAt, document: nil, isSuccess: false)
            return append(note, record: (template, numbers), document: nil)
        }
        var note = RowNote(
            number: row.number, capturedAt: row.capturedAt, document: document.ids.document.words.0,
            isSuccess: document.ids.progress != nil)
        switch document.content {
        case .table(let text, let documentNumbers):
            return append(
                note, record: (template, numbers), document: (place(ofTemplate: text) + 1, documentNumbers))
        case .raw(let bytes):
            note.isRaw = true
            let place = place(ofRaw: bytes, document.ids.document, deflater)
            return append(note, record: (template, numbers), document: (0, [Int64(place)]))
        }
    }

    private mutating func append(
        _ note: RowNote, record: (layout: Int, numbers: [Int64]), document: (layout: Int, numbers: [Int64])?
    ) -> Bool {
        guard records.rowCount < PackFormat.rowsPerBlock else { return false }
        if let document, !documents.append(layout: document.layout, numbers: document.numbers) { return false }
        guard records.append(layout: record.layout, numbers: record.numbers) else { return false }
        if let last = rows.last, (note.capturedAt, note.number) < (last.capturedAt, last.number) { isSorted = false }
        rows.append(note)
        return true
    }

    // MARK: What rows refer to

    private static func place(of text: [UInt8], in list: inout [[UInt8]]) -> Int {
        if let place = list.lastIndex(where: { $0.isSame(as: text) }) { return place }
        list.append(text)
        return list.count - 1
    }

    private mutating func place(ofTemplate text: [UInt8]) -> Int {
        if let place = documentTemplates.lastIndex(where: { $0.isSame(as: text) }) { return place }
        documentTemplates.append(earlierTemplates.last { $0.isSame(as: text) } ?? text)
        return documentTemplates.count - 1
    }

    private mutating func place(of string: [UInt8]) -> Int {
        if let place = places[string] { return place }
        strings.append(string)
        places[string] = strings.count - 1
        return strings.count - 1
    }

    private mutating func place(ofRaw bytes: [UInt8], _ id: ObjectID, _ deflater: borrowing Deflater) -> Int {
        if let place = rawDocuments.lastIndex(where: { $0.id == id }) { return place }
        let (size, stored) = PackPayload.store(bytes, deflater)
        rawDocuments.append((id, size, stored))
        rawBytes += stored.count
        return rawDocuments.count - 1
    }

    // MARK: Closing

    /// Takes memory off the rows until the block is closed.
    mutating func compact(_ tools: inout BlockTools) {
        tools.encoder.compact(&records)
        tools.encoder.compact(&documents)
    }

    /// The tables of the rows in the order of a log, and what they refer to.
    func close(_ tools: inout BlockTools) throws(PackError) -> LogBuilder.Closed {
        guard isSorted else { return try sorted(&tools).close(&tools) }
        let payload = try payload(&tools)
        var sightings: [LogBuilder.Sighting] = []
        var before: RowNote?
        for (place, row) in rows.enumerated() {
            guard let document = row.document else { continue }
            // A kept body may have the bytes of a snapshot; a reader compares rows of the table.
            let isRepeated = before?.document == document && before?.isRaw == row.isRaw
            sightings.append(
                LogBuilder.Sighting(
                    prefix: document, row: place, number: row.number, isSuccess: row.isSuccess,
                    expected: row.isSuccess && !isRepeated ? .newInArchive : .known))
            before = row
        }
        guard let first = rows.first, let last = rows.last else { throw .corrupt("a block has no rows", offset: 0) }
        return LogBuilder.Closed(
            base: base, rows: rows.count, successes: rows.count(where: \.isSuccess), first: first, last: last,
            lowestNumber: rows.reduce(first.number) { min($0, $1.number) }, recordTemplates: recordTemplates,
            documentTemplates: documentTemplates, strings: strings, hasRawDocuments: !rawDocuments.isEmpty,
            payload: payload.encoded(), sightings: sightings)
    }

    private func payload(_ tools: inout BlockTools) throws(PackError) -> PackPayload {
        var payload = PackPayload()
        do {
            var layouts: [RowLayout] = []
            for place in records.layouts { layouts.append(try tools.recordLayout(recordTemplates[place])) }
            payload.records = try tools.encoder.encode(records, layouts: layouts)[...]
            if documents.rowCount > 0 {
                layouts = []
                for place in documents.layouts {
                    layouts.append(
                        place == 0 ? tools.rawLayout : try tools.documentLayout(documentTemplates[place - 1]))
                }
                payload.documents = try tools.encoder.encode(documents, layouts: layouts)[...]
            }
        } catch let error as RowBlockError {
            throw PackError(error, "rows do not fit their templates", at: 0)
        } catch let error as PackError {
            throw error
        } catch {
            throw .corrupt("\(error)", offset: 0)
        }
        payload.rawDocuments = rawDocuments.map { ($0.size, $0.stored) }
        return payload
    }

    /// The same rows in the order of a log. Goes through the encoded form, which is the only dense one.
    func sorted(_ tools: inout BlockTools) throws(PackError) -> OpenBlock {
        let payload = try payload(&tools)
        let order = rows.indices.sorted {
            (rows[$0].capturedAt, rows[$0].number) < (rows[$1].capturedAt, rows[$1].number)
        }
        var places: [Int?] = []
        var next = 0
        for row in rows {
            places.append(row.document == nil ? nil : next)
            if row.document != nil { next += 1 }
        }
        var sorted = self
        (sorted.rows, sorted.isSorted) = ([], true)
        (sorted.records, sorted.documents) = (RowBlockBuilder(), RowBlockBuilder())
        do {
            let records = try decode(payload.records, &tools) { place, tools throws(PackError) in
                try tools.recordLayout(recordTemplates[place])
            }
            let documents =
                payload.documents.isEmpty
                ? nil
                : try decode(payload.documents, &tools) { place, tools throws(PackError) in
                    place == 0 ? tools.rawLayout : try tools.documentLayout(documentTemplates[place - 1])
                }
            var (recordCursor, documentCursor) = (records.cursor(), documents?.cursor())
            var (recordNumbers, documentNumbers): ([Int64], [Int64]) = ([], [])
            for row in order {
                recordCursor.read(row, into: &recordNumbers)
                var document: (layout: Int, numbers: [Int64])?
                if let place = places[row], let documents {
                    documentCursor?.read(place, into: &documentNumbers)
                    document = (documents.layout(ofRow: place), documentNumbers)
                }
                guard
                    sorted.append(
                        rows[row], record: (records.layout(ofRow: row), recordNumbers), document: document)
                else { throw PackError.corrupt("rows do not fit their block once sorted", offset: 0) }
            }
        } catch let error as RowBlockError {
            throw PackError(error, "a block does not read back", at: 0)
        } catch let error as PackError {
            throw error
        } catch {
            throw .corrupt("\(error)", offset: 0)
        }
        return sorted
    }

    private func decode(
        _ bytes: ArraySlice<UInt8>, _ tools: inout BlockTools,
        layout: (Int, inout BlockTools) throws(PackError) -> RowLayout
    ) throws -> RowBlock {
        var layouts: [RowLayout] = []
        for place in try RowBlockDecoder.layouts(in: bytes) { layouts.append(try layout(place, &tools)) }
        return try tools.decoder.decode(bytes, layouts: layouts)
    }
}
