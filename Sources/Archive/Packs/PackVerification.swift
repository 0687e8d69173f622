import ObjectStore
import Threads

/// Proves one pack: its name, every checksum, every id, the chain from the head before it to the head after it, and what
/// directory and index promise. Blocks are decoded on all processors.
struct PackVerification {
    /// Something that is not as it was written.
    struct Finding: Hashable {
        var error: PackError
        /// The block at fault, where it is one.
        var entry: PackBlockEntry?
        /// The blocks whose records it costs; nil for all of the pack.
        var costs: [PackBlockEntry]?
        /// Whether it costs others besides, of which nobody knows whose they are.
        var costsUnknown = false
    }

    private(set) var findings: [Finding] = []
    /// The blocks in the directory, and those that are found where it cannot be read.
    private(set) var entries: [PackBlockEntry] = []
    /// Records that are gone, which the pack says itself.
    private(set) var gaps: [PackGap] = []
    /// The trailer, where there is one.
    private(set) var trailer: PackFormat.Trailer?

    private let name: ObjectID
    private let expectsHead: SequenceHead?

    /// After how many records of the pack the sequence had the head that was asked for.
    private(set) var recordsAtExpectedHead: Int?

    /// Verifies a pack. `quick` looks at the file's bytes, the footer and the checksums of blocks, and decodes none.
    /// `path` is where the file lies. `progress` is told of observations that are done.
    static func run(
        _ name: ObjectID, at path: String, of storage: any Storage, quick: Bool = false,
        expecting head: SequenceHead? = nil, progress: (_ observations: Int) -> Void = { _ in }
    ) -> PackVerification {
        do throws(StorageError) {
            return run(
                name, try storage.openContents(path, as: .pack), quick: quick, expecting: head, progress: progress)
        } catch {
            var verification = PackVerification(name: name, expectsHead: head)
            verification.findings.append(Finding(error: PackError(reading: error), entry: nil))
            return verification
        }
    }

    /// Verifies a pack in an open file.
    static func run(
        _ name: ObjectID, _ file: any StorageFile, quick: Bool = false, expecting head: SequenceHead? = nil,
        progress: (_ observations: Int) -> Void = { _ in }
    ) -> PackVerification {
        var verification = PackVerification(name: name, expectsHead: head)
        do {
            try verification.verify(file, quick: quick, progress)
        } catch {
            verification.findings.append(Finding(error: error, entry: nil))
        }
        return verification
    }

    private init(name: ObjectID, expectsHead: SequenceHead?) { (self.name, self.expectsHead) = (name, expectsHead) }

    private mutating func verify(
        _ file: any StorageFile, quick: Bool, _ progress: (Int) -> Void
    ) throws(PackError) {
        let pack = try Pack(name, file)
        trailer = pack.trailer
        // First what is smaller than the file: a damaged block is then named before the whole.
        let sections = PackSectionCheck(pack)
        (entries, gaps) = (sections.entries, sections.gaps)
        findings += sections.findings
        if quick {
            verifyChecksums(pack, progress)
        } else {
            try verifyBlocks(pack, file, progress)
        }
        guard findings.isEmpty else { return }
        if try pack.digest() != name {
            throw .corrupt("its bytes do not have the SHA-256 that is its name", offset: 0)
        }
    }

    private mutating func verifyChecksums(_ pack: Pack, _ progress: (Int) -> Void) {
        for entry in entries {
            do { _ = try pack.storedBlock(entry) } catch { findings.append(Finding(error: error, entry: entry)) }
            progress(entry.rows)
        }
    }

    // MARK: Blocks

