import ObjectStore

/// Blocks: decoded, and as another pack takes them over.
extension Pack {
    /// A decoded block. It is not kept here: `PackCache` does that.
    func block(_ entry: PackBlockEntry) throws(PackError) -> PackedBlock {
        let block = try storedBlock(entry)
        let payload = try PackPayload(decoding: block.payload, at: entry.offset)
        var recordTemplates: [RecordTemplate] = []
        for text in try texts(block.recordTemplates, of: footer.recordTemplates) {
            recordTemplates.append(try RecordTemplate(text: text))
        }
        var strings: [ArraySlice<UInt8>] = []
        for number in block.strings { strings.append(try text(number, of: footer.strings)) }
        let records = try decode(payload.records, recordTemplates.map(\.layout), at: entry.offset)
        return try PackedBlock(
            entry, base: trailer.first + block.base, records: records, recordTemplates: recordTemplates,
            strings: strings, documentTemplates: block.documentTemplates, payload: payload,
            exceptions: block.exceptions)
    }

    /// The documents of a block that has some.
    func documents(of block: PackedBlock) throws(PackError) -> PackedDocuments {
        var templates: [DocumentTemplate] = []
        for text in try documentTemplates(block.documentTemplates) {
            templates.append(try DocumentTemplate(text: text, &layouts, at: block.entry.offset))
        }
        let table = try decode(
            block.payload.documents, [try DocumentTemplate.rawLayout()] + templates.map(\.layout),
            at: block.entry.offset)
        guard table.rowCount == block.documentCount else {
            throw .corrupt("a block has other documents than its records name", offset: block.entry.offset)
        }
        return PackedDocuments(table, templates)
    }

    /// A table whose rows name layouts by their place in `layouts`.
    private func decode(
        _ bytes: ArraySlice<UInt8>, _ layouts: [RowLayout], at offset: Int
    ) throws(PackError) -> RowBlock {
        do {
            let used = try RowBlockDecoder.layouts(in: bytes)
            guard used.allSatisfy(layouts.indices.contains) else {
                throw PackError.corrupt("a table names a layout that its block does not have", offset: offset)
            }
            return try decoder.decode(bytes, layouts: used.map { layouts[$0] })
        } catch let error as RowBlockError {
            throw PackError(error, "a table of a block is not what was written", at: offset)
        } catch let error as PackError {
            throw error
        } catch {
            throw .corrupt("\(error)", offset: offset)
        }
    }

    /// A document of a block that fits no table.
    func rawDocument(_ number: Int, of block: PackedBlock) throws(PackError) -> [UInt8] {
        try block.payload.rawDocument(number, at: block.entry.offset, inflater)
    }

    /// Texts of a table by their numbers.
    private func texts(_ numbers: [Int], of section: PackSection) throws(PackError) -> [[UInt8]] {
        var texts: [[UInt8]] = []
        for number in numbers { texts.append(Array(try text(number, of: section))) }
        return texts
    }

    private func documentTemplates(_ numbers: [Int]) throws(PackError) -> [[UInt8]] {
        var texts: [[UInt8]] = []
        for number in numbers { texts.append(Array(try documentTemplate(number))) }
        return texts
    }

    /// A block as it is, in its own terms, for another pack. `prefixes` are those of its documents' ids.
    func copy(_ entry: PackBlockEntry, prefixes: [UInt64]) throws(PackError) -> PackWriter.Block {
        let stored = try storedBlock(entry)
        return PackWriter.Block(
            entry: entry, base: trailer.first + stored.base,
            recordTemplates: try texts(stored.recordTemplates, of: footer.recordTemplates),
            documentTemplates: try documentTemplates(stored.documentTemplates),
            strings: try texts(stored.strings, of: footer.strings), exceptions: stored.exceptions,
            payload: stored.payload, prefixes: prefixes)
    }
}
