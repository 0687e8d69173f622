import Archive
import ObjectStore
import TestSupport
import Testing

/// One suite over every storage: real files, memory, and memory with a cache that can be lost.
@Suite struct StorageConformanceTests {
    /// A storage under test, made anew for each run, and what is left of it when the process or the machine is gone.
    enum Medium: String, CaseIterable {
        case files, memory, volatile, sealedMemory, sealedVolatile

        func make(_ folder: TemporaryFolder) throws -> any Storage {
            switch self {
            case .files: try FileStorage(root: folder.path)
            case .memory, .sealedMemory: MemoryStorage()
            case .volatile, .sealedVolatile: VolatileStorage()
            }
        }

        /// The storage with the key of an encrypted archive, for the media that have one.
        func unlock(_ storage: any Storage) throws -> any Storage {
            switch self {
            case .files, .memory, .volatile: storage
            case .sealedMemory, .sealedVolatile: try SampleKeys.unlock(storage)
            }
        }
    }

    @Test(arguments: Medium.allCases) func aLifeWithoutFaultsIsKept(medium: Medium) throws {
        let folder = TemporaryFolder()
        let storage = try medium.unlock(try medium.make(folder))
        let scenario = try Scenario(forFaults: true)
        var expected = Scenario.Contents()
        try scenario.run(try SampleData.archive(in: storage)) { expected = $1 }
        try expectSound(storage, holds: [expected])
    }

    /// Every kind of fault on files; on memory those that a program meets whatever lies below.
    @Test(arguments: [
        (Medium.files, Fault.Kind.killedBefore), (.files, .killedMidWrite), (.files, .diskFull),
        (.files, .failedSynchronization), (.memory, .killedMidWrite), (.memory, .diskFull), (.memory, .ioError),
        (.sealedMemory, .killedMidWrite), (.sealedMemory, .failedSynchronization),
    ])
    func whatWasAcknowledgedSurvivesAFaultAtEveryOperation(medium: Medium, kind: Fault.Kind) throws {
        let scenario = try Scenario(forFaults: true)
        let operations = try countOperations(scenario, medium)
        print("\(medium.rawValue), \(kind.rawValue): a fault at each of \(operations) operations")
        #expect(operations >= 200)
        for operation in 0..<operations {
            try surviveFault(Fault(kind, at: operation), scenario, medium, power: nil)
        }
    }

    @Test(arguments: VolatileStorage.Survival.allCases, [Fault.Kind.killedBefore, .killedMidWrite])
    func whatWasAcknowledgedSurvivesTheLossOfPowerAtEveryOperation(
        survival: VolatileStorage.Survival, kind: Fault.Kind
    ) throws {
        let scenario = try Scenario(forFaults: true)
        let operations = try countOperations(scenario, .volatile)
        print(
            "volatile, \(kind.rawValue), \(survival) survives: power lost at each of \(operations) operations, seeds 0..<2"
        )
        for operation in 0..<operations {
            for seed in 0..<(survival == .nothing ? 1 : 2) {
                try surviveFault(Fault(kind, at: operation), scenario, .volatile, power: (survival, UInt64(seed)))
            }
        }
    }

    @Test func whatWasAcknowledgedSurvivesAFailedSynchronizationAndTheLossOfPower() throws {
        let scenario = try Scenario(forFaults: true)
        for operation in 0..<(try countOperations(scenario, .volatile)) {
            try surviveFault(
                Fault(.failedSynchronization, at: operation), scenario, .volatile, power: (.nothing, 0))
        }
    }

    @Test func whatWasAcknowledgedInAnEncryptedArchiveSurvivesTheLossOfPower() throws {
        let scenario = try Scenario(forFaults: true)
        for operation in 0..<(try countOperations(scenario, .sealedVolatile)) {
            try surviveFault(
                Fault(.killedMidWrite, at: operation), scenario, .sealedVolatile,
                power: (operation % 2 == 0 ? .nothing : .anySubset, UInt64(operation)))
        }
    }

    private func countOperations(_ scenario: Scenario, _ medium: Medium) throws -> Int {
        let storage = FaultInjectingStorage(MemoryStorage())
        try scenario.run(try SampleData.archive(in: try medium.unlock(storage))) { _, _ in }
        return storage.operations
    }

    /// Runs into the fault, opens what is left as the next process would, checks it, and lives on to the end.
    private func surviveFault(
        _ fault: Fault, _ scenario: Scenario, _ medium: Medium,
        power: (survival: VolatileStorage.Survival, seed: UInt64)?
    ) throws {
        let folder = TemporaryFolder()
        let base = try medium.make(folder)
        let faulty = FaultInjectingStorage(base, fault: fault)
        var next = 0
        var acknowledged = Scenario.Contents()
        let comment: Comment = "\(fault) \(String(describing: power))"
        var survivor: Archive?
        do {
            let archive = try SampleData.archive(in: try medium.unlock(faulty))
            survivor = archive
            try scenario.run(archive) { (next, acknowledged) = ($0, $1) }
        } catch {}
        if let survivor, [.failedSynchronization, .ioError].contains(fault.kind) {
            (next, acknowledged) = try liveOn(survivor, faulty, scenario, next, acknowledged, comment)
        }
        var left: any Storage = base
        if let power, let volatile = base as? VolatileStorage {
            var random = SeededRandom(seed: power.seed &+ UInt64(fault.operation) &* 1_000_003)
            left = volatile.afterPowerLoss(power.survival, &random)
        }
        left = try medium.unlock(left)
        guard try Archive.exists(in: left) else {
            #expect(next == 0, comment)
            let archive = try SampleData.archive(in: left)
            try scenario.run(archive) { _, _ in }
            return
        }
        // The step in flight may be there as a whole where its answer was all that got lost.
        var allowed = [acknowledged]
        let wasInterrupted = next < scenario.steps.count
        if wasInterrupted, fault.kind != .diskFull { allowed.append(acknowledged.adding(scenario.steps[next])) }
        try expectSound(left, holds: allowed, comment)
        var final = acknowledged
        let archive = try Archive.open(left)
        try scenario.run(archive, from: next, contents: acknowledged) { final = $1 }
        try expectSound(left, holds: [final], comment)
    }

    /// A process that met an error goes on with the same archive: to the end, or, where a synchronization failed, not
    /// one step further.
    private func liveOn(
        _ archive: Archive, _ storage: FaultInjectingStorage, _ scenario: Scenario, _ next: Int,
        _ contents: Scenario.Contents, _ comment: Comment
    ) throws -> (next: Int, Scenario.Contents) {
        var (reached, acknowledged) = (next, contents)
        guard storage.hasFailedSynchronization else {
            try scenario.run(archive, from: next, contents: contents) { (reached, acknowledged) = ($0, $1) }
            #expect(reached == scenario.steps.count, comment)
            return (reached, acknowledged)
        }
        let operations = storage.operations
        for step in scenario.steps[next...] {
            let error = #expect(throws: ArchiveError.self, comment) { try step.perform(on: archive) }
            #expect(error?.code == .io, comment)
        }
        #expect(storage.operations == operations, "a writer that has stopped touched the medium: \(comment)")
        return (reached, acknowledged)
    }

    private func expectSound(
        _ storage: any Storage, holds allowed: [Scenario.Contents], _ comment: Comment? = nil
    ) throws {
        let report = try Verification.run(on: storage)
        #expect(report.isSound, comment)
        if !report.isSound { print(report.findings) }
        let contents = try Scenario.Contents(Archive.open(storage))
        #expect(allowed.contains(contents), comment)
    }
}
