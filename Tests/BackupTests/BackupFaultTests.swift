import Archive
import ObjectStore
import TestSupport
import Testing

@testable import Backup

/// A backup that meets a fault at any of its operations leaves nothing that counts and is not whole, and the next one
/// mends it.
@Suite struct BackupFaultTests {
    private func copy(_ storage: MemoryStorage) -> MemoryStorage {
        MemoryStorage(files: storage.files, folders: storage.folders)
    }

    @Test(arguments: [
        Fault.Kind.killedBefore, .killedMidWrite, .diskFull, .failedSynchronization, .ioError, .silentCorruption,
    ])
    func nothingHalfWrittenCounts(kind: Fault.Kind) throws {
        let (sample, whole) = (try BackupSample(), MemoryStorage())
        try sample.capture()
        try sample.backUp(to: whole)
        let notes = sample.notes
        try sample.capture("Woox")
        let counted = FaultInjectingStorage(copy(whole))
        try sample.backUp(to: counted)
        #expect(counted.operations > 5)
        for operation in 0..<counted.operations {
            let comment: Comment = "\(kind) at operation \(operation)"
            let folder = copy(whole)
            sample.notes = notes
            do { try sample.backUp(to: FaultInjectingStorage(folder, fault: Fault(kind, at: operation))) } catch {}
            #expect(try BackupVerification.run(on: folder, BackupVerification.Options()).isSound, comment)
            let next = try sample.backUp(to: folder)
            #expect(next.bundle.number == 2 && !next.isFull, comment)
            #expect(try sample.restored(from: folder).head == sample.archive.head, comment)
            #expect(folder.files.keys.allSatisfy { !$0.hasPrefix(".partial-") }, comment)
        }
    }

    @Test(arguments: VolatileStorage.Survival.allCases) func norWhereThePowerIsLost(
        survival: VolatileStorage.Survival
    ) throws {
        let sample = try BackupSample()
        try sample.capture()
        let counted = FaultInjectingStorage(VolatileStorage())
        try sample.backUp(to: counted)
        for operation in 0...counted.operations {
            let medium = VolatileStorage()
            sample.notes = ChainNotes()
            var isDone = false
            do {
                try sample.backUp(to: FaultInjectingStorage(medium, fault: Fault(.killedMidWrite, at: operation)))
                isDone = true
            } catch {}
            var random = SeededRandom(seed: UInt64(operation))
            let left = medium.afterPowerLoss(survival, &random)
            let comment: Comment = "\(survival) survives, power lost at operation \(operation)"
            let bundles = try BackupListing.read(left).bundles
            if isDone || !bundles.isEmpty {
                #expect(try sample.restored(from: left).head == sample.archive.head, comment)
            }
            try sample.backUp(to: left)
            #expect(try sample.restored(from: left).head == sample.archive.head, comment)
        }
    }

    @Test func notesThatCannotBeKeptStopTheBackup() throws {
        struct Failed: Error {}
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture()
        var options = BackupCreation.Options()
        options.recipients = [sample.identity.recipient]
        let creation = BackupCreation(of: sample.archive, to: folder, signer: sample.signer, options)
        #expect(throws: Failed.self) {
            try creation.run(sample.notes, at: BackupSample.start) { _ in throw Failed() }
        }
        #expect(folder.files.isEmpty)
    }

    @Test func nobodyIsNamed() throws {
        let sample = try BackupSample()
        let creation = BackupCreation(
            of: sample.archive, to: MemoryStorage(), signer: sample.signer, BackupCreation.Options())
        #expect { try creation.run(sample.notes, at: BackupSample.start) { _ in } } throws: {
            ($0 as? BackupError)?.code == .noRecipient
        }
    }

    @Test func notesComeBack() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        for _ in 0..<3 {
            try sample.capture()
            try sample.backUp(to: folder)
        }
        #expect(ChainNotes(decoding: try sample.notes.encoded()) == sample.notes)
        #expect(sample.notes.chains.map(\.states.count) == [2])
        for text in ["", "{}", #"{"chains":[{}],"format":1}"#, #"{"chains":[],"format":2}"#] {
            #expect(ChainNotes(decoding: Array(text.utf8)) == nil)
        }
    }
}
