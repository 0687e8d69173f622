import ObjectStore
import Testing

@testable import Backup

/// The files that make a backup folder readable take nobody's place.
@Suite struct ReaderFilesTests {
    private let names = ["FORMAT.md", "README.txt", "restore.py"]

    @Test(arguments: ["FORMAT.md", "README.txt", "restore.py"])
    func somebodysOwnFileIsNotWrittenOver(name: String) throws {
        let sample = try BackupSample()
        for bytes in [Array("my own words\n".utf8), []] {
            let folder = MemoryStorage(files: [name: bytes, "letter.txt": bytes], folders: [])
            do {
                try ReaderFiles.write(to: folder, for: sample.signer.publicKey)
                Issue.record("it was written over")
            } catch { #expect(error.code == .exists && error.message.contains(name)) }
            #expect(folder.files == [name: bytes, "letter.txt": bytes])
        }
    }

    @Test func filesOfOtherVersionsAreReplaced() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try ReaderFiles.write(to: folder, for: sample.signer.publicKey)
        let written = folder.files
        #expect(written.keys.sorted() == names)
        for name in names { try folder.append(name, at: try #require(written[name]).count, [0x0A]) }
        try ReaderFiles.write(to: folder, for: sample.signer.publicKey)
        #expect(folder.files == written)
    }

    @Test func aFolderWithBundlesGetsThemWhateverItHas() throws {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture()
        try sample.backUp(to: folder)
        try folder.create("README.txt", [])
        try ReaderFiles.write(to: folder, for: sample.signer.publicKey)
        #expect(folder.files["README.txt"] == Array(ReaderText.readme.utf8))
    }
}
