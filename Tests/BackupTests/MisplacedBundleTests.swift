import ObjectStore
import Testing

@testable import Backup

/// Bundles that a copy has put under names that are not theirs.
@Suite struct MisplacedBundleTests {
    private static func sample() throws -> (folder: MemoryStorage, names: [BundleName]) {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        for _ in 0..<3 {
            try sample.capture(count: 1)
            try sample.backUp(to: folder)
        }
        return (folder, folder.files.keys.compactMap { BundleName($0) }.sorted { $0.number < $1.number })
    }

    @Test func exchangedBundlesArePutBack() throws {
        let (folder, names) = try Self.sample()
        let files = folder.files
        let exchanged = MemoryStorage(
            files: files.merging([
                names[0].text: files[names[1].text] ?? [], names[1].text: files[names[0].text] ?? [],
            ]) { $1 }, folders: folder.folders)
        let found = try MisplacedBundles(in: exchanged)
        #expect(found.putBack == [names[0], names[1]] && found.sound == Set(names))
        #expect(exchanged.files == files)
        #expect(try MisplacedBundles(in: exchanged).putBack.isEmpty)
    }

    @Test func aDamagedFileInTheWayKeepsItsBytes() throws {
        let (folder, names) = try Self.sample()
        let files = folder.files
        let exchanged = MemoryStorage(
            files: files.merging([
                names[0].text: files[names[1].text] ?? [], names[1].text: [1, 2, 3],
            ]) { $1 }, folders: folder.folders)
        let found = try MisplacedBundles(in: exchanged)
        #expect(found.putBack == [names[1]] && found.sound == Set(names.dropFirst()))
        #expect(exchanged.files[names[1].text] == files[names[1].text])
        #expect(exchanged.files[names[1].text + ".1"] == [1, 2, 3])
        #expect(exchanged.files[names[0].text] == nil)
    }

    @Test func whatAKilledRunHadMovedIsMovedOn() throws {
        let (folder, names) = try Self.sample()
        var files = folder.files
        files[".moved-" + names[1].text] = files.removeValue(forKey: names[1].text)
        let left = MemoryStorage(files: files, folders: folder.folders)
        #expect(try MisplacedBundles(in: left).putBack == [names[1]])
        #expect(left.files == folder.files)
    }
}
