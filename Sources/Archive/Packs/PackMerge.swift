import CivilTime
import ObjectStore
import Threads

/// Makes one pack of packs that follow one another in the sequence.
///
/// Blocks of a log that lie apart in time and have no room for one another are copied as they are; small ones are
/// joined, overlapping ones merged. What is joined is rendered and hashed again on the way; of what is copied the ids of
/// the documents are, where the index has too little of them.
struct PackMerge {
    private let packs: [Pack]
    /// For each pack the prefixes of the documents in each block; nil where they have fewer bits than the new pack may
    /// need.
    private let prefixes: [[[UInt64]]?]
    private let rowsAtOnce: Int

    /// Rows of one log that are held at once: some 3 kB each.
    private static let rowsAtOnce = 16 * PackFormat.rowsPerBlock

    /// A block of one of the packs.
    private struct Source {
        var pack: Int
        var number: Int
        var entry: PackBlockEntry
    }

    /// A merge of packs in the order of the sequence, one beginning where the one before ends.
    init(_ packs: [Pack], rowsAtOnce: Int = Self.rowsAtOnce) throws(PackError) {
        let entries = packs.reduce(0) { $0 + $1.footer.index.items }
        let fingerprintBits = PackFingerprints.bits(forEntries: entries)
        var prefixes: [[[UInt64]]?] = []
        for pack in packs {
            prefixes.append(
                pack.footer.fingerprints.bits >= fingerprintBits ? try Self.prefixes(of: pack) : nil)
        }
        (self.packs, self.prefixes, self.rowsAtOnce) = (packs, prefixes, rowsAtOnce)
    }

    /// For each block of a pack the prefixes of its documents, as the index has them.
    static func prefixes(of pack: Pack) throws(PackError) -> [[UInt64]] {
        var found: [[UInt64]] = Array(repeating: [], count: pack.footer.blocks)
        for page in pack.footer.index.pages.indices {
            for entry in try pack.indexPage(page) {
                found[entry.block].append(entry.fingerprint << UInt64(64 - pack.footer.fingerprints.bits))
            }
        }
        return found
    }

    /// Writes the merged pack to a new file and returns the SHA-256 of its bytes, which are on the medium then.
    func write(to path: String, of storage: any Storage) throws(PackError) -> ObjectID {
        guard let first = packs.first, let last = packs.last else {
            throw .corrupt("there is nothing to merge", offset: 0)
        }
        var writer = try PackWriter(to: path, of: storage, first: first.trailer.first)
        var groups = try groups()[...]
        let (prefixes, names, rowsAtOnce) = (self.prefixes, packs.map(\.name), self.rowsAtOnce)
        try orderedMap(
            next: { () throws(PackError) in groups.popFirst() },
            context: { () throws(PackError) in try Joiner(names, in: storage, prefixes, rowsAtOnce) },
            transform: { joiner, group in
                Result { () throws(PackError) in try joiner.blocks(of: group) }
            },
            consume: { (blocks: Result<[PackWriter.Block], PackError>) throws(PackError) in
                for block in try blocks.get() { try writer.add(block) }
            })
        var frame = PackWriter.Frame(
            archive: first.trailer.archive, first: first.trailer.first,
            count: packs.reduce(0) { $0 + $1.trailer.count }, headBefore: first.trailer.headBefore,
            headAfter: last.trailer.headAfter, idSum: IDSum())
        for pack in packs {
            frame.idSum += pack.trailer.idSum
            frame.otherRecords += try pack.otherRecords()
            frame.gaps += try pack.gaps()
        }
        return try writer.finish(frame)
    }

    /// The blocks in the order of their logs and of time, those that become one together.
    private func groups() throws(PackError) -> [[Source]] {
        var sources: [Source] = []
        for (place, pack) in packs.enumerated() {
            for (number, entry) in try pack.allBlocks().enumerated() {
                sources.append(Source(pack: place, number: number, entry: entry))
            }
        }
        sources.sort {
            $0.entry.series == $1.entry.series
                ? ($0.entry.first, $0.entry.last, $0.pack) < ($1.entry.first, $1.entry.last, $1.pack)
                : $0.entry.series < $1.entry.series
        }
        var groups: [[Source]] = []
        var (rows, last) = (0, Int64.min)
        for source in sources {
            let entry = source.entry
            if let group = groups.last, group[0].entry.series == entry.series,
                entry.first <= last || rows + entry.rows <= PackFormat.rowsPerBlock
            {
                groups[groups.count - 1].append(source)
                (rows, last) = (rows + entry.rows, max(last, entry.last))
            } else {
                groups.append([source])
                (rows, last) = (entry.rows, entry.last)
            }
        }
        return groups
    }

