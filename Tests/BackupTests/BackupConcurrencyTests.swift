import Archive
import Hiscores
import ObjectStore
import TestSupport
import Testing

@testable import Backup

/// What others do while a backup is made.
@Suite struct BackupConcurrencyTests {
    /// The packs that a backup is about to copy are merged into another one, and removed.
    @Test func packsThatGarbageCollectionRemovesAreBackedUp() throws {
        let (place, folder) = (TemporaryFolder(), MemoryStorage())
        let storage = try FileStorage(root: place.path)
        let sample = try BackupSample(storage: storage)
        for _ in 0..<3 {
            try sample.capture(count: 6)
            try sample.gc()
        }
        try sample.capture("Woox")
        let packs = Set(try storage.list("packs"))
        var options = BackupCreation.Options()
        options.recipients = [sample.identity.recipient]
        // The first random number is taken when the extract stands and before a byte of it is read.
        let random = RandomSource { count in
            if let other = try? Archive.open(FileStorage(root: place.path)) {
                _ = try? other.collectGarbage(lockTimeout: BackupSample.atOnce)
            }
            return try? RandomSource.system.bytes(count)
        }
        let backup = try Archive.open(storage)
        let creation = BackupCreation(of: backup, to: folder, signer: sample.signer, options, random: random)
        _ = try creation.run(sample.notes, at: BackupSample.start) { sample.notes = $0 }
        #expect(try !packs.isSubset(of: storage.list("packs")), "the packs are still there")
        #expect(try sample.restored(from: folder).head == backup.head)
        #expect(try BackupVerification.run(on: folder, BackupVerification.Options()).isSound)
    }

    /// A bundle that was begun in a chain of which nothing is there yet.
    @Test func theFirstBundleLeavesNothingBehindEither() throws {
        let sample = try BackupSample()
        try sample.capture()
        let counted = FaultInjectingStorage(MemoryStorage())
        try sample.backUp(to: counted)
        for kind in [Fault.Kind.killedBefore, .killedMidWrite, .diskFull] {
            for operation in 0..<counted.operations {
                let folder = MemoryStorage()
                sample.notes = ChainNotes()
                do { try sample.backUp(to: FaultInjectingStorage(folder, fault: Fault(kind, at: operation))) } catch {}
                try sample.backUp(to: folder)
                #expect(folder.files.keys.allSatisfy { !$0.hasPrefix(".") }, "\(kind) at operation \(operation)")
                #expect(try sample.restored(from: folder).head == sample.archive.head)
            }
        }
    }

