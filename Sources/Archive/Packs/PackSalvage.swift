import ObjectStore

/// What is sound of a damaged pack whose trailer and footer can be read.
struct PackSalvage {
    let pack: Pack
    /// The sound blocks.
    private(set) var blocks: [PackRewrite.Block] = []
    /// Runs of damaged blocks of one log that follow one another.
    private(set) var damagedRuns: [[PackBlockEntry]] = []
    private(set) var otherRecords: [(number: Int, record: [UInt8])] = []
    /// The gaps that it had, as far as they can be read.
    private(set) var gaps: [PackGap] = []
    /// Whether gaps stand in pages that cannot be read.
    private(set) var hasDamagedGaps = false
    /// The numbers of records that nothing is left of, in order.
    private(set) var missing: [Int] = []
    /// Snapshots that lost blocks may have named.
    private(set) var lostPrefixes = PrefixSet([])
    /// Whether everything can be read, and yet is not what the heads before and after it commit to: nobody can tell
    /// what was altered.
    private(set) var isForged = false

    private var ids: [ObjectID?]

    /// Looks at every block and page. Throws where memory or the storage fails.
    init(_ name: ObjectID, at path: String, of storage: any Storage) throws(PackError) {
        let file: any StorageFile
        do { file = try storage.openContents(path, as: .pack) } catch { throw PackError(reading: error) }
        pack = try Pack(name, file)
        ids = Array(repeating: nil, count: pack.trailer.count)
        let sections = PackSectionCheck(pack)
        for finding in sections.findings { try finding.error.throwUnlessCorrupt() }
        gaps = sections.gaps
        for gap in gaps { if let id = gap.id { _ = take(id, gap.numbers.lowerBound) } }
        hasDamagedGaps = gaps.count < pack.footer.gaps.items
        try takeOtherRecords()
        let hasLostBlocks = try takeBlocks(sections.entries, file)
        let lost = Set(gaps.filter { $0.id == nil }.flatMap(\.numbers))
        missing = ids.indices.filter { ids[$0] == nil && !lost.contains(pack.trailer.first + $0) }
            .map { pack.trailer.first + $0 }
        if hasLostBlocks { lostPrefixes = prefixesOfLostBlocks() }
        if missing.isEmpty, lost.isEmpty { isForged = !isChained }
    }

    /// Takes a record; false where its number has one already.
    private mutating func take(_ id: ObjectID, _ number: Int) -> Bool {
        let place = number - pack.trailer.first
        guard ids.indices.contains(place), ids[place] == nil else { return false }
        ids[place] = id
        return true
    }

    private mutating func takeOtherRecords() throws(PackError) {
        let hasher = SHA256()
        for page in pack.footer.otherRecords.pages.indices {
            var records: [(number: Int, record: [UInt8])] = []
            do { records = try pack.otherRecords(onPage: page) } catch { try error.throwUnlessCorrupt() }
            for (number, record) in records {
                guard (try? RecordFormat.decode(record)) != nil, take(hasher.digest(record), number) else { continue }
                otherRecords.append((number, record))
            }
        }
    }

    /// Takes the sound blocks; returns whether others are lost.
    private mutating func takeBlocks(
        _ entries: [PackBlockEntry], _ file: any StorageFile
    ) throws(PackError) -> Bool {
        let prover = try PackProver(pack.name, file, newestFrom: nil)
        var lastDamaged: Int?
        for (number, entry) in entries.enumerated() {
            let proof = prover.prove(entry, number: number)
            let places = proof.records.map { $0.number - pack.trailer.first }
            if proof.error == nil, Set(places).count == places.count, places.allSatisfy({ ids[$0] == nil }) {
                for (number, id) in proof.records { _ = take(id, number) }
                blocks.append(PackRewrite.Block(entry: entry, prefixes: proof.prefixes))
                continue
            }
            try proof.error?.throwUnlessCorrupt()
            if let last = lastDamaged, last == number - 1, damagedRuns[damagedRuns.count - 1][0].series == entry.series
            {
                damagedRuns[damagedRuns.count - 1].append(entry)
            } else {
                damagedRuns.append([entry])
            }
            lastDamaged = number
        }
        return blocks.count < pack.footer.blocks
    }

    /// What the index says of blocks that are not among the sound ones; everything where it cannot be read.
    private func prefixesOfLostBlocks() -> PrefixSet {
        guard let prefixes = try? PackMerge.prefixes(of: pack), let entries = try? pack.allBlocks() else { return .all }
        let sound = Set(blocks.map(\.entry.offset))
        let lost = entries.indices.filter { !sound.contains(entries[$0].offset) }
        return PrefixSet(lost.flatMap { prefixes[$0] }, bits: pack.footer.fingerprints.bits)
    }

    /// Whether all records lead from the head before to the head after.
    private var isChained: Bool {
        let hasher = SHA256()
        var head = pack.trailer.headBefore
        for id in ids {
            guard let id else { return false }
            head = head.appending(record: id, hasher)
        }
        return head == pack.trailer.headAfter
    }
}
