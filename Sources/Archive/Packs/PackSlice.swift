import ObjectStore

/// The records of a pack from one number on, as a pack of their own: what a copy of the sequence lacks that ends within
/// this one.
///
/// Rows keep their numbers and what is known of their novelty; blocks in which none of them lies are not decoded where
/// the directory shows that.
struct PackSlice {
    private let pack: Pack
    private let first: Int

    /// The records from `first`, which is a number within the pack and not its first one.
    init(of pack: Pack, from first: Int) { (self.pack, self.first) = (pack, first) }

    /// Writes the new pack to a new file and returns the SHA-256 of its bytes. Nil, and no file, where the records do
    /// not lead from `headBefore` to the pack's last head: another history, or one with records whose ids are lost.
    func write(to path: String, of storage: any Storage, headBefore: SequenceHead) throws(PackError) -> ObjectID? {
        let end = pack.trailer.range.upperBound
        var ids: [ObjectID?] = Array(repeating: nil, count: end - first)
        var frame = PackWriter.Frame(
            archive: pack.trailer.archive, first: first, count: end - first, headBefore: headBefore,
            headAfter: pack.trailer.headAfter, idSum: IDSum())
        for gap in try pack.gaps() where gap.numbers.upperBound > first {
            guard let id = gap.id else { return nil }
            ids[gap.numbers.lowerBound - first] = id
            frame.gaps.append(gap)
        }
        let hasher = SHA256()
        for (number, record) in try pack.otherRecords() where number >= first {
            ids[number - first] = hasher.digest(record)
            frame.otherRecords.append((number, record))
        }
        var writer = try PackWriter(to: path, of: storage, first: first)
        var tools = try BlockTools()
        var rest = try parts(rows: ids.count { $0 == nil })[...]
        while let series = rest.first?.entry.series {
            var rows: [LogBuilder.Row] = []
            var novelties: [Int: PackBlock.Novelty] = [:]
            while let part = rest.first, part.entry.series == series {
                var reader = PackedRows(try pack.block(part.entry), of: pack)
                let known = try reader.novelties()
                for place in part.rows {
                    let row = try reader.wholeRow(place)
                    novelties[row.number] = known[place]
                    ids[row.number - first] = hasher.digest(row.record)
                    rows.append(row)
                }
                rest.removeFirst()
            }
            rows.sort { ($0.capturedAt, $0.number) < ($1.capturedAt, $1.number) }
            let log = LogBuilder()
            for row in rows { try log.add(row, &tools) }
            try log.close(&tools)
            log.setNovelties { novelties[$0] ?? .known }
            for block in log.takeBlocks(of: series) { try writer.add(block) }
        }
        var head = headBefore
        for id in ids {
            guard let id else { throw .corrupt("a record of it is nowhere", offset: 0) }
            head = head.appending(record: id, hasher)
            frame.idSum += id
        }
        guard head == pack.trailer.headAfter else {
            do { try storage.remove(path) } catch { throw .storage(error) }
            return nil
        }
        return try writer.finish(frame)
    }

    /// A block, and the rows of it that are in the slice.
    private struct Part {
        var entry: PackBlockEntry
        var rows: [Int]
    }

    /// The blocks with rows in the slice, in the order of the directory. `rows` is how many rows there are in all: once
    /// they are found, no other block is decoded.
    private func parts(rows wanted: Int) throws(PackError) -> [Part] {
        let entries = try pack.allBlocks()
        var parts: [(number: Int, part: Part)] = []
        var found = 0
        // Rows come in the order of time, numbers mostly too: most blocks tell by their ends.
        for isLikely in [true, false] where found < wanted {
            for (number, entry) in entries.enumerated()
            where (max(entry.firstNumber, entry.lastNumber) >= first) == isLikely && found < wanted {
                var reader = PackedRows(try pack.block(entry), of: pack)
                var rows: [Int] = []
                for row in 0..<entry.rows where try reader.logRow(row).sequenceNumber >= first { rows.append(row) }
                guard !rows.isEmpty else { continue }
                found += rows.count
                parts.append((number, Part(entry: entry, rows: rows)))
            }
        }
        return parts.sorted { $0.number < $1.number }.map(\.part)
    }
}