    private mutating func verifyBlocks(
        _ pack: Pack, _ file: any StorageFile, _ progress: (Int) -> Void
    ) throws(PackError) {
        var ids = RecordIDs(count: pack.trailer.count)
        var fingerprints = FingerprintSum()
        let format = pack.footer.fingerprints
        var sum = IDSum()
        var next = 0
        let (name, entries) = (self.name, self.entries)
        var found: [Finding] = []
        let listed = findings.isEmpty ? try listedNewest(pack) : []
        let oldest = listed.last?.point
        var newest = NewestCandidates(limit: listed.count)
        try orderedMap(
            next: { () throws(PackError) -> (Int, PackBlockEntry)? in
                guard next < entries.count else { return nil }
                defer { next += 1 }
                return (next, entries[next])
            },
            context: { () throws(PackError) in try PackProver(name, file, newestFrom: oldest) },
            transform: { prover, item in prover.prove(item.1, number: item.0) },
            consume: { (proof: PackProver.Proof) throws(PackError) in
                if let error = proof.error { found.append(Finding(error: error, entry: proof.entry)) }
                for (number, id) in proof.records {
                    let place = number - pack.trailer.first
                    if ids[place] != nil {
                        found.append(
                            Finding(
                                error: .corrupt("record \(number) stands twice", offset: proof.entry.offset),
                                entry: proof.entry))
                    }
                    ids[place] = id
                    sum += id
                }
                fingerprints.add(proof.prefixes, inBlock: proof.number, format)
                for candidate in proof.newest { newest.add(candidate) }
                progress(proof.entry.rows)
            })
        findings += found
        guard findings.isEmpty else { return }
        try verifyCounts(pack)
        try verifyIndex(pack, fingerprints)
        try verifyChain(pack, &ids, &sum)
        if try newest.newest(listed.count) != listed {
            let error = PackError.corrupt(
                "the newest observations are not those of the blocks", offset: pack.footer.newest.offset)
            findings.append(Finding(error: error, costs: []))
        }
    }

    // MARK: The whole

    private func verifyCounts(_ pack: Pack) throws(PackError) {
        let footer = pack.footer
        guard entries.reduce(0, { $0 + $1.rows }) == footer.observations,
            entries.reduce(0, { $0 + $1.successes }) == footer.successes,
            entries.reduce(0, { $0 + $1.newInArchive }) == footer.newInArchive
        else { throw .corrupt("the footer's counts are not those of the directory", offset: pack.size) }
    }

    /// The index names every document with its block, and nothing else.
    private func verifyIndex(_ pack: Pack, _ documents: FingerprintSum) throws(PackError) {
        var listed = FingerprintSum()
        var before: (fingerprint: UInt64, block: Int)?
        for page in pack.footer.index.pages.indices {
            for entry in try pack.indexPage(page) {
                guard before.map({ $0 < entry }) ?? true else {
                    throw .corrupt("the index is out of order", offset: pack.footer.index.offset)
                }
                listed.add(entry.fingerprint, inBlock: entry.block)
                before = entry
            }
        }
        guard listed.count >= documents.count else {
            throw .corrupt("the index lacks a document", offset: pack.footer.index.offset)
        }
        guard listed == documents else {
            throw .corrupt("the index is not that of the documents", offset: pack.footer.index.offset)
        }
    }

    /// What is listed as the newest observations, to be compared with what the blocks say of them, ids and all.
    private func listedNewest(_ pack: Pack) throws(PackError) -> [PackNewest] {
        var listed: [PackNewest] = []
        for page in pack.footer.newest.pages.indices { listed += try pack.newest(onPage: page) }
        return listed
    }

    private mutating func verifyChain(
        _ pack: Pack, _ ids: inout RecordIDs, _ sum: inout IDSum
    ) throws(PackError) {
        let hasher = SHA256()
        func place(_ id: ObjectID, _ number: Int) throws(PackError) {
            guard ids[number - pack.trailer.first] == nil else {
                throw .corrupt("record \(number) stands twice", offset: pack.size)
            }
            ids[number - pack.trailer.first] = id
            sum += id
        }
        for (number, record) in try pack.otherRecords() {
            do { _ = try RecordFormat.decode(record) } catch {
                throw .corrupt("record \(number) is none: \(error)", offset: pack.footer.otherRecords.offset)
            }
            try place(hasher.digest(record), number)
        }
        var unknown: Set<Int> = []
        for gap in gaps {
            if let id = gap.id { try place(id, gap.numbers.lowerBound) } else { unknown.formUnion(gap.numbers) }
        }
        for place in ids.indices where (ids[place] == nil) != unknown.contains(pack.trailer.first + place) {
            throw .corrupt(
                "record \(pack.trailer.first + place) \(ids[place] == nil ? "is missing" : "stands in a gap, too")",
                offset: pack.size)
        }
        var head = pack.trailer.headBefore
        if head == expectsHead { recordsAtExpectedHead = 0 }
        for place in ids.indices {
            // Behind a record that is lost with its id no head can be computed: the pack's own word stands for it.
            guard let id = ids[place] else {
                if pack.trailer.headAfter == expectsHead { recordsAtExpectedHead = pack.trailer.count }
                return
            }
            head = head.appending(record: id, hasher)
            if head == expectsHead { recordsAtExpectedHead = place + 1 }
        }
        guard head == pack.trailer.headAfter, sum == pack.trailer.idSum else {
            throw .corrupt("its records do not lead from the head before it to the head after it", offset: pack.size)
        }
    }
}
