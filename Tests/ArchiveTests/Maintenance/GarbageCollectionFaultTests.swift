import ObjectStore
import TestSupport
import Testing

@testable import Archive

/// A collection of garbage that meets a fault at any of its operations loses nothing, and the next one tidies.
@Suite struct GarbageCollectionFaultTests {
    /// An archive with a pack, a journal to seal and loose objects, as it lies on a medium.
    private struct Sample<Medium: Storage> {
        let storage: Medium
        let identities: Set<Observation.Identity>
        let head: SequenceHead?

        init(on storage: Medium, isEncrypted: Bool = false) throws {
            self.storage = storage
            let archive = try SampleData.archive(in: isEncrypted ? try SampleKeys.unlock(storage) : storage)
            try archive.commit(try SampleData.batch(xp: 1..<4, from: 1), lockTimeout: SampleData.atOnce)
            _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
            var batch = try SampleData.batch(xp: 3..<6, from: 10)
            batch.add(SampleData.failure(.unavailable, at: 20), document: nil)
            try archive.commit(batch, lockTimeout: SampleData.atOnce)
            (identities, head) = (try archive.identities, archive.head)
        }
    }

    private func copy(_ storage: MemoryStorage) -> MemoryStorage {
        MemoryStorage(files: storage.files, folders: storage.folders)
    }

    @Test(
        arguments: [Fault.Kind.killedBefore, .killedMidWrite, .diskFull, .failedSynchronization, .ioError],
        [false, true])
    func nothingIsLostAndTheNextOneTidies(kind: Fault.Kind, isEncrypted: Bool) throws {
        func open(_ storage: any Storage) throws -> Archive {
            try Archive.open(isEncrypted ? try SampleKeys.unlock(storage) : storage)
        }
        let sample = try Sample(on: MemoryStorage(), isEncrypted: isEncrypted)
        let counted = FaultInjectingStorage(copy(sample.storage))
        _ = try open(counted).collectGarbage(lockTimeout: SampleData.atOnce)
        #expect(counted.operations > 40)
        for operation in 0..<counted.operations {
            let left = copy(sample.storage)
            let comment: Comment = "\(kind) at operation \(operation)"
            do {
                let archive = try open(FaultInjectingStorage(left, fault: Fault(kind, at: operation)))
                _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
            } catch {}
            // A process that was killed holds no lock.
            try expectAll(of: sample, in: copy(left), isEncrypted: isEncrypted, comment)
        }
    }

    @Test(arguments: VolatileStorage.Survival.allCases) func norWhereThePowerIsLost(
        survival: VolatileStorage.Survival
    ) throws {
        let counted = FaultInjectingStorage(try Sample(on: VolatileStorage()).storage)
        _ = try Archive.open(counted).collectGarbage(lockTimeout: SampleData.atOnce)
        for operation in 0..<counted.operations {
            let sample = try Sample(on: VolatileStorage())
            do {
                let faulty = FaultInjectingStorage(sample.storage, fault: Fault(.killedMidWrite, at: operation))
                _ = try Archive.open(faulty).collectGarbage(lockTimeout: SampleData.atOnce)
            } catch {}
            var random = SeededRandom(seed: UInt64(operation))
            try expectAll(
                of: sample, in: sample.storage.afterPowerLoss(survival, &random),
                "\(survival) survives, power lost at operation \(operation)")
        }
    }

    @Test func aFolderAmongThePacksIsPassedOver() throws {
        let sample = try Sample(on: MemoryStorage())
        try sample.storage.createFolder("packs/old.pack")
        try expectAll(of: sample, in: sample.storage, "")
        #expect(sample.storage.entry(at: "packs/old.pack") == .folder)
    }

    @Test func aFileThatIsNoPackAtAllIsPassedOver() throws {
        let sample = try Sample(on: MemoryStorage())
        let path = "packs/\(String(repeating: "0", count: 64)).pack"
        try sample.storage.create(path, [UInt8](repeating: 0, count: 1 << 20))
        _ = try Archive.open(sample.storage).collectGarbage(lockTimeout: SampleData.atOnce)
        #expect(sample.storage.files[path] != nil)
        #expect(sample.storage.files.keys.allSatisfy { !$0.hasPrefix("damaged/") && !$0.hasPrefix("torn/") })
    }

