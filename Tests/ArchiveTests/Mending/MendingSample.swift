import ObjectStore
import Testing

@testable import Archive

/// Small archives whose journal has a header to lose.
struct MendingSample {
    let storage: MemoryStorage
    let journal: [UInt8]
    let state: ArchiveState
    let head: SequenceHead?
    /// Bytes of the journal's header.
    let header: Range<Int>

    /// Two packs, or none, and three batches in the journal.
    init(hasPacks: Bool = true, seals: Int = 2) throws {
        let storage: MemoryStorage
        if hasPacks {
            storage = try SealedSample(players: ["Zezima", "Iron Mole"], captures: 2, seals: seals).storage
        } else {
            storage = MemoryStorage()
            _ = try SampleData.archive(in: storage)
        }
        let archive = try Archive.open(storage)
        try archive.commit(try SampleData.batch(xp: 50..<52, from: 6000), lockTimeout: SampleData.atOnce)
        try archive.commit(try SampleData.batch(xp: 52..<53, from: 6002), lockTimeout: SampleData.atOnce)
        var batch = Batch()
        batch.add(SampleData.failure(.notFound, at: 6010), document: nil)
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        try self.init(storage)
    }

    init(_ storage: MemoryStorage) throws {
        self.storage = storage
        journal = try #require(storage.files["journal"])
        (state, head) = (try ArchiveState(storage), try Archive.open(storage).head)
        header = JournalScan(journal, nil).headerFrame
    }

    /// The journal with nothing legible in its header.
    var withoutHeader: [UInt8] {
        header.map { UInt8(truncatingIfNeeded: $0 &* 37) | 0x80 } + journal[header.upperBound...]
    }

    var packs: [String] { get throws { try Archive.open(storage).packs.members.map { ArchiveLayout.pack($0.name) } } }
}

/// Repairs a storage in which something is damaged; then it is sound, and a second repair finds nothing to do.
@discardableResult
func mend(
    _ storage: MemoryStorage, _ comment: Comment = "", sourceLocation: SourceLocation = #_sourceLocation
) throws -> Repair {
    let before = storage.files
    let report = try? Verification.run(on: storage)
    #expect(report?.isSound != true, comment, sourceLocation: sourceLocation)
    let repair = try Archive.repair(storage, at: SampleData.moment(100_000), lockTimeout: SampleData.atOnce)
    #expect(!repair.mended.isEmpty, comment, sourceLocation: sourceLocation)
    #expect(try Verification.run(on: storage).findings == [], comment, sourceLocation: sourceLocation)
    for path in ["journal", "config.json"] {
        guard let bytes = before[path], storage.files[path] != bytes else { continue }
        #expect(storage.files.contains { $0.key.hasPrefix("damaged/\(path)-") && $0.value == bytes }, comment)
    }
    let files = storage.files
    let again = try Archive.repair(storage, at: SampleData.moment(100_001), lockTimeout: SampleData.atOnce)
    #expect(again.isEmpty, comment, sourceLocation: sourceLocation)
    #expect(storage.files == files, comment, sourceLocation: sourceLocation)
    return repair
}
