import ObjectStore

/// Some of all snapshots, by the first 64 bits of their ids.
struct PrefixSet {
    /// Whether it is all of them.
    private(set) var isAll: Bool
    private var ranges: [ClosedRange<UInt64>] = []

    /// All snapshots.
    static let all = PrefixSet(isAll: true)

    private init(isAll: Bool) { self.isAll = isAll }

    /// Those with some prefixes, of which the first `bits` bits are known.
    init(_ prefixes: some Sequence<UInt64>, bits: Int = 64) {
        self.init(isAll: false)
        ranges = prefixes.map { Self.range($0, bits: bits) }.sorted { $0.lowerBound < $1.lowerBound }
    }

    mutating func formUnion(_ other: PrefixSet) {
        isAll = isAll || other.isAll
        ranges = (ranges + other.ranges).sorted { $0.lowerBound < $1.lowerBound }
    }

    var isEmpty: Bool { !isAll && ranges.isEmpty }

    /// Whether a prefix of which the first `bits` bits are known may be one of them.
    func mayContain(_ prefix: UInt64, bits: Int = 64) -> Bool {
        if isAll { return true }
        let wanted = Self.range(prefix, bits: bits)
        // Ranges of one width begin in the order in which they end; those of several widths are powers of two, so one
        // that overlaps begins at the most 2^44 before.
        var place = ranges.partitioningIndex { $0.lowerBound > wanted.upperBound }
        while place > 0 {
            place -= 1
            if ranges[place].upperBound >= wanted.lowerBound { return true }
            if wanted.lowerBound - ranges[place].upperBound > Self.widest { return false }
        }
        return false
    }

    /// Fingerprints have at least 20 bits.
    private static let widest: UInt64 = 1 << 44

    private static func range(_ prefix: UInt64, bits: Int) -> ClosedRange<UInt64> {
        let rest: UInt64 = bits >= 64 ? 0 : .max >> UInt64(max(0, bits))
        return prefix & ~rest...(prefix | rest)
    }
}

/// Finds anew which observations are the first to name their snapshot, after others have gone.
struct NoveltyCorrection {
    /// A pack with the blocks that are left of it.
    struct Source {
        var pack: Pack
        var blocks: [PackRewrite.Block]
        /// How many bits of the blocks' prefixes are known.
        var bits: Int
    }

    /// An observation behind the packs.
    struct TailRow {
        var prefix: UInt64
        var number: Int
        var series: SeriesKey
    }

    private struct Sighting {
        var prefix: UInt64
        var number: Int
        var series: SeriesKey
        /// Where it stands; nil for a row of the tail.
        var place: (source: Int, block: Int, row: Int)?
        var novelty: PackBlock.Novelty?
    }

    private(set) var sources: [Source]
    /// The sources of which a block was changed.
    private(set) var changed: Set<Int> = []
    /// What the rows of the tail are, by their numbers.
    private(set) var tail: [Int: PackBlock.Novelty] = [:]

    /// Corrects the observations that name one of `affected`, and says what those of the tail are. Decodes the blocks
    /// that may hold them, and no others.
    init(_ sources: [Source], tail rows: [TailRow], affected: PrefixSet) throws(PackError) {
        self.sources = sources
        var wanted = affected
        wanted.formUnion(PrefixSet(rows.lazy.map(\.prefix)))
        guard !wanted.isEmpty else { return }
        var sightings = rows.map { Sighting(prefix: $0.prefix, number: $0.number, series: $0.series) }
        for (source, content) in sources.enumerated() {
            for (number, block) in content.blocks.enumerated()
            where block.prefixes.contains(where: { wanted.mayContain($0, bits: content.bits) }) {
                let packed = try content.pack.block(block.entry)
                var reader = PackedRows(packed, of: content.pack)
                let novelties = try reader.novelties()
                for row in 0..<packed.rowCount where packed.isSuccess(row) && !block.removed.contains(row) {
                    let prefix = try reader.ids(row).document.words.0
                    guard wanted.mayContain(prefix) else { continue }
                    let place = (source: source, block: number, row: row)
                    sightings.append(
                        Sighting(
                            prefix: prefix, number: try reader.logRow(row).sequenceNumber,
                            series: block.entry.series, place: place, novelty: novelties[row]))
                }
            }
        }
        correct(sightings.sorted { ($0.prefix, $0.number) < ($1.prefix, $1.number) })
    }

    private mutating func correct(_ sightings: [Sighting]) {
        var (before, logs): (UInt64?, Set<SeriesKey>) = (nil, [])
        for sighting in sightings {
            if sighting.prefix != before { (before, logs) = (sighting.prefix, []) }
            let novelty: PackBlock.Novelty =
                logs.isEmpty ? .newInArchive : logs.contains(sighting.series) ? .known : .newInLog
            logs.insert(sighting.series)
            if let place = sighting.place {
                guard novelty != sighting.novelty else { continue }
                sources[place.source].blocks[place.block].novelties[place.row] = novelty
                changed.insert(place.source)
            } else {
                tail[sighting.number] = novelty
            }
        }
    }
}

extension NoveltyCorrection.Source {
    /// A pack of which nothing is gone.
    init(whole pack: Pack) throws(PackError) {
        let prefixes = try PackMerge.prefixes(of: pack)
        self.init(
            pack: pack,
            blocks: try pack.allBlocks().enumerated().map { PackRewrite.Block(entry: $1, prefixes: prefixes[$0]) },
            bits: pack.footer.fingerprints.bits)
    }
}