    @Test(arguments: [0, 5, 1 << 16]) func whatBeginsOrEndsAsAPackIsSetAside(kept: Int) throws {
        let sample = try Sample(on: MemoryStorage())
        let path = "packs/\(String(repeating: "0", count: 64)).pack"
        let pack = try #require(sample.storage.files.first { $0.key.hasPrefix("packs/") }?.value)
        let bytes = kept == 0 ? [0] + pack[1...] : Array(pack.prefix(kept))
        try sample.storage.create(path, bytes)
        _ = try Archive.open(sample.storage).collectGarbage(lockTimeout: SampleData.atOnce)
        #expect(sample.storage.files[path] == nil)
        #expect(sample.storage.files["damaged/\(String(repeating: "0", count: 64)).pack"] == bytes)
    }

    @Test func aPackThatAKilledSealLeftStaysUntilItsRecordsAreSealed() throws {
        let sample = try Sample(on: MemoryStorage())
        // Killed between the renames of pack and journal, and the journal grew before the next collection.
        let other = copy(sample.storage)
        try SealedSample.sealOnly(try Archive.open(other))
        let leftover = other.files.filter { $0.key.hasPrefix("packs/") && sample.storage.files[$0.key] == nil }
        #expect(leftover.count == 1)
        for (path, bytes) in leftover { try sample.storage.create(path, bytes) }
        let archive = try Archive.open(sample.storage)
        try archive.commit(try SampleData.batch(xp: 70..<72, from: 70), lockTimeout: SampleData.atOnce)
        // A document that is damaged stops the seal: the pack may have it.
        let object = try #require(sample.storage.files.first { $0.key.hasPrefix("objects/") })
        try sample.storage.remove(object.key)
        #expect(throws: ArchiveError.self) { try archive.collectGarbage(lockTimeout: SampleData.atOnce) }
        for path in leftover.keys { #expect(sample.storage.files[path] != nil) }
        try sample.storage.create(object.key, object.value)

        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        #expect(sample.storage.files.keys.filter { $0 != "lock" }.count == 3)
        #expect(try Verification.run(on: sample.storage).isSound)
    }

    @Test func aForgedPackIsDamageAndNoFaultOfTheDisk() throws {
        let sample = try Sample(on: MemoryStorage())
        let (path, pack) = try #require(sample.storage.files.first { $0.key.hasPrefix("packs/") })
        // Another sum of ids, and every checksum put right.
        var trailer = Array(pack.suffix(PackFormat.trailerBytes).dropLast(4))
        trailer[120] ^= 1
        trailer.appendLittleEndian(CRC32.of(trailer))
        let forged = pack.dropLast(PackFormat.trailerBytes) + trailer
        let storage = sample.storage.changing([path: Array(forged)])
        let archive = try Archive.open(storage)
        let error = #expect(throws: ArchiveError.self) { try archive.collectGarbage(lockTimeout: SampleData.atOnce) }
        #expect(error?.code == .corrupt, "\(String(describing: error))")
        #expect(storage.files[path] == Array(forged))
        #expect(try archive.identities == sample.identities)
        let refused = #expect(throws: ArchiveError.self) {
            try archive.forget(
                ForgetSelection(player: SampleData.player("Zezima"), capturedAt: SampleData.moment(1)), reason: "",
                at: SampleData.start, lockTimeout: SampleData.atOnce)
        }
        #expect(refused?.code == .corrupt, "\(String(describing: refused))")
    }

    private func expectAll<Medium>(
        of sample: Sample<Medium>, in medium: MemoryStorage, isEncrypted: Bool = false, _ comment: Comment
    ) throws {
        let storage: any Storage = isEncrypted ? try SampleKeys.unlock(medium) : medium
        #expect(try Verification.run(on: storage).isSound, comment)
        let archive = try Archive.open(storage)
        #expect(try archive.identities == sample.identities, comment)
        #expect(archive.head == sample.head, comment)

        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        #expect(try archive.identities == sample.identities, comment)
        #expect(archive.head == sample.head, comment)
        let files = Set(medium.files.keys.filter { $0 != "lock" })
        // An encrypted archive has a copy of its configuration.
        #expect(files.count == (isEncrypted ? 4 : 3), comment)
        #expect(files.count(where: { $0.hasPrefix("packs/") }) == 1, comment)
        #expect(try Verification.run(on: storage).isSound, comment)
    }
}
