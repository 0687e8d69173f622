import Archive
import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@testable import Backup

/// Bundles that build on one another, made and restored.
@Suite struct BackupChainTests {
    private func expectSame(_ copy: Archive, _ archive: Archive, _ comment: Comment = "") throws {
        #expect(copy.configuration.archive == archive.configuration.archive, comment)
        #expect(copy.configuration.createdAt == archive.configuration.createdAt, comment)
        #expect(copy.head == archive.head && copy.recordCount == archive.recordCount, comment)
        #expect(try copy.recordIDs() == archive.recordIDs(), comment)
        #expect(try Verification.run(on: copy.storage).isSound, comment)
    }

    @Test func incrementsHoldWhatIsNewAndGiveBackEverything() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture(count: 50)
        #expect(try sample.backUp(to: folder).isFull)
        for round in 0..<5 {
            try sample.capture("Woox")
            if round % 2 == 0 { try sample.gc() }
            let summary = try sample.backUp(to: folder)
            #expect(summary.isNew && !summary.isFull && summary.observations == 4 && summary.snapshots == 3)
            #expect(summary.bundle.number == round + 2)
        }
        #expect(try !sample.backUp(to: folder).isNew)
        let (bundles, unreadable) = try BackupListing.read(folder, sample.keys)
        #expect(bundles.count == 6 && unreadable.isEmpty && bundles.allSatisfy(\.isComplete))
        #expect(bundles.map(\.isFull) == [true, false, false, false, false, false])
        #expect(bundles.map(\.contents?.observations) == [51, 4, 4, 4, 4, 4])
        #expect(try BackupListing.read(folder).bundles.allSatisfy { $0.contents == nil })
        try expectSame(try sample.restored(from: folder), sample.archive)
        var options = BackupVerification.Options()
        options.keys = sample.keys
        options.head = bundles.last?.name.digest
        let report = try BackupVerification.run(on: folder, options)
        #expect(report.isSound && report.opened == 6 && report.observations == 71)
    }

    @Test("whoever can open a bundle can open those that it builds on: for another key all is written once more")
    func otherKeys() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        let other = try BackupIdentity.generate()
        try sample.capture()
        try sample.backUp(to: folder, for: [sample.identity, other])
        try sample.capture()
        #expect(try !sample.backUp(to: folder, for: [sample.identity]).isFull, "one key less opens all of them")
        #expect(try !sample.backUp(to: folder, for: [sample.identity]).isNew)
        let all = try sample.backUp(to: folder, for: [other])
        #expect(all.isFull && all.isNew && all.note?.contains("does not open the bundles before") == true)
        try expectSame(
            try sample.restored(from: folder, keys: BackupKeys(identities: [other])), sample.archive, "the key alone")
        try sample.capture()
        #expect(try sample.backUp(to: folder, passphrase: "one").isFull)
        try sample.capture()
        #expect(try !sample.backUp(to: folder, passphrase: "one").isFull)
        #expect(try !sample.backUp(to: folder, passphrase: "one").isNew)
        #expect(try sample.backUp(to: folder, passphrase: "onE").isFull, "mistyped")
        let keys = BackupKeys(passphrase: Array("onE".utf8))
        try expectSame(try sample.restored(from: folder, keys: keys), sample.archive, "the passphrase alone")
    }

    @Test("a newest bundle whose parity alone is there is missed, and so is one behind a moment")
    func lostBundles() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        var names: [BundleName] = []
        for _ in 0..<4 {
            try sample.capture()
            names.append(try sample.backUp(to: folder).bundle)
        }
        var options = BackupRestoration.Options()
        options.moment = try #require(BackupListing.read(folder).bundles.first).createdAt
        func passedOver() throws -> [String] {
            try BackupRestoration(from: folder, sample.keys, options).rebuild(
                in: MemoryStorage(), at: BackupSample.moment(10_000), lockTimeout: BackupSample.atOnce
            ).summary.unreadable
        }
        #expect(try passedOver().isEmpty)
        try folder.create(names[3].text + ".par2", [])
        try folder.remove(names[3].text)
        let error = #expect(throws: BackupError.self) { _ = try sample.restored(from: folder) }
        #expect(error?.message.contains("though its parity is") == true)
        #expect(try passedOver().count == 1)
        try folder.remove(names[1].text)
        #expect(try passedOver().map { $0.hasSuffix("are missing: number 2") }.sorted { $1 } == [false, true])
    }

    @Test func anEmptyArchiveIsBackedUpToo() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.backUp(to: folder)
        try expectSame(try sample.restored(from: folder), sample.archive)
        #expect(try !sample.backUp(to: folder).isNew)
    }

    @Test func holesAndLostEndsAreTold() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        var names: [BundleName] = []
        for _ in 0..<4 {
            try sample.capture()
            names.append(try sample.backUp(to: folder).bundle)
        }
        var options = BackupVerification.Options()
        options.head = names[3].digest
        for name in names {
            let lacking = MemoryStorage(files: folder.files.filter { $0.key != name.text }, folders: [])
            let report = try BackupVerification.run(on: lacking, options)
            #expect(!report.isSound && report.findings.allSatisfy { $0.code == .missing }, "\(name.number)")
            if name == names[3] {
                #expect(try BackupVerification.run(on: lacking, BackupVerification.Options()).isSound)
                #expect(
                    try BackupVerification.run(on: lacking, BackupVerification.Options()).notes.contains {
                        $0.contains("--expect")
                    })
            } else {
                #expect { try sample.restored(from: lacking) } throws: { ($0 as? BackupError)?.code == .missing }
            }
        }
        // The next one does not build on what is gone.
        try folder.remove(names[1].text)
        try sample.capture()
        let full = try sample.backUp(to: folder)
        #expect(full.isFull && full.bundle.number == 5 && full.note != nil)
        try expectSame(try sample.restored(from: folder), sample.archive)
    }

    @Test func whatNoBundleNeedsMayGo() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        for isFull in [false, false, true, false] {
            try sample.capture()
            try sample.backUp(to: folder, isFull: isFull)
        }
        for name in folder.files.keys where name.contains("-000001-") || name.contains("-000002-") {
            try folder.remove(name)
        }
        let report = try BackupVerification.run(on: folder, BackupVerification.Options())
        #expect(report.isSound && report.notes.contains { $0.contains("number 1 to 2") })
        try expectSame(try sample.restored(from: folder), sample.archive)
        try sample.capture()
        #expect(try !sample.backUp(to: folder).isFull)
    }

    @Test func aNewFolderGetsAChainOfItsOwn() throws {
        let (sample, one, two) = (try BackupSample(), MemoryStorage(), MemoryStorage())
        try sample.capture()
        let first = try sample.backUp(to: one)
        try sample.capture()
        let second = try sample.backUp(to: two)
        #expect(second.isFull && second.bundle.number == 1 && second.bundle.writer != first.bundle.writer)
        try sample.capture()
        #expect(try sample.backUp(to: one).bundle.number == 2)
        #expect(try sample.backUp(to: two).bundle.number == 2)
        for folder in [one, two] { try expectSame(try sample.restored(from: folder), sample.archive) }
    }

    @Test func aCopyOfTheArchiveBeginsAChainOfItsOwn() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture()
        let first = try sample.backUp(to: folder)
        let copied = sample.notes
        try sample.capture()
        try sample.backUp(to: folder)
        // Another machine has the notes as they were.
        sample.notes = copied
        try sample.capture()
        let other = try sample.backUp(to: folder)
        #expect(other.isFull && other.bundle.number == 1 && other.bundle.writer != first.bundle.writer)
        #expect(other.note != nil)
        #expect(try BackupVerification.run(on: folder, BackupVerification.Options()).isSound)
        try expectSame(try sample.restored(from: folder), sample.archive)
    }

    @Test func bundlesOfSeveralArchivesAreToldApart() throws {
        let (one, two, folder) = (try BackupSample(id: 1), try BackupSample(id: 2), MemoryStorage())
        try one.capture()
        let first = try one.backUp(to: folder)
        try two.capture("Woox")
        try two.backUp(to: folder)
        #expect { try one.restored(from: folder) } throws: { ($0 as? BackupError)?.code == .ambiguous }
        var options = BackupRestoration.Options()
        options.writer = first.bundle.writer
        try expectSame(try one.restored(from: folder, options), one.archive)
    }

    @Test func anEarlierMomentIsGivenBack() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture()
        try sample.backUp(to: folder, at: 100)
        let head = sample.archive.head
        try sample.capture()
        try sample.backUp(to: folder, at: 200)
        var options = BackupRestoration.Options()
        options.moment = BackupSample.moment(150)
        #expect(try sample.restored(from: folder, options).head == head)
        options.moment = BackupSample.moment(99)
        #expect { try sample.restored(from: folder, options) } throws: { ($0 as? BackupError)?.code == .noBackup }
    }

    @Test func whatWasForgottenStaysSo() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture("Zezima")
        try sample.capture("Woox")
        try sample.backUp(to: folder, at: 100)
        let woox = try #require(PlayerName(normalising: "Woox"))
        _ = try sample.archive.forget(
            ForgetSelection(player: woox), reason: "asked", at: BackupSample.moment(150),
            lockTimeout: BackupSample.atOnce)
        try sample.backUp(to: folder, at: 200)
        try expectSame(try sample.restored(from: folder), sample.archive)
        // Nor does an earlier moment bring it back.
        var options = BackupRestoration.Options()
        options.moment = BackupSample.moment(100)
        let earlier = try sample.restored(from: folder, options)
        #expect(try earlier.history.logs(of: woox).isEmpty)
        #expect(try Verification.run(on: earlier.storage).isSound)
        // Nor does a merge into the archive that has forgotten it.
        let before = try sample.archive.recordIDs()
        let restoration = try BackupRestoration(
            from: MemoryStorage(
                files: folder.files.filter { $0.key.contains("-000001-") }, folders: []), sample.keys, .init())
        let (imported, _) = try restoration.merge(
            into: { sample.archive }, by: MemoryStorage(), at: BackupSample.moment(300),
            lockTimeout: BackupSample.atOnce
        ) { _ in }
        #expect(imported.added == 0)
        #expect(try sample.archive.recordIDs() == before)
    }

    @Test func aMergeAddsWhatIsMissingAndOverwritesNothing() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture("Zezima")
        try sample.capture("Woox")
        try sample.backUp(to: folder)
        let other = try BackupSample(id: 9)
        try other.capture("B0aty")
        let before = try other.archive.recordIDs()
        let restoration = try BackupRestoration(from: folder, sample.keys, .init())
        let woox = try #require(PlayerName(normalising: "Woox"))
        let (one, _) = try restoration.merge(
            into: { other.archive }, only: woox, by: MemoryStorage(), at: BackupSample.moment(300),
            lockTimeout: BackupSample.atOnce
        ) { _ in }
        #expect(one.added == 4)
        let (all, _) = try restoration.merge(
            into: { other.archive }, by: MemoryStorage(), at: BackupSample.moment(300), lockTimeout: BackupSample.atOnce
        ) { _ in }
        #expect(all.added == 4 && all.already == 4)
        #expect(try Array(other.archive.recordIDs().prefix(4)) == before)
    }

    @Test func aPassphraseOpensWhatItSealed() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        var options = BackupCreation.Options()
        options.passphrase = Array("correct horse".utf8)
        options.scrypt = try #require(ScryptParameters(cost: 2, blockSize: 8, parallelization: 1))
        for _ in 0..<2 {
            try sample.capture()
            let creation = BackupCreation(of: sample.archive, to: folder, signer: sample.signer, options)
            _ = try creation.run(sample.notes, at: BackupSample.start) { sample.notes = $0 }
        }
        let recipients = try BackupListing.read(folder).bundles.flatMap(\.recipients)
        #expect(recipients.map(\.kind) == ["passphrase", "passphrase"])
        #expect(Set(recipients.map(\.id)).count == 1, "one salt, so one key is derived for all")
        try expectSame(
            try sample.restored(from: folder, keys: BackupKeys(passphrase: Array("correct horse".utf8))), sample.archive
        )
        #expect(throws: BackupError.self) {
            try sample.restored(from: folder, keys: BackupKeys(passphrase: Array("Correct horse".utf8)))
        }
    }

    @Test func keysAsTexts() throws {
        let identity = try BackupIdentity.generate()
        let file = identity.file(comment: "a test")
        #expect(try BackupIdentity.parse(file: file, from: "key").map(\.recipient) == [identity.recipient])
        #expect(try BackupRecipient(text: identity.recipient.text) == identity.recipient)
        let signer = try BackupSigner.generate()
        #expect(try BackupSigner.parse(file: signer.file(), from: "key").publicKey == signer.publicKey)
        #expect(try BackupSignerKey(text: signer.publicKey.text) == signer.publicKey)
        var mistyped = identity.recipient.text
        mistyped = mistyped.replacing("-1-", with: "-1-", maxReplacements: 1)
        let wrong = String(mistyped.dropLast(9)) + "-00000000"
        for text in [wrong, "", "osrs-backup-public-1-", signer.publicKey.text, String(mistyped.dropLast())] {
            #expect { try BackupRecipient(text: text) } throws: { ($0 as? BackupError)?.code == .badKey }
        }
        #expect(throws: BackupError.self) { try BackupIdentity.parse(file: Array("# nothing\n".utf8), from: "key") }
    }
}
