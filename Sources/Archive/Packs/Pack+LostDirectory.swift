import CivilTime
import Hiscores
import ObjectStore

/// A page of the directory that cannot be read says where its blocks are and whose; the blocks themselves say it as well.
extension Pack {
    /// Bytes of blocks that are looked through for one page.
    private static let searchLimit = PackFormat.blockLimit

    /// The entries of a page of the directory, made out from the blocks that it listed, up to the first that is damaged,
    /// too. They are as true as the checksums of the blocks. Throws where memory or the storage fails. O(the blocks' bytes).
    func entriesOfBlocks(listedOnPage number: Int) throws(PackError) -> [PackBlockEntry] {
        let (items, size) = (footer.directory.pages[number].items, footer.directoryBytes[number])
        var offset = footer.directoryBytes[..<number].reduce(PackFormat.head.count, +)
        guard size <= Self.searchLimit else { return [] }
        var entries: [PackBlockEntry] = []
        do throws(PackError) {
            let bytes = try stored(offset..<offset + size)
            var rest = bytes[...]
            while entries.count < items, !rest.isEmpty {
                let length = try PackBlock.length(ofFirstIn: rest, at: offset)
                let entry = try self.entry(ofBlockAt: offset, Array(rest.prefix(length)))
                let before = entries.last?.series
                guard before.map({ $0 <= entry.series }) ?? (entry.series == footer.directoryKeys[number]) else {
                    break
                }
                entries.append(entry)
                rest = rest.dropFirst(length)
                offset += length
            }
        } catch {
            try error.throwUnlessCorrupt()
        }
        return entries
    }

    /// What the directory says of a block, told from the block itself.
    private func entry(ofBlockAt offset: Int, _ bytes: [UInt8]) throws(PackError) -> PackBlockEntry {
        let payload = try PackPayload(decoding: try PackBlock(decoding: bytes, at: offset).payload, at: offset)
        let count: Int
        do { count = try RowBlockDecoder.rowCount(in: payload.records) } catch {
            throw PackError(error, "a table of a block is not what was written", at: offset)
        }
        // Whose it is stands in its records alone.
        var entry = PackBlockEntry(
            series: SeriesKey(player: footer.directoryKeys[0].player, board: footer.directoryKeys[0].board),
            offset: offset, length: bytes.count, rows: count, successes: 0, newInLog: 0, newInArchive: 0, first: 0,
            last: 0, firstNumber: trailer.first, lastNumber: trailer.first, lowestNumber: trailer.first)
        var rows = PackedRows(try block(entry), of: self)
        guard count > 0 else { throw .corrupt("a block has no rows", offset: offset) }
        let observation = try PackHistory.entry(0, &rows).entry.observation
        entry.series = SeriesKey(player: observation.player, board: observation.board)
        let (first, last) = (try rows.logRow(0), try rows.logRow(count - 1))
        guard first.point <= last.point else { throw .corrupt("rows are out of order", offset: offset) }
        (entry.first, entry.firstNumber) = (first.capturedAt.millisecondsSinceEpoch, first.sequenceNumber)
        (entry.last, entry.lastNumber) = (last.capturedAt.millisecondsSinceEpoch, last.sequenceNumber)
        entry.lowestNumber = first.sequenceNumber
        for row in 0..<count {
            entry.lowestNumber = min(entry.lowestNumber, try rows.logRow(row).sequenceNumber)
            if rows.block.isSuccess(row) { entry.successes += 1 }
        }
        let novelties = try rows.novelties()
        entry.newInLog = novelties.count { $0 != .known }
        entry.newInArchive = novelties.count { $0 == .newInArchive }
        return entry
    }
}
