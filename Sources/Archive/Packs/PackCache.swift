import ObjectStore

/// Decoded blocks that were used last, of all packs of an archive, within a bound of memory.
final class PackCache {
    /// A decoded block and where its rows were read last.
    final class Rows {
        var rows: PackedRows
        fileprivate let bytes: Int
        fileprivate var lastUse = 0

        init(_ rows: consuming PackedRows, bytes: Int) {
            self.rows = rows
            self.bytes = bytes
        }
    }

    private struct Key: Hashable {
        let pack: ObjectID
        let offset: Int
    }

    private var blocks: [Key: Rows] = [:]
    private var bytes = 0
    private var clock = 0
    private let limit: Int

    /// A decoded block takes some times of its stored bytes, and its templates.
    private static let growth = 5
    private static let fixedBytes = 40 << 10

    /// A cache of about so many bytes.
    init(limit: Int = 32 << 20) { self.limit = limit }

    /// The rows of a block.
    func rows(of entry: PackBlockEntry, in pack: Pack) throws(PackError) -> Rows {
        clock += 1
        let key = Key(pack: pack.name, offset: entry.offset)
        if let known = blocks[key] {
            known.lastUse = clock
            return known
        }
        let rows = Rows(
            PackedRows(try pack.block(entry), of: pack), bytes: Self.fixedBytes + Self.growth * entry.length)
        if bytes + rows.bytes > limit { evict() }
        rows.lastUse = clock
        blocks[key] = rows
        bytes += rows.bytes
        return rows
    }

    /// Lets go of the half that was not used for longest.
    private func evict() {
        let middle = blocks.values.map(\.lastUse).sorted()[blocks.count / 2]
        blocks = blocks.filter { $0.value.lastUse > middle }
        bytes = blocks.values.reduce(0) { $0 + $1.bytes }
    }
}

extension PackCache.Rows {
    /// The row with a number in the sequence.
    func index(numbered number: Int) throws(PackError) -> Int? {
        for row in 0..<rows.block.rowCount where try rows.logRow(row).sequenceNumber == number { return row }
        return nil
    }
}
