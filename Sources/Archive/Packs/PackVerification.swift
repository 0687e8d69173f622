import CanonicalJSON
import CivilTime
import Hiscores
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
    }

    private(set) var findings: [Finding] = []
    /// The blocks in the directory, as far as it can be read.
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
            return run(name, try storage.open(path), quick: quick, expecting: head, progress: progress)
        } catch {
            var verification = PackVerification(name: name, expectsHead: head)
            verification.findings.append(Finding(error: .storage(error), entry: nil))
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

    /// What a block holds, recomputed.
    struct BlockProof: Sendable {
        var entry: PackBlockEntry
        var number: Int
        var records: [(number: Int, id: ObjectID)] = []
        var prefixes: [UInt64] = []
        var error: PackError?
    }

    private mutating func verifyBlocks(
        _ pack: Pack, _ file: any StorageFile, _ progress: (Int) -> Void
    ) throws(PackError) {
        var ids: [ObjectID?] = Array(repeating: nil, count: pack.trailer.count)
        var fingerprints: [PackFingerprints.Entry] = []
        var sum = IDSum()
        var next = 0
        let (name, entries) = (self.name, self.entries)
        var found: [Finding] = []
        try orderedMap(
            next: { () throws(PackError) -> (Int, PackBlockEntry)? in
                guard next < entries.count else { return nil }
                defer { next += 1 }
                return (next, entries[next])
            },
            context: { () throws(PackError) in try Prover(name, file) },
            transform: { prover, item in prover.prove(item.1, number: item.0) },
            consume: { (proof: BlockProof) throws(PackError) in
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
                fingerprints += proof.prefixes.map { .init(prefix: $0, block: proof.number) }
                progress(proof.entry.rows)
            })
        findings += found
        guard findings.isEmpty else { return }
        try verifyCounts(pack)
        try verifyIndex(pack, &fingerprints)
        try verifyChain(pack, &ids, &sum)
        try verifyNewest(pack)
    }

    /// One thread's way to read the pack.
    struct Prover: ~Copyable {
        private let pack: Pack

        init(_ name: ObjectID, _ file: any StorageFile) throws(PackError) { pack = try Pack(name, file) }

        func prove(_ entry: PackBlockEntry, number: Int) -> BlockProof {
            var proof = BlockProof(entry: entry, number: number)
            do { try prove(entry, &proof) } catch { (proof.error, proof.records) = (error, []) }
            return proof
        }

        private func prove(_ entry: PackBlockEntry, _ proof: inout BlockProof) throws(PackError) {
            func wrong(_ detail: String) -> PackError { .corrupt(detail, offset: entry.offset) }
            let block = try pack.block(entry)
            var rows = PackedRows(block, of: pack)
            for template in try rows.documentTemplates() where try !template.isCanonical {
                throw wrong("a snapshot is not canonical JSON")
            }
            var (successes, before, last) = (0, LogPoint?.none, ObjectID?.none)
            for row in 0..<block.rowCount {
                let whole = try rows.row(row)
                proof.records.append((whole.number, whole.recordID))
                let decoded: Record
                do { decoded = try RecordFormat.decode(whole.record) } catch { throw wrong("\(error)") }
                guard case .observation(let observation) = decoded, observation.player == entry.series.player,
                    observation.board == entry.series.board, observation.documentID == whole.ids?.document
                else { throw wrong("an observation stands in another log than its own") }
                let point = LogPoint(capturedAt: observation.capturedAt, sequenceNumber: whole.number)
                guard before.map({ $0 < point }) ?? true else { throw wrong("rows are out of order") }
                before = point
                if observation.result == .ok { successes += 1 }
                if let id = whole.ids?.document, id != last {
                    proof.prefixes.append(id.words.0)
                    last = id
                }
                if row == 0, point != entry.firstPoint {
                    throw wrong("a block does not begin where the directory says")
                }
            }
            guard before == entry.lastPoint, successes == entry.successes,
                proof.records.map(\.number).min() == entry.lowestNumber
            else { throw wrong("a block has other rows than the directory says") }
            let novelties = try rows.novelties()
            guard novelties.count(where: { $0 != .known }) == entry.newInLog,
                novelties.count(where: { $0 == .newInArchive }) == entry.newInArchive
            else { throw wrong("a block has other new snapshots than the directory says") }
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
    private func verifyIndex(
        _ pack: Pack, _ fingerprints: inout [PackFingerprints.Entry]
    ) throws(PackError) {
        let format = pack.footer.fingerprints
        let expected = format.cut(&fingerprints)
        var next = 0
        for page in pack.footer.index.pages.indices {
            for entry in try pack.indexPage(page) {
                guard next < expected.count, format.fingerprint(expected[next].prefix) == entry.fingerprint,
                    expected[next].block == entry.block
                else { throw .corrupt("the index is not that of the documents", offset: pack.footer.index.offset) }
                next += 1
            }
        }
        guard next == expected.count else {
            throw .corrupt("the index lacks a document", offset: pack.footer.index.offset)
        }
    }

    /// What is listed as the newest observations is what the blocks say of them, ids and all.
    private mutating func verifyNewest(_ pack: Pack) throws(PackError) {
        guard pack.footer.hasNewest else { return }
        var listed: [PackNewest] = []
        for page in pack.footer.newest.pages.indices { listed += try pack.newest(onPage: page) }
        if try listed != PackNewest.collect(listed.count, of: pack) {
            let error = PackError.corrupt(
                "the newest observations are not those of the blocks", offset: pack.footer.newest.offset)
            findings.append(Finding(error: error, costs: []))
        }
    }

    private mutating func verifyChain(
        _ pack: Pack, _ ids: inout [ObjectID?], _ sum: inout IDSum
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
        for (place, id) in ids.enumerated() where (id == nil) != unknown.contains(pack.trailer.first + place) {
            throw .corrupt(
                "record \(pack.trailer.first + place) \(id == nil ? "is missing" : "stands in a gap, too")",
                offset: pack.size)
        }
        var head = pack.trailer.headBefore
        if head == expectsHead { recordsAtExpectedHead = 0 }
        for (place, id) in ids.enumerated() {
            // Behind a record that is lost with its id no head can be computed: the pack's own word stands for it.
            guard let id else {
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

extension DocumentTemplate {
    /// Whether documents of this template are canonical JSON: one is, with small integers, and so all are whose integers
    /// are their own canonical text.
    var isCanonical: Bool {
        get throws(PackError) {
            let template = try template
            var document: [UInt8] = []
            guard template.render(Array(repeating: 0, count: template.slotCount), into: &document) else { return false }
            return (try? JSONDocument(parsing: document).root.canonicalBytes()) == document
        }
    }
}

extension PackBlockEntry {
    /// Where its first row stands in its log; nil for a moment that cannot be.
    var firstPoint: LogPoint? { Self.point(first, firstNumber) }

    /// Where its last row stands in its log.
    var lastPoint: LogPoint? { Self.point(last, lastNumber) }

    private static func point(_ moment: Int64, _ number: Int) -> LogPoint? {
        Timestamp(millisecondsSinceEpoch: moment).map { LogPoint(capturedAt: $0, sequenceNumber: number) }
    }
}