    /// One thread's way to the blocks.
    private struct Joiner: ~Copyable {
        private let packs: [Pack]
        private var tools: BlockTools
        private let prefixes: [[[UInt64]]?]
        private let rowsAtOnce: Int

        init(
            _ names: [ObjectID], in storage: any Storage, _ prefixes: [[[UInt64]]?], _ rowsAtOnce: Int
        ) throws(PackError) {
            var packs: [Pack] = []
            for name in names { packs.append(try Pack.open(name, in: storage)) }
            tools = try BlockTools()
            (self.packs, self.prefixes, self.rowsAtOnce) = (packs, prefixes, rowsAtOnce)
        }

        mutating func blocks(of group: [Source]) throws(PackError) -> [PackWriter.Block] {
            guard group.count == 1 else { return try join(group) }
            let source = group[0]
            guard let prefixes = prefixes[source.pack] else {
                return [try packs[source.pack].copy(source.entry, prefixes: try documentPrefixes(of: source))]
            }
            return [try packs[source.pack].copy(source.entry, prefixes: prefixes[source.number])]
        }

        /// The first 64 bits of the ids of a block's documents.
        private func documentPrefixes(of source: Source) throws(PackError) -> [UInt64] {
            let pack = packs[source.pack]
            var reader = PackedRows(try pack.block(source.entry), of: pack)
            var prefixes: Set<UInt64> = []
            for row in 0..<reader.block.rowCount where reader.block.documentRows[row] != nil {
                prefixes.insert(try reader.ids(row).document.words.0)
            }
            return Array(prefixes)
        }

        /// The rows of several blocks of one log in new blocks.
        private mutating func join(_ group: [Source]) throws(PackError) -> [PackWriter.Block] {
            let log = LogBuilder()
            var novelties: [Int: PackBlock.Novelty] = [:]
            for slice in try slices(of: group) {
                var rows: [LogBuilder.Row] = []
                for source in group { try read(source, slice, into: &rows, &novelties) }
                rows.sort { ($0.capturedAt, $0.number) < ($1.capturedAt, $1.number) }
                for row in rows { try log.add(row, &tools) }
            }
            try log.close(&tools)
            log.setNovelties { novelties[$0] ?? .known }
            return log.takeBlocks(of: group[0].entry.series)
        }

        /// Reads the rows of a block that lie in a slice of the log.
        private func read(
            _ source: Source, _ slice: ClosedRange<LogPoint>?, into rows: inout [LogBuilder.Row],
            _ novelties: inout [Int: PackBlock.Novelty]
        ) throws(PackError) {
            if let slice,
                slice.upperBound.capturedAt.millisecondsSinceEpoch < source.entry.first
                    || source.entry.last < slice.lowerBound.capturedAt.millisecondsSinceEpoch
            {
                return
            }
            let pack = packs[source.pack]
            let block = try pack.block(source.entry)
            var reader = PackedRows(block, of: pack)
            var wanted = Array(0..<block.rowCount)
            if let slice {
                wanted = []
                for place in 0..<block.rowCount where try slice.contains(reader.logRow(place).point) {
                    wanted.append(place)
                }
            }
            guard !wanted.isEmpty else { return }
            let ofBlock = try reader.novelties()
            for place in wanted {
                let row = try reader.wholeRow(place)
                novelties[row.number] = ofBlock[place]
                rows.append(row)
            }
        }

        /// The log of some blocks in slices of as many rows as are held at once; nil for all of it. Captures that came in
        /// no order lie in blocks that all overlap: each of these is then decoded once for a slice.
        private func slices(of group: [Source]) throws(PackError) -> [ClosedRange<LogPoint>?] {
            guard group.reduce(0, { $0 + $1.entry.rows }) > rowsAtOnce else { return [nil] }
            var points: [LogPoint] = []
            for source in group {
                let pack = packs[source.pack]
                var reader = PackedRows(try pack.block(source.entry), of: pack)
                for place in 0..<source.entry.rows { points.append(try reader.logRow(place).point) }
            }
            points.sort()
            return stride(from: 0, to: points.count, by: rowsAtOnce).map {
                points[$0]...points[min($0 + rowsAtOnce, points.count) - 1]
            }
        }
    }
}
