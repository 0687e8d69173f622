import ObjectStore

/// Writes a pack anew without what is gone from it. Blocks that lose nothing are copied as they are; the tables of texts
/// are built anew, so that none stays that nothing names.
struct PackRewrite {
    /// A block that is taken over.
    struct Block {
        var entry: PackBlockEntry
        /// The first bits of the ids of its documents, at least as many as the new pack's index needs.
        var prefixes: [UInt64]
        /// Rows that are gone.
        var removed: Set<Int> = []
        /// Rows that are the first to name their snapshot now, or are no more.
        var novelties: [Int: PackBlock.Novelty] = [:]
    }

    /// The pack, and its blocks that are taken over, in the order of the directory.
    var pack: Pack
    var blocks: [Block]
    var otherRecords: [(number: Int, record: [UInt8])]
    /// All records that are gone then, in order.
    var gaps: [PackGap]

    /// Writes the new pack to a new file and returns the SHA-256 of its bytes, which are on the medium then.
    func write(to path: String, of storage: any Storage) throws(PackError) -> ObjectID {
        let trailer = pack.trailer
        var writer = try PackWriter(to: path, of: storage, first: trailer.first)
        var tools = try BlockTools()
        for block in blocks {
            if block.removed.isEmpty {
                try writer.add(try copy(block))
            } else {
                for part in try rebuild(block, &tools) { try writer.add(part) }
            }
        }
        return try writer.finish(
            PackWriter.Frame(
                archive: trailer.archive, first: trailer.first, count: trailer.count, headBefore: trailer.headBefore,
                headAfter: trailer.headAfter, idSum: trailer.idSum, otherRecords: otherRecords, gaps: gaps))
    }

    private func copy(_ block: Block) throws(PackError) -> PackWriter.Block {
        var copy = try pack.copy(block.entry, prefixes: block.prefixes)
        guard !block.novelties.isEmpty else { return copy }
        var rows = PackedRows(try pack.block(block.entry), of: pack)
        let novelties = try novelties(of: block, &rows)
        copy.exceptions = []
        for row in novelties.indices where try novelties[row] != rows.expectedNovelty(row) {
            copy.exceptions.append(PackBlock.Exception(row: row, novelty: novelties[row]))
        }
        copy.entry.newInLog = novelties.count { $0 != .known }
        copy.entry.newInArchive = novelties.count { $0 == .newInArchive }
        return copy
    }

    private func novelties(
        of block: Block, _ rows: inout PackedRows
    ) throws(PackError) -> [PackBlock.Novelty] {
        var novelties = try rows.novelties()
        for (row, novelty) in block.novelties where novelties.indices.contains(row) { novelties[row] = novelty }
        return novelties
    }

    /// The rows that stay, in new blocks.
    private func rebuild(_ block: Block, _ tools: inout BlockTools) throws(PackError) -> [PackWriter.Block] {
        let packed = try pack.block(block.entry)
        var rows = PackedRows(packed, of: pack)
        let novelties = try novelties(of: block, &rows)
        let log = LogBuilder()
        var kept: [Int: PackBlock.Novelty] = [:]
        for place in 0..<packed.rowCount where !block.removed.contains(place) {
            let row = try rows.wholeRow(place)
            kept[row.number] = novelties[place]
            try log.add(row, &tools)
        }
        try log.close(&tools)
        log.setNovelties { kept[$0] ?? .known }
        return log.takeBlocks(of: block.entry.series)
    }
}
