import Archive
import ObjectStore
import Testing

@testable import Backup

/// What became damaged in the archive is not backed up as if it were whole.
@Suite struct DamagedSourceTests {
    /// A pack of many players, which lies deflated in a bundle, and one of a single player, which lies as it is.
    @Test(arguments: [40, 1]) func aPackThatIsNotWhatItsNameSaysIsNotBackedUp(players: Int) throws {
        let storage = MemoryStorage()
        let sample = try BackupSample(storage: storage)
        for number in 0..<players { try sample.capture("player \(number)", count: 2) }
        try sample.gc()
        let path = try #require(storage.files.keys.first { $0.hasPrefix("packs/") })
        let whole = try #require(storage.files[path])
        let pack = try #require(try sample.archive.extract()?.packs.first)
        #expect(try (DeflatedPack.deflated(pack) != nil) == (players > 1))
        func backUp(_ bytes: [UInt8], to folder: MemoryStorage) throws -> BackupCreation.Summary {
            let damaged = MemoryStorage(
                files: storage.files.merging([path: bytes]) { $1 }, folders: storage.folders)
            var options = BackupCreation.Options()
            options.recipients = [sample.identity.recipient]
            return try BackupCreation(of: try Archive.open(damaged), to: folder, signer: sample.signer, options)
                .run(ChainNotes(), at: BackupSample.start) { _ in }
        }
        for offset in [20, whole.count / 4] {
            var flipped = whole
            flipped[offset] ^= 1
            let folder = MemoryStorage()
            #expect { try backUp(flipped, to: folder) } throws: {
                ($0 as? BackupError)?.code == .corrupt
            }
            let names = Array(folder.files.keys)
            #expect(names == [], "byte \(offset)")
        }
        let folder = MemoryStorage()
        _ = try backUp(whole, to: folder)
        #expect(try sample.restored(from: folder).head == sample.archive.head)
    }
}
