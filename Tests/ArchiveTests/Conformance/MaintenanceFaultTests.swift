import Hiscores
import ObjectStore
import TestSupport
import Testing

@testable import Archive

/// `gc`, a large batch, `verify --repair` and `forget` meet a fault at each of their operations: what is left is the old state or the
/// new one, and running again completes.
@Suite struct MaintenanceFaultTests {
    private static let now = SampleData.moment(100_000)

    /// How a fault strikes, and whether the power goes with it.
    private static let cases: [(kind: Fault.Kind, survival: VolatileStorage.Survival?)] = [
        (.killedMidWrite, nil), (.diskFull, nil), (.ioError, nil), (.failedSynchronization, .nothing),
        (.killedBefore, .nothing), (.killedMidWrite, .anySubset),
    ]

    private static func sample() throws -> MemoryStorage {
        let sample = try SealedSample(players: ["Zezima", "Iron Mole"], captures: 2, seals: 2)
        let archive = try Archive.open(sample.storage)
        let document = SealedSample.document("Zezima", xp: 1)
        var batch = Batch()
        batch.add(try SampleData.observation(document, at: 6000, player: "Iron Mole"), document: document)
        batch.add(SampleData.failure(.notFound, at: 6001, player: "Iron Mole"), document: nil)
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        try archive.commit(try SampleData.batch(xp: 50..<51, from: 6002), lockTimeout: SampleData.atOnce)
        return sample.storage
    }

    private func collect(_ archive: Archive) throws {
        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
    }

    private func repair(_ archive: Archive) throws {
        _ = try archive.repair(at: Self.now, lockTimeout: SampleData.atOnce)
    }

    private func forget(_ archive: Archive) throws {
        do throws(ArchiveError) {
            _ = try archive.forget(
                ForgetSelection(player: SampleData.player("Iron Mole")), reason: "asked to", at: Self.now,
                lockTimeout: SampleData.atOnce)
        } catch  where error.code == .playerNotFound {
            // A run that was killed once it had taken effect leaves nothing to forget.
        }
    }

    @Test(arguments: cases.indices) func aCollectionThatMeetsAFaultLosesNothing(index: Int) throws {
        let start = try Self.sample()
        try strike(Self.cases[index], start, collect) { left, comment in
            let findings = try Verification.run(on: left).findings
            #expect(findings == [], comment)
        }
    }

    @Test(arguments: cases.indices) func aLargeBatchThatMeetsAFaultIsThereOrNot(index: Int) throws {
        let start = try Self.sample()
        let batch = try SampleData.batch(xp: 60..<63, from: 7000)
        try strike(
            Self.cases[index], start,
            { archive in
                archive.packedBatchRecords = 2
                try archive.commit(batch, lockTimeout: SampleData.atOnce)
            }
        ) { left, comment in
            let findings = try Verification.run(on: left).findings
            #expect(findings == [], comment)
        }
    }

    @Test(arguments: cases.indices) func aForgettingThatMeetsAFaultHasHappenedOrNot(index: Int) throws {
        let start = try Self.sample()
        try strike(Self.cases[index], start, forget) { left, comment in
            let findings = try Verification.run(on: left).findings
            #expect(findings == [], comment)
        }
    }

    @Test(arguments: cases.indices) func aRepairThatMeetsAFaultLosesNothingMore(index: Int) throws {
        let sound = try Self.sample()
        let packs = try Archive.open(sound).packs.members.map { ArchiveLayout.pack($0.name) }
        var block = try #require(sound.files[packs[0]])
        block[20] ^= 1
        var journal = try #require(sound.files["journal"])
        journal[journal.count - 100] ^= 1
        let lost = LooseObjects.path(of: SHA256.digest(SealedSample.document("Zezima", xp: 1)))
        let damages: [[String: [UInt8]?]] = [
            [packs[0]: block, "journal": journal], [packs[1]: nil, lost: nil],
            [packs[0]: sound.files[packs[1]], packs[1]: sound.files[packs[0]]],
        ]
        for damage in damages {
            let start = sound.changing(damage)
            let kept = damage.values.compactMap(\.self)
            try strike(Self.cases[index], start, repair) { left, comment in
                for bytes in kept { #expect(left.files.values.contains(bytes), comment) }
            }
        }
    }

    /// Runs into a fault at each operation in turn.
    private func strike(
        _ fault: (kind: Fault.Kind, survival: VolatileStorage.Survival?), _ start: MemoryStorage,
        _ action: (Archive) throws -> Void, check: (MemoryStorage, Comment) throws -> Void
    ) throws {
        let counting = FaultInjectingStorage(start.changing())
        try action(try Archive.open(counting))
        let end = start.changing()
        try action(try Archive.open(end))
        let (before, after) = (try ArchiveState(start.changing()), try ArchiveState(end))
        print("\(fault.kind.rawValue): a fault at each of \(counting.operations) operations")
        // Each kind strikes at a third of the operations, two kinds or more at each.
        let offset = Self.cases.firstIndex { $0.kind == fault.kind && $0.survival == fault.survival } ?? 0
        for operation in stride(from: offset % 3, to: counting.operations, by: 3) {
            let comment: Comment = "\(fault) at operation \(operation)"
            let (volatile, memory) = (VolatileStorage(), start.changing())
            if fault.survival != nil { try Self.fill(volatile, with: start) }
            let base: any Storage = fault.survival == nil ? memory : volatile
            let faulty = FaultInjectingStorage(base, fault: Fault(fault.kind, at: operation))
            do { try action(try Archive.open(faulty)) } catch {}
            var left = memory
            if let survival = fault.survival {
                var random = SeededRandom(seed: UInt64(operation) &* 1_000_003)
                left = volatile.afterPowerLoss(survival, &random)
            }
            let entries = try Archive.open(left).entries()
            #expect(entries.allSatisfy { before.entries.contains($0) || after.entries.contains($0) }, comment)
            let isSound = try Verification.run(on: left).isSound
            #expect(entries == before.entries || entries == after.entries || !isSound, comment)
            try check(left, comment)
            try action(try Archive.open(left))
            #expect(try Verification.run(on: left).findings == [], comment)
            let final = try ArchiveState(left, comment)
            #expect(final.entries == after.entries && final.documents == after.documents, comment)
            #expect(final.tags == after.tags && final.tombstones == after.tombstones, comment)
            _ = try Archive.open(left).collectGarbage(lockTimeout: SampleData.atOnce)
            #expect(try ArchiveState(left, comment).entries == after.entries, comment)
        }
    }

    private static func fill(_ storage: VolatileStorage, with other: MemoryStorage) throws {
        for folder in other.folders.sorted() where !folder.isEmpty { try storage.createFolder(folder) }
        for (path, bytes) in other.files {
            try storage.create(path, bytes)
            try storage.synchronize(path)
        }
        for folder in other.folders.sorted() { try storage.synchronizeFolder(folder) }
    }
}
