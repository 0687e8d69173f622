import ObjectStore
import Testing

@testable import Archive

/// A large batch becomes a pack, and says the same as a small one.
@Suite struct PackedBatchTests {
    private static func batch() throws -> Batch {
        var batch = try SampleData.batch(xp: 1..<5, from: 10)
        batch.add(SampleData.failure(.unavailable, at: 20), document: nil)
        // One that is there already, one twice, and a record of another kind.
        let (first, last) = (SampleData.document(xp: 1), SampleData.document(xp: 9))
        batch.add(try SampleData.observation(first, at: 0), document: first)
        for _ in 0..<2 { batch.add(try SampleData.observation(last, at: 30), document: last) }
        batch.add(
            .tag(
                Tag(
                    name: "here", recordedAt: SampleData.start,
                    target: Moment(snapshot: SHA256.digest(last), sighting: nil))))
        return batch
    }

    private static func archive(packsFrom count: Int, in storage: MemoryStorage = MemoryStorage()) throws -> Archive {
        let archive = try SampleData.archive(in: storage)
        let first = SampleData.document(xp: 1)
        var batch = Batch()
        batch.add(try SampleData.observation(first, at: 0), document: first)
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        archive.packedBatchRecords = count
        return archive
    }

    @Test func bothWaysGiveTheSameSequence() throws {
        let (loose, packed) = (MemoryStorage(), MemoryStorage())
        let (one, other) = (try Self.archive(packsFrom: 100, in: loose), try Self.archive(packsFrom: 7, in: packed))
        let answers = try one.commit(try Self.batch(), lockTimeout: SampleData.atOnce)
        #expect(try other.commit(try Self.batch(), lockTimeout: SampleData.atOnce) == answers)
        #expect(answers.count { $0 == .already } == 2 && answers.count == 9)
        #expect(one.head == other.head && one.recordCount == other.recordCount)
        #expect(try ArchiveState(loose) == ArchiveState(packed))
        #expect(packed.files.keys.allSatisfy { !$0.hasPrefix("objects/") })
        #expect(packed.files.keys.count { $0.hasPrefix("packs/") } == 1)
        #expect(try Verification.run(on: packed).findings == [])
        // Again, nothing is new.
        #expect(
            try other.commit(try Self.batch(), lockTimeout: SampleData.atOnce).allSatisfy { $0 == .already })
    }

    @Test func fewRecordsStayLoose() throws {
        let storage = MemoryStorage()
        _ = try Self.archive(packsFrom: 8, in: storage).commit(try Self.batch(), lockTimeout: SampleData.atOnce)
        #expect(storage.files.keys.allSatisfy { !$0.hasPrefix("packs/") })
    }

    @Test func aDocumentThatIsNotThereIsRefusedBeforeAnythingIsWritten() throws {
        let storage = MemoryStorage()
        let archive = try Self.archive(packsFrom: 2, in: storage)
        var batch = try SampleData.batch(xp: 1..<5, from: 10)
        batch.add(try SampleData.observation(SampleData.document(xp: 70), at: 20), document: nil)
        let before = storage.files
        let error = #expect(throws: ArchiveError.self) {
            try archive.commit(batch, lockTimeout: SampleData.atOnce)
        }
        #expect(error?.code == .invalidRecord)
        #expect(storage.files.filter { $0.key != "lock" } == before.filter { $0.key != "lock" })
    }

    @Test func aDamagedDocumentOfTheJournalStopsNoBatch() throws {
        let storage = MemoryStorage()
        let archive = try Self.archive(packsFrom: 2, in: storage)
        let object = try #require(storage.files.keys.first { $0.hasPrefix("objects/") })
        try storage.remove(object)
        let answers = try archive.commit(try SampleData.batch(xp: 5..<9, from: 10), lockTimeout: SampleData.atOnce)
        #expect(answers.allSatisfy { $0 != .already })
        #expect(storage.files.keys.allSatisfy { !$0.hasPrefix("packs/") })
        #expect(try Archive.open(storage).entries().count == 5)
    }

    @Test func manySmallPacksAreWorthACollection() throws {
        let archive = try Self.archive(packsFrom: 2)
        var minute = 10
        while !archive.needsGarbageCollection {
            try archive.commit(
                try SampleData.batch(xp: minute..<minute + 2, from: minute), lockTimeout: SampleData.atOnce)
            minute += 10
            try #require(minute < 1_000)
        }
        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        #expect(archive.packs.members.count == 1 && !archive.needsGarbageCollection)
    }
}
