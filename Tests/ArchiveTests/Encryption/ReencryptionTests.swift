import Hiscores
import ObjectStore
import TestSupport
import Testing

@testable import Archive

/// Writing an archive anew under another key, or none.
@Suite struct ReencryptionTests {
    private static func sample(_ storage: any Storage) throws -> Archive {
        let archive = try SampleData.archive(in: storage)
        for round in 0..<3 {
            try archive.commit(
                try SampleData.batch(xp: 10 * round..<10 * round + 3, from: 10 * round), lockTimeout: SampleData.atOnce)
            try SealedSample.sealOnly(archive)
        }
        try archive.commit(try SampleData.batch(xp: 90..<92, from: 90), lockTimeout: SampleData.atOnce)
        return archive
    }

    private static func target(_ storage: any Storage, _ master: UInt8) throws -> any Storage {
        UnlockedStorage(storage, try SampleKeys.sealing(master))
    }

    @Test func headIDsAndDocumentsStayThroughEveryChange() throws {
        let plain = MemoryStorage()
        let first = try Self.sample(plain)
        var (from, head) = (first, first.head)
        for master in [7, 8, nil] as [UInt8?] {
            let storage = MemoryStorage()
            let unlocked = try master.map { try Self.target(storage, $0) } ?? storage
            let slots = try master.map { [try SampleKeys.slot(master: $0)] } ?? []
            let copy = try from.copy(to: unlocked, slots: slots, lockTimeout: SampleData.atOnce)
            #expect(copy.head == head)
            #expect(copy.configuration.isEncrypted == (master != nil))
            #expect(try Verification.run(on: unlocked).findings == [])
            #expect(try copy.entries() == first.entries())
            for entry in try copy.entries() { #expect(try copy.document(of: entry) == first.document(of: entry)) }
            (from, head) = (copy, copy.head)
        }
    }

    @Test(arguments: [Fault.Kind.killedBefore, .killedMidWrite, .diskFull])
    func whereverItIsStoppedItGoesOnWhenItIsRunAgain(kind: Fault.Kind) throws {
        let archive = try Self.sample(MemoryStorage())
        let slot = try SampleKeys.slot()
        func copy(to storage: any Storage) throws -> Archive {
            try archive.copy(to: try SampleKeys.unlock(storage), slots: [slot], lockTimeout: SampleData.atOnce)
        }
        let counting = FaultInjectingStorage(MemoryStorage())
        _ = try copy(to: counting)
        print("\(kind.rawValue): a fault at each of \(counting.operations) operations")
        var (resumed, finished) = (0, 0)
        for operation in 0..<counting.operations {
            let left = MemoryStorage()
            do { _ = try copy(to: FaultInjectingStorage(left, fault: Fault(kind, at: operation))) } catch {}
            if try Archive.exists(in: left) {
                // Killed after the last commit point: it is whole.
                #expect(try Archive.open(try SampleKeys.unlock(left)).head == archive.head)
                guard left.files[ArchiveRestoration.marker] != nil else { continue }
                #expect(try copy(to: left).head == archive.head)
                #expect(left.files[ArchiveRestoration.marker] == nil)
                #expect(left.files["config.json.copy"] == left.files["config.json"])
                finished += 1
                continue
            }
            let kept = Set(left.files.keys.filter { $0.hasPrefix("packs/") })
            let copied = try copy(to: left)
            #expect(copied.head == archive.head, "\(operation)")
            #expect(try Verification.run(on: try SampleKeys.unlock(left)).findings == [], "\(operation)")
            if !kept.isEmpty { resumed += 1 }
        }
        #expect(resumed > 0 && (finished > 0 || kind == .diskFull))
    }

    /// A storage in which the copying of an archive was killed, under a master key or in the clear.
    private func unfinished(_ archive: Archive, _ master: UInt8?) throws -> MemoryStorage {
        let left = MemoryStorage()
        let faulty = FaultInjectingStorage(left, fault: Fault(.killedBefore, at: 60))
        do { _ = try copy(archive, to: faulty, master) } catch {}
        #expect(try ArchiveRestoration.isUnfinished(in: left))
        return MemoryStorage(files: left.files, folders: left.folders)
    }

    private func copy(_ archive: Archive, to storage: any Storage, _ master: UInt8?) throws -> Archive {
        try archive.copy(
            to: try master.map { try Self.target(storage, $0) } ?? storage,
            slots: try master.map { [try SampleKeys.slot(master: $0)] } ?? [], lockTimeout: SampleData.atOnce)
    }

    @Test(arguments: [7, nil] as [UInt8?]) func whatWasBegunOtherwiseIsRefusedAndLeftAsItIs(begun: UInt8?) throws {
        let archive = try Self.sample(MemoryStorage())
        let left = try unfinished(archive, begun)
        let files = left.files
        for master in [7, 8, nil] as [UInt8?] where master != begun {
            #expect {
                try copy(archive, to: left, master)
            } throws: { error in
                let error = error as? ArchiveError
                let how = begun == nil ? "begun without a key" : master == nil ? "begun under a key" : "another key"
                return error?.code == .wrongKey && error?.message.contains(how) == true
            }
        }
        let otherID = try #require(ArchiveID(bytes: Array(repeating: 77, count: 16)))
        let other = try Archive.create(
            in: MemoryStorage(), id: otherID, createdAt: SampleData.start, lockTimeout: SampleData.atOnce)
        #expect {
            _ = try ArchiveRestoration(
                in: left, id: otherID, createdAt: SampleData.start, lockTimeout: SampleData.atOnce)
        } throws: { error in
            let error = error as? ArchiveError
            return error?.code == .folderNotEmpty && error?.message.contains("another archive") == true
        }
        #expect(throws: ArchiveError.self) { try copy(other, to: left, nil) }
        #expect(left.files == files)
        #expect { try Archive.open(left) } throws: { error in
            let error = error as? ArchiveError
            return error?.code == .noArchive && error?.message.contains("never finished") == true
        }
        #expect(throws: ArchiveError.self) { try SampleData.archive(in: left) }
    }

    @Test func anUnfinishedCopyTellsWhatOpensIt() throws {
        let archive = try Self.sample(MemoryStorage())
        let slot = try SampleKeys.slot()
        let left = MemoryStorage()
        let faulty = FaultInjectingStorage(left, fault: Fault(.killedBefore, at: 40))
        do {
            _ = try archive.copy(to: try SampleKeys.unlock(faulty), slots: [slot], lockTimeout: SampleData.atOnce)
        } catch {}
        let unfinished = try #require(try ArchiveRestoration.unfinishedConfiguration(in: left))
        #expect(unfinished.slots == [slot] && unfinished.archive == SampleData.archiveID)
        #expect(try ArchiveRestoration.unfinishedConfiguration(in: MemoryStorage()) == nil)
    }
}
