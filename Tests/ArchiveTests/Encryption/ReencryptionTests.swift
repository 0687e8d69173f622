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
        var resumed = 0
        for operation in 0..<counting.operations {
            let left = MemoryStorage()
            do { _ = try copy(to: FaultInjectingStorage(left, fault: Fault(kind, at: operation))) } catch {}
            if try Archive.exists(in: left) {
                // Killed after the last commit point: it is whole.
                #expect(try Archive.open(try SampleKeys.unlock(left)).head == archive.head)
                continue
            }
            let kept = Set(left.files.keys.filter { $0.hasPrefix("packs/") })
            let copied = try copy(to: left)
            #expect(copied.head == archive.head, "\(operation)")
            #expect(try Verification.run(on: try SampleKeys.unlock(left)).findings == [], "\(operation)")
            if !kept.isEmpty { resumed += 1 }
        }
        #expect(resumed > 0)
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