    /// New keys from some day on: what is for the old ones is passed over, not an end of everything.
    @Test func bundlesForOtherKeysAreToldApart() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture()
        try sample.backUp(to: folder)
        let new = try BackupIdentity.generate()
        var options = BackupCreation.Options()
        options.recipients = [new.recipient]
        options.isFull = true
        try sample.capture()
        _ = try BackupCreation(of: sample.archive, to: folder, signer: sample.signer, options)
            .run(sample.notes, at: BackupSample.moment(20)) { sample.notes = $0 }
        var verification = BackupVerification.Options()
        verification.keys = BackupKeys(identities: [new])
        let report = try BackupVerification.run(on: folder, verification)
        #expect(report.isSound && report.checked == 2 && report.opened == 1)
        #expect(report.notes.contains { $0.contains("for other keys") })
        let (bundles, unreadable) = try BackupListing.read(folder, BackupKeys(identities: [new]))
        #expect(bundles.map { $0.contents == nil } == [true, false] && unreadable.isEmpty)
        #expect(try sample.restored(from: folder, keys: BackupKeys(identities: [new])).head == sample.archive.head)
    }

    /// A newest bundle whose header is damaged is an error, never a silent return of what was before it.
    @Test func theNewestBundleIsNotPassedOver() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture()
        try sample.backUp(to: folder, at: 100)
        let head = sample.archive.head
        try sample.capture()
        let newest = try sample.backUp(to: folder, at: 200).bundle
        var files = folder.files
        files[newest.text]?[0] ^= 1
        let damaged = MemoryStorage(files: files, folders: [])
        #expect { try sample.restored(from: damaged) } throws: { ($0 as? BackupError)?.code == .corrupt }
        var options = BackupRestoration.Options()
        options.moment = BackupSample.moment(150)
        #expect(try sample.restored(from: damaged, options).head == head)
    }

    /// Forgotten stays forgotten, also where only another chain of the archive says so.
    @Test func tombstonesOfOtherChainsCount() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture()
        try sample.capture("Woox")
        let first = try sample.backUp(to: folder, at: 100)
        let woox = try #require(PlayerName(normalising: "Woox"))
        _ = try sample.archive.forget(
            ForgetSelection(player: woox), reason: "asked", at: BackupSample.moment(150),
            lockTimeout: BackupSample.atOnce)
        sample.notes = ChainNotes()
        try sample.backUp(to: folder, at: 200)
        var options = BackupRestoration.Options()
        options.writer = first.bundle.writer
        let restored = try sample.restored(from: folder, options)
        #expect(try restored.history.logs(of: woox).isEmpty)
        #expect(try Verification.run(on: restored.storage).isSound)
    }

    /// An archive was restored from an earlier bundle and forgot there what the chain went on to record.
    @Test func tombstonesOfAHistoryThatPartedEarlierCount() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture()
        try sample.capture("Woox")
        let writer = try sample.backUp(to: folder, at: 100).bundle.writer
        let old = try sample.restored(from: folder)
        for _ in 0..<3 { try sample.capture("Woox") }
        try sample.backUp(to: folder, at: 110)
        let woox = try #require(PlayerName(normalising: "Woox"))
        _ = try old.forget(
            ForgetSelection(player: woox), reason: "asked", at: BackupSample.moment(150),
            lockTimeout: BackupSample.atOnce)
        #expect(
            old.recordCount < sample.archive.recordCount, "the tombstone stands before the end of the other history")
        var creation = BackupCreation.Options()
        creation.recipients = [sample.identity.recipient]
        _ = try BackupCreation(of: old, to: folder, signer: sample.signer, creation)
            .run(ChainNotes(), at: BackupSample.moment(200)) { _ in }
        var options = BackupRestoration.Options()
        options.writer = writer
        let restored = try sample.restored(from: folder, options)
        #expect(try restored.history.logs(of: woox).isEmpty)
        #expect(try Verification.run(on: restored.storage).isSound)
    }

    /// A tombstone that both histories have means what came before it, and nothing that came behind.
    @Test func aTombstoneOfBothHistoriesLeavesWhatCameLater() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture("Woox")
        let woox = try #require(PlayerName(normalising: "Woox"))
        _ = try sample.archive.forget(
            ForgetSelection(player: woox), reason: "asked", at: BackupSample.moment(50),
            lockTimeout: BackupSample.atOnce)
        try sample.capture("Woox")
        let first = try sample.backUp(to: folder, at: 100)
        let head = sample.archive.head
        sample.notes = ChainNotes()
        try sample.capture()
        try sample.backUp(to: folder, at: 200)
        var options = BackupRestoration.Options()
        options.writer = first.bundle.writer
        let restored = try sample.restored(from: folder, options)
        #expect(try restored.head == head && restored.recordIDs().count == 4)
    }

    /// Damage is told also where no bundle is for the key that was given.
    @Test func aWrongKeyHidesNoDamage() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture()
        try sample.backUp(to: folder)
        let new = try BackupIdentity.generate()
        var options = BackupCreation.Options()
        options.recipients = [new.recipient]
        options.isFull = true
        let creation = BackupCreation(of: sample.archive, to: folder, signer: sample.signer, options)
        let name = try creation.run(sample.notes, at: BackupSample.moment(20)) { sample.notes = $0 }.bundle
        var verification = BackupVerification.Options()
        verification.keys = BackupKeys(identities: [new])
        // In the payload, and in the header.
        for offset in [try #require(folder.files[name.text]).count - 100, 0] {
            var files = folder.files
            files[name.text]?[offset] ^= 1
            let damaged = MemoryStorage(files: files, folders: [])
            let report = try BackupVerification.run(on: damaged, verification)
            #expect(report.findings.map(\.code) == [.corrupt])
            #expect(report.notes.contains { $0.contains("for other keys") })
        }
        var files = folder.files
        files[name.text]?[0] ^= 1
        let (bundles, unreadable) = try BackupListing.read(MemoryStorage(files: files, folders: []), verification.keys)
        #expect(bundles.count == 1 && unreadable.count == 1)
    }
}
