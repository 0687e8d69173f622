import ObjectStore
import Testing

@testable import Archive

/// Slots come and go without a change to the data.
@Suite struct KeySlotChangeTests {
    private static func archive(_ storage: MemoryStorage) throws -> Archive {
        let archive = try SampleData.archive(in: try SampleKeys.unlock(storage))
        try archive.commit(try SampleData.batch(xp: 0..<2, from: 0), lockTimeout: SampleData.atOnce)
        return archive
    }

    private static func opens(_ byte: UInt8, _ storage: MemoryStorage) throws -> Bool {
        let configuration = try Archive.readLockedConfiguration(storage)
        do {
            let opened = try configuration.open(ArchiveSecret(key: try SampleKeys.key(byte)))
            return opened.master.exposedBytes() == (try SampleKeys.key()).exposedBytes()
        } catch let error as ArchiveError {
            #expect(error.code == .wrongKey)
            return false
        }
    }

    @Test func aSlotThatIsAddedOpensAndOneThatIsRemovedDoesNot() throws {
        let storage = MemoryStorage()
        let archive = try Self.archive(storage)
        let journal = storage.files["journal"]
        let slot = try SampleKeys.slot(opening: 10)
        #expect(try Self.opens(9, storage) && !Self.opens(10, storage))
        try archive.changeKeySlots(lockTimeout: SampleData.atOnce) { $0 + [slot] }
        #expect(try Self.opens(9, storage) && Self.opens(10, storage))
        try archive.changeKeySlots(lockTimeout: SampleData.atOnce) { $0.filter { $0 == slot } }
        #expect(try !Self.opens(9, storage) && Self.opens(10, storage))
        #expect(storage.files["journal"] == journal)
        #expect(try Verification.run(on: try SampleKeys.unlock(storage)).findings == [])
    }

    @Test func aRepairKeepsWhatAnotherWriterMadeOfTheConfiguration() throws {
        let storage = MemoryStorage()
        let archive = try Self.archive(storage)
        let slot = try SampleKeys.slot(opening: 10)
        let other = try Archive.open(try SampleKeys.unlock(storage))
        _ = try other.collectGarbage(lockTimeout: SampleData.atOnce)
        try other.changeKeySlots(lockTimeout: SampleData.atOnce) { _ in [slot] }
        try storage.remove("config.json.copy")
        let repair = try archive.repair(at: SampleData.moment(99), lockTimeout: SampleData.atOnce)
        #expect(repair.healed.count == 1)
        #expect(try !Self.opens(9, storage) && Self.opens(10, storage), "the slot that was removed is back")
        let read = try Archive.readLockedConfiguration(storage)
        #expect(read.features == ["encrypted", "packs"] && archive.configuration == read)
        #expect(storage.files["config.json"] == storage.files["config.json.copy"])
    }

    @Test func theLastSlotStays() throws {
        let storage = MemoryStorage()
        let archive = try Self.archive(storage)
        let error = #expect(throws: ArchiveError.self) {
            try archive.changeKeySlots(lockTimeout: SampleData.atOnce) { _ in [] }
        }
        #expect(error?.code == .lastSlot)
        #expect(try Self.opens(9, storage))
    }

    @Test func aSlotOfAnotherArchiveOpensNothing() throws {
        let storage = MemoryStorage()
        let archive = try Self.archive(storage)
        let other = try ArchiveSecret(key: try SampleKeys.key(11)).slot(
            wrapping: try SampleKeys.key(), kind: .keyFile,
            of: try #require(ArchiveID(bytes: [UInt8](repeating: 3, count: 16))))
        try archive.changeKeySlots(lockTimeout: SampleData.atOnce) { $0 + [other] }
        #expect(try !Self.opens(11, storage))
    }

    @Test func wordsThatAreARecoveryCodeOpenItsSlotAndThatOfAPassphraseOfTheSameText() throws {
        let parameters = try #require(ScryptParameters(cost: 1 << 10, blockSize: 8, parallelization: 1))
        let secret = try ArchiveSecret.random()
        let code = try #require(secret.recoveryCode)
        let recovery = try secret.slot(
            wrapping: try SampleKeys.key(), kind: .recovery, of: SampleData.archiveID)
        let passphrase = try KeySlot(
            wrapping: try SampleKeys.key(), passphrase: Array(code.utf8), archive: SampleData.archiveID.bytes,
            parameters: parameters)
        for slot in [recovery, passphrase] {
            let configuration = ArchiveConfiguration(
                archive: SampleData.archiveID, createdAt: SampleData.start, slots: [slot])
            #expect(try configuration.open(ArchiveSecret(words: Array(code.utf8))).slot == slot.id)
        }
    }

    @Test func aPassphraseOpensItsSlotAlone() throws {
        let parameters = try #require(ScryptParameters(cost: 1 << 10, blockSize: 8, parallelization: 1))
        let slot = try KeySlot(
            wrapping: try SampleKeys.key(), passphrase: Array("swordfish".utf8), archive: SampleData.archiveID.bytes,
            parameters: parameters)
        let configuration = ArchiveConfiguration(
            archive: SampleData.archiveID, createdAt: SampleData.start, slots: [try SampleKeys.slot(), slot])
        let read = try ArchiveConfiguration(decoding: try configuration.encoded(try SampleKeys.sealing()))
        #expect(read.slots == configuration.slots)
        let opened = try read.open(ArchiveSecret(passphrase: Array("swordfish".utf8)))
        #expect(opened.slot == slot.id)
        let error = #expect(throws: ArchiveError.self) {
            _ = try read.open(ArchiveSecret(passphrase: Array("Swordfish".utf8)))
        }
        #expect(error?.code == .wrongKey)
    }
}
