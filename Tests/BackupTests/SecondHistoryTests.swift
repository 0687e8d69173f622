import Archive
import CivilTime
import Hiscores
import ObjectStore
import Testing

@testable import Backup

/// Two copies of an archive, with the same notes, that write to one folder; and whoever else adds to a chain.
@Suite struct SecondHistoryTests {
    private func copy(_ storage: MemoryStorage) -> MemoryStorage {
        MemoryStorage(files: storage.files, folders: storage.folders)
    }

    /// A chain of two with two bundles of number 2, and the archives and notes that wrote them.
    private func forked() throws -> (one: BackupSample, folder: MemoryStorage, names: [BundleName]) {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture()
        try sample.backUp(to: folder, at: 10)
        let (before, notes) = (copy(folder), sample.notes)
        try sample.capture("Woox")
        let other = try sample.backUp(to: before, at: 20).bundle
        // The other copy has captured somebody else meanwhile; this one's notes are its own.
        sample.notes = notes
        try sample.capture("B0aty")
        let own = try sample.backUp(to: folder, at: 21).bundle
        try folder.create(other.text, try #require(before.files[other.text]))
        #expect(own.number == other.number && own.writer == other.writer && own != other)
        return (sample, folder, [other, own])
    }

    @Test func twoBundlesOfOneNumberAreFoundAndCostNothing() throws {
        let (sample, folder, names) = try forked()
        let report = try BackupVerification.run(on: folder, BackupVerification.Options())
        #expect(report.findings.map(\.code) == [.corrupt])
        #expect(report.findings.allSatisfy { $0.detail.contains("second history") })
        #expect(try BackupListing.read(folder).bundles.allSatisfy(\.isComplete))
        let restoration = try BackupRestoration(from: folder, sample.keys, .init())
        let (archive, summary) = try restoration.rebuild(
            in: MemoryStorage(), at: BackupSample.moment(10_000), lockTimeout: BackupSample.atOnce)
        #expect(archive.head == sample.archive.head && summary.bundle == names[1])
        #expect(summary.unreadable.count == 1 && summary.unreadable[0].contains(names[0].text))
    }

    @Test func theNextBundleBeginsAChainOfItsOwn() throws {
        let (sample, folder, names) = try forked()
        try sample.capture()
        let next = try sample.backUp(to: folder, at: 30)
        #expect(next.isFull && next.bundle.number == 1 && next.bundle.writer != names[0].writer && next.note != nil)
        #expect(try sample.restored(from: folder).head == sample.archive.head)
    }

    /// What an earlier version wrote behind one of two bundles of a number is restored by what each names.
    @Test func aChainGoesOnBehindEitherOfThem() throws {
        let (sample, folder, names) = try forked()
        let alone = MemoryStorage(files: folder.files.filter { $0.key != names[0].text }, folders: [])
        try sample.capture()
        let third = try sample.backUp(to: alone, at: 30).bundle
        #expect(third.number == 3)
        try folder.create(third.text, try #require(alone.files[third.text]))
        #expect(try sample.restored(from: folder).head == sample.archive.head)
        #expect(try BackupListing.read(folder).bundles.allSatisfy(\.isComplete))
        let report = try BackupVerification.run(on: folder, BackupVerification.Options())
        #expect(report.findings.map(\.code) == [.corrupt])
    }

    /// Another copy's bundle of the same number takes its name while this one is being written.
    @Test(arguments: [false, true]) func aNumberThatIsTakenMeanwhileIsLeftToTheOther(isFinished: Bool) throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture()
        let writer = try sample.backUp(to: folder, at: 10).bundle.writer
        let (before, notes) = (copy(folder), sample.notes)
        try sample.capture("Woox")
        let other = try sample.backUp(to: before, at: 20).bundle
        let bytes = try #require(before.files[other.text])
        sample.notes = notes
        var options = BackupCreation.Options()
        options.recipients = [sample.identity.recipient]
        let random = RandomSource { count in
            try? folder.create(isFinished ? other.text : ".partial-\(writer)-2", isFinished ? bytes : [])
            return try? RandomSource.system.bytes(count)
        }
        let creation = BackupCreation(of: sample.archive, to: folder, signer: sample.signer, options, random: random)
        let summary = try creation.run(sample.notes, at: BackupSample.moment(20)) { sample.notes = $0 }
        #expect(summary.isFull && summary.bundle.number == 1 && summary.bundle.writer != writer)
        #expect(summary.note != nil)
        #expect(try BackupVerification.run(on: folder, BackupVerification.Options()).isSound)
        #expect(try sample.restored(from: folder).head == sample.archive.head)
    }

    /// Whoever may write to the folder, and knows the recipients, cannot go on with a chain.
    @Test func aBundleOfAnotherSignerIsNotRestored() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture()
        try sample.backUp(to: folder, at: 10)
        try sample.capture("Woox")
        var options = BackupCreation.Options()
        options.recipients = [sample.identity.recipient]
        let creation = BackupCreation(of: sample.archive, to: folder, signer: try .generate(), options)
        let forged = try creation.run(sample.notes, at: BackupSample.moment(20)) { _ in }
        #expect(forged.bundle.number == 2 && !forged.isFull)
        let report = try BackupVerification.run(on: folder, BackupVerification.Options())
        #expect(report.findings.map(\.code) == [.corrupt])
        #expect { try sample.restored(from: folder) } throws: {
            ($0 as? BackupError)?.message.contains("signed") == true
        }
        var earlier = BackupRestoration.Options()
        earlier.moment = BackupSample.moment(15)
        #expect(try sample.restored(from: folder, earlier).recordCount == 4)
    }

    /// Findings tell what is gone from what is not as it should be.
    @Test func findingsOfAChainHaveTheirCodes() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        for minute in [10, 20, 30] {
            try sample.capture()
            try sample.backUp(to: folder, at: minute)
        }
        func codes(_ files: [String: [UInt8]]) throws -> [BackupError.Code] {
            try BackupVerification.run(on: MemoryStorage(files: files, folders: []), .init()).findings.map(\.code)
        }
        #expect(try codes(folder.files.filter { !$0.key.contains("-000002-") }) == [.missing])
        let (one, another) = (try forked(), try forked())
        #expect(try codes(one.folder.files) == [.corrupt])
        #expect(try Set(codes(one.folder.files.merging(another.folder.files) { $1 })) == [.corrupt])
    }
}
