import Archive
import Hiscores
import ObjectStore
import Testing

/// Journals with sound checksums that break the rules of their frames, and what is legible of broken ones.
@Suite struct JournalTests {
    /// A journal of a header, a batch of three records of other players each, and one record more.
    private func sample() throws -> MemoryStorage {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        var batch = Batch()
        for (minute, name) in ["ann", "bob", "cyd"].enumerated() {
            batch.add(SampleData.failure(.unavailable, at: minute, player: name), document: nil)
        }
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        batch = Batch()
        batch.add(SampleData.failure(.unavailable, at: 9, player: "dan"), document: nil)
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        return storage
    }

    private func frames(_ journal: [UInt8]) -> [Int] {
        var offsets: [Int] = []
        var offset = 0
        while let word = journal.littleEndian(at: offset), offset < journal.count {
            offsets.append(offset)
            offset += (16 + Int(word & 0x7FFF_FFFF) + 4 + 15) / 16 * 16
        }
        return offsets
    }

    /// The sample with one word of a frame's head changed and the head's checksum made right again.
    private func changed(
        frame: Int, word: Int, _ change: (UInt32) -> UInt32
    ) throws -> (storage: MemoryStorage, offset: Int) {
        let storage = try sample()
        var files = storage.files
        var journal = try #require(files["journal"])
        let offset = frames(journal)[frame]
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(change(try #require(journal.littleEndian(at: offset + 4 * word))))
        journal.replaceSubrange(offset + 4 * word..<offset + 4 * word + 4, with: bytes)
        bytes = []
        bytes.appendLittleEndian(CRC32.of(journal[offset..<offset + 12]))
        journal.replaceSubrange(offset + 12..<offset + 16, with: bytes)
        files["journal"] = journal
        return (MemoryStorage(files: files, folders: storage.folders), offset)
    }

    private func players(_ archive: Archive) throws -> [String] { try archive.history.players().map(\.key) }

    @Test(arguments: [(1, 1), (2, 0), (2, 2), (3, 0), (4, 3)])
    func aRecordOutOfItsPlaceInTheBatchIsDamage(frame: Int, index: Int) throws {
        let (storage, offset) = try changed(frame: frame, word: 1) { _ in UInt32(index) }
        let archive = try Archive.open(storage)
        let first = try #require(archive.damage.first)
        #expect(first.offset == offset && first.records == frame - 1..<frame)
        #expect(first.affects.map(\.player?.key) == [["ann", "bob", "cyd", "dan"][frame - 1]])
        #expect(try !Verification.run(on: storage).isSound)
        #expect(try !players(archive).contains(["ann", "bob", "cyd", "dan"][frame - 1]))
    }

    @Test(arguments: [(1, UInt32(1)), (0, UInt32(1) << 31)])
    func aHeaderThatIsNoBatchOfItsOwnIsDamage(word: Int, mask: UInt32) throws {
        let (storage, _) = try changed(frame: 0, word: word) { $0 ^ mask }
        let error = #expect(throws: ArchiveError.self) { try Archive.open(storage) }
        #expect(error?.code == .corrupt && error?.path == "journal")
    }

    @Test func aFrameWithoutAPayloadIsDamage() throws {
        let storage = try sample()
        var files = storage.files
        var frame: [UInt8] = []
        for word: UInt32 in [1 << 31, 0, 5] { frame.appendLittleEndian(word) }
        frame.appendLittleEndian(CRC32.of(frame))
        frame += [UInt8](repeating: 0, count: 12)
        frame.appendLittleEndian(CRC32.of(frame[16...]))
        files["journal"]? += frame
        let archive = try Archive.open(MemoryStorage(files: files, folders: storage.folders))
        #expect(archive.damage.map(\.records) == [4..<5])
        #expect(try players(archive) == ["ann", "bob", "cyd", "dan"])
    }

    /// Reading goes on in the middle of a batch, with the frame's index as it comes.
    @Test func damageInABatchCostsNoRecordBehindIt() throws {
        let storage = try sample()
        var files = storage.files
        let offsets = frames(try #require(files["journal"]))
        files["journal"]?[offsets[1] + 20] ^= 1
        let archive = try Archive.open(MemoryStorage(files: files, folders: storage.folders))
        #expect(archive.damage.map(\.records) == [0..<1])
        #expect(try players(archive) == ["bob", "cyd", "dan"])
    }

    /// The heads of two records side by side, and in another run the first letter of both, too.
    @Test(arguments: [[0], [0, 16]]) func adjacentDamagedRecordsAreNamedEachForItself(flips: [Int]) throws {
        let storage = try sample()
        var files = storage.files
        let offsets = frames(try #require(files["journal"]))
        for flip in flips { files["journal"]?[offsets[2] + flip] ^= 4 }
        files["journal"]?[offsets[3]] ^= 4
        let archive = try Archive.open(MemoryStorage(files: files, folders: storage.folders))
        let damage = try #require(archive.damage.first)
        #expect(archive.damage.count == 1 && damage.records == 1..<3)
        #expect(
            damage.affects
                == [("bob", 1), ("cyd", 2)].map { name, minute in
                    Affected(
                        player: SampleData.player(name), board: .main, from: SampleData.moment(minute),
                        to: SampleData.moment(minute))
                })
    }

    /// A member that is an object, where the grid of frames happens to fall on its brace, begins no record.
    @Test func aNestedObjectDoesNotSplitARecord() throws {
        for length in 1...16 {
            let storage = MemoryStorage()
            let archive = try SampleData.archive(in: storage)
            var observation = SampleData.failure(.invalid, at: 7, player: "ann")
            observation.evidence = Evidence(
                body: AnswerBody(contentType: nil, bytes: 1, id: SHA256.digest([1]), isKept: false))
            observation.evidence.attempt = Int(String(repeating: "1", count: length))
            var batch = Batch()
            batch.add(observation, document: nil)
            try archive.commit(batch, lockTimeout: SampleData.atOnce)
            var files = storage.files
            let offset = frames(try #require(files["journal"]))[1]
            files["journal"]?[offset] ^= 4
            let damaged = try Archive.open(MemoryStorage(files: files, folders: storage.folders))
            let moment = SampleData.moment(7)
            #expect(
                damaged.damage.first?.affects
                    == [Affected(player: SampleData.player("ann"), board: .main, from: moment, to: moment)])
        }
    }
}
