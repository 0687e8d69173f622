import Archive
import ObjectStore
import TestSupport
import Testing

@testable import Backup

/// A restore that knows who may have signed.
@Suite struct RestoreSignerTests {
    private func restored(
        _ sample: BackupSample, from folder: any Storage, _ signers: [BackupSigner], writer: String? = nil
    ) throws -> (archive: Archive, summary: BackupRestoration.Summary) {
        var options = BackupRestoration.Options()
        options.signers = Set(signers.map(\.publicKey))
        options.writer = writer
        return try BackupRestoration(from: folder, sample.keys, options).rebuild(
            in: MemoryStorage(), at: BackupSample.moment(10_000), lockTimeout: BackupSample.atOnce)
    }

    private func isForeign(_ error: any Error) -> Bool {
        let error = error as? BackupError
        return error?.code == .corrupt && error?.message.contains("signed by somebody else") == true
    }

    /// Bundles of somebody who can write to the folder, and knows for whom they are: of an archive with the same id.
    private func addForeignChain(to folder: MemoryStorage, for sample: BackupSample) throws -> BackupSigner {
        let foreign = try BackupSample()
        try foreign.capture("Mallory", count: 2)
        var options = BackupCreation.Options()
        options.recipients = [sample.identity.recipient]
        _ = try BackupCreation(of: foreign.archive, to: folder, signer: foreign.signer, options).run(
            foreign.notes, at: BackupSample.moment(5_000)
        ) { foreign.notes = $0 }
        return foreign.signer
    }

    @Test func anotherSignersBackupIsRefused() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture()
        try sample.backUp(to: folder)
        let other = try BackupSigner.generate()
        #expect(throws: (any Error).self) { try restored(sample, from: folder, [other]) }
        #expect { try restored(sample, from: folder, [other]) } throws: { isForeign($0) }
        #expect(try restored(sample, from: folder, [other, sample.signer]).archive.head == sample.archive.head)
    }

    @Test func aForeignChainIsPassedOverAndNamed() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture()
        let writer = try sample.backUp(to: folder).bundle.writer
        let foreign = try addForeignChain(to: folder, for: sample)
        #expect(try restored(sample, from: folder, []).archive.head != sample.archive.head, "the newest is taken")
        let (archive, summary) = try restored(sample, from: folder, [sample.signer])
        #expect(archive.head == sample.archive.head && summary.otherWriters.isEmpty)
        #expect(summary.unreadable.count == 1 && summary.unreadable[0].contains("signed by somebody else"))
        #expect(try restored(sample, from: folder, [sample.signer], writer: writer).summary.unreadable.isEmpty)
        #expect {
            try restored(sample, from: folder, [sample.signer], writer: try other(than: writer, folder))
        } throws: { isForeign($0) }
        #expect(try restored(sample, from: folder, [sample.signer, foreign]).summary.otherWriters == [writer])
    }

    private func other(than writer: String, _ folder: MemoryStorage) throws -> String {
        try #require(BackupFolder.list(folder).bundles.map(\.writer).first { $0 != writer })
    }
}
