import ObjectStore

/// Decoded blocks that were used last, of all packs of an archive, within a bound of memory.
final class PackCache {
    /// A decoded block and where its rows were read last.
    final class Rows {
        var rows: PackedRows
        fileprivate let pack: ObjectID
        fileprivate let offset: Int
        fileprivate let bytes: Int

        fileprivate init(_ rows: consuming PackedRows, pack: ObjectID, offset: Int, bytes: Int) {
            self.rows = rows
            (self.pack, self.offset, self.bytes) = (pack, offset, bytes)
        }
    }

    /// By their last use, the newest last: a list, since most commands use a handful of blocks.
    private var blocks: [Rows] = []
    private var bytes = 0
    private let limit: Int

    /// A decoded block takes some times of its stored bytes, and its templates.
    private static let growth = 5
    private static let fixedBytes = 40 << 10

    /// A cache of about so many bytes.
    init(limit: Int = 32 << 20) { self.limit = limit }

    /// The rows of a block.
    func rows(of entry: PackBlockEntry, in pack: Pack) throws(PackError) -> Rows {
        if let place = blocks.lastIndex(where: { $0.offset == entry.offset && $0.pack == pack.name }) {
            let known = blocks[place]
            if place < blocks.count - 1 {
                blocks.remove(at: place)
                blocks.append(known)
            }
            return known
        }
        let rows = Rows(
            PackedRows(try pack.block(entry), of: pack), pack: pack.name, offset: entry.offset,
            bytes: Self.fixedBytes + Self.growth * entry.length)
        bytes += rows.bytes
        blocks.append(rows)
        if bytes > limit { evict() }
        return rows
    }

    /// Lets go of those that were not used for longest, down to half of the bound.
    private func evict() {
        var kept = blocks.count
        var sum = 0
        while kept > 1, sum + blocks[kept - 1].bytes <= limit / 2 {
            kept -= 1
            sum += blocks[kept].bytes
        }
        blocks.removeFirst(kept)
        bytes = sum
    }
}

extension PackCache.Rows {
    /// The row with a number in the sequence.
    func index(numbered number: Int) throws(PackError) -> Int? {
        for row in 0..<rows.block.rowCount where try rows.logRow(row).sequenceNumber == number { return row }
        return nil
    }
}
