import ObjectStore
import TestSupport
import Testing

@testable import Archive

/// A pack whose bytes are not those that were written: it is found, nothing traps, and no document is handed on under an
/// id that it does not have.
@Suite struct PackDamageTests {
    private let records: [SampleRecord]
    private let pack: PackFile
    private let documents: [ObjectID: [UInt8]]

    init() throws {
        records = try GoldenPack.records()
        pack = try PackFile(records)
        documents = Dictionary(
            records.compactMap { record in
                record.document.flatMap { document in record.observation?.documentID.map { ($0, document) } }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// Reads everything that can be read; what comes must be what was written. How much came.
    @discardableResult
    private func walk(_ bytes: [UInt8], _ ids: Set<ObjectID>) -> Int {
        let file = PackFile(name: pack.name, bytes: bytes)
        guard let history = try? file.history() else { return 0 }
        var found = 0
        for id in ids {
            guard let document = try? history.document(id) else { continue }
            #expect(SHA256.digest(document) == id)
            found += 1
        }
        for player in (try? history.players()) ?? [] {
            for (_, segment) in (try? history.segments(of: player)) ?? [] {
                _ = try? segment.rows()
                for row in 0..<segment.count { _ = try? segment.entry(at: row) }
            }
        }
        return found
    }

    @Test func everyFlippedByteIsFound() throws {
        let ids = Set(documents.keys)
        #expect(walk(pack.bytes, ids) == ids.count)
        var bytes = pack.bytes
        for offset in bytes.indices {
            let flip: UInt8 = 1 << UInt8(offset % 8)
            bytes[offset] ^= flip
            let file = PackFile(name: pack.name, bytes: bytes)
            #expect(!file.findings().isEmpty, "byte \(offset)")
            // Quick verification reads no block's rows, but the checksum of each.
            #expect(!file.findings(quick: true).isEmpty, "byte \(offset)")
            walk(bytes, offset % 4 == 0 ? ids : Set(ids.prefix(1)))
            bytes[offset] ^= flip
        }
        #expect(pack.findings() == [])
    }

    /// Checksums hold no one back who computes them anew.
    @Test(arguments: [1, 2, 3] as [UInt64]) func flipsUnderRightChecksumsNeverTrap(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let opened = try pack.open()
        let entries = try opened.allBlocks()
        let ids = Set(documents.keys)
        for _ in 0..<150 {
            var bytes = pack.bytes
            guard let entry = entries.randomElement(using: &random) else { return }
            let end = entry.offset + entry.length - 4
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: entry.offset..<end, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            }
            bytes.replace(checksumOf: entry.offset..<end)
            #expect(!PackFile(name: pack.name, bytes: bytes).findings().isEmpty, "seed \(seed)")
            walk(bytes, ids)
        }
    }

    @Test func everyTruncationIsFound() {
        for count in 0..<pack.bytes.count {
            let file = PackFile(name: pack.name, bytes: Array(pack.bytes.prefix(count)))
            #expect(throws: PackError.self, "\(count) bytes") { try file.open() }
            #expect(!file.findings().isEmpty)
        }
        // Bytes behind the trailer are no trailer.
        #expect(throws: PackError.self) { try PackFile(name: pack.name, bytes: pack.bytes + [0]).open() }
    }

    @Test(arguments: 4..<8) func anUnknownFormatOrFlagInTheHeadIsRefused(offset: Int) throws {
        var bytes = pack.bytes
        bytes[offset] = 2
        let file = PackFile(name: SHA256.digest(bytes), bytes: bytes)
        let what = offset == 4 ? "pack of format 2" : "pack with unknown flags"
        #expect(throws: PackError.unsupported(what)) { try file.open() }
        #expect(
            ArchiveError(.unsupported(what), pack: "p").message == "p needs a newer osrs-archive: it is a \(what)")
        // A byte that flipped is no newer format: the rest can be read.
        #expect(try PackFile(name: pack.name, bytes: bytes).open().headDamage != nil)
    }

    @Test func unknownFlagsInTheTrailerAreRefused() throws {
        var bytes = pack.bytes
        let trailer = bytes.count - PackFormat.trailerBytes
        bytes[trailer + 4] = 4
        bytes.replace(checksumOf: trailer..<bytes.count - 4)
        let file = PackFile(name: pack.name, bytes: bytes)
        #expect(throws: PackError.unsupported("pack with the flags 4")) { try file.open() }
    }

    @Test func anArchiveWithANewerPackIsRefusedWithAClearMessage() throws {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        try archive.commit(try SampleData.batch(xp: 0..<3, from: 0), lockTimeout: SampleData.atOnce)
        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        let path = try #require(storage.files.keys.first { $0.hasPrefix("packs/") })
        var bytes = try #require(storage.files[path])
        bytes[4] = 9
        let name = SHA256.digest(bytes)
        try storage.create(ArchiveLayout.pack(name), bytes)
        var header = try #require(archive.journal.header)
        header.packs = [name]
        try storage.replace("journal", with: try JournalWriter(header, nil).bytes, by: "temporary/journal")
        try storage.remove(path)
        let error = #expect(throws: ArchiveError.self) { try Archive.open(storage) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("needs a newer osrs-archive") == true)
    }
}

extension [UInt8] {
    /// Puts the CRC-32 of a stretch behind it.
    fileprivate mutating func replace(checksumOf range: Range<Int>) {
        var checksum: [UInt8] = []
        checksum.appendLittleEndian(CRC32.of(self[range]))
        replaceSubrange(range.upperBound..<range.upperBound + 4, with: checksum)
    }
}
