import ObjectStore
import TestSupport
import Testing

@testable import Archive

/// A repair that meets a fault while it mends header and configuration begins again, and loses nothing.
@Suite struct MendingFaultTests {
    private static let cases: [(kind: Fault.Kind, survival: VolatileStorage.Survival?)] = [
        (.killedBefore, nil), (.killedMidWrite, nil), (.diskFull, nil), (.ioError, nil),
        (.failedSynchronization, .nothing), (.killedMidWrite, .nothing), (.killedMidWrite, .anySubset),
    ]

    private static func repair(_ storage: any Storage) throws {
        _ = try Archive.repair(storage, at: SampleData.moment(100_000), lockTimeout: SampleData.atOnce)
    }

    @Test(arguments: cases.indices) func aKilledRepairBeginsAgain(index: Int) throws {
        let fault = Self.cases[index]
        let sample = try MendingSample()
        let damages: [[String: [UInt8]?]] = [
            ["journal": sample.withoutHeader, "config.json": nil],
            ["journal": sample.withoutHeader, try sample.packs[0]: nil],
            ["config.json": Array("damaged".utf8)],
        ]
        for damage in damages {
            let start = sample.storage.changing(damage)
            let end = start.changing()
            let counting = FaultInjectingStorage(end)
            try Self.repair(counting)
            let after = try ArchiveState(end)
            #expect(counting.operations > 20)
            // Each kind strikes at a third of the operations, two kinds or more at each.
            for operation in stride(from: index % 3, to: counting.operations, by: 3) {
                let comment: Comment = "\(fault) at operation \(operation)"
                let (volatile, memory) = (VolatileStorage(), start.changing())
                if fault.survival != nil { try volatile.fill(with: start) }
                let base: any Storage = fault.survival == nil ? memory : volatile
                do { try Self.repair(FaultInjectingStorage(base, fault: Fault(fault.kind, at: operation))) } catch {}
                var left = memory
                if let survival = fault.survival {
                    var random = SeededRandom(seed: UInt64(operation))
                    left = volatile.afterPowerLoss(survival, &random)
                }
                for bytes in damage.values.compactMap(\.self) {
                    #expect(left.files.values.contains(bytes), comment)
                }
                try Self.repair(left)
                #expect(try Verification.run(on: left).findings == [], comment)
                let final = try ArchiveState(left, comment)
                #expect(final.entries == after.entries && final.documents == after.documents, comment)
            }
        }
    }

    @Test func whatTheMediumDoesNotGiveIsNotMended() throws {
        let sample = try MendingSample()
        let start = sample.storage.changing(["journal": sample.withoutHeader])
        // The file that is there is not given up while it cannot be read.
        for operation in 0..<24 {
            let left = start.changing()
            let faulty = FaultInjectingStorage(left, fault: Fault(.ioError, at: operation))
            do { try Self.repair(faulty) } catch {}
            try? Self.repair(left)
            #expect(try ArchiveState(left) == sample.state, "operation \(operation)")
        }
    }
}

extension VolatileStorage {
    /// Puts everything that another storage has on the medium.
    fileprivate func fill(with other: MemoryStorage) throws {
        for folder in other.folders.sorted() where !folder.isEmpty { try createFolder(folder) }
        for (path, bytes) in other.files {
            try create(path, bytes)
            try synchronize(path)
        }
        for folder in other.folders.sorted() { try synchronizeFolder(folder) }
    }
}
