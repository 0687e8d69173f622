import Archive
import Glibc
import ObjectStore
import TestSupport
import Testing

@Suite struct StatisticsTests {
    @Test func bytesAreThoseOfRegularFilesAndLinksAreNotFollowed() throws {
        let folder = TemporaryFolder()
        let archive = try SampleData.archive(in: try FileStorage(root: folder.path))
        try archive.commit(SampleData.batch(xp: 1..<4, from: 0), lockTimeout: SampleData.atOnce)
        let before = try archive.statistics().bytesTotal
        #expect(before > 0)
        folder.write("12345", to: "README")
        try #require(unsafe symlink("README", "\(folder.path)/file-link") == 0)
        try #require(unsafe symlink("..", "\(folder.path)/temporary/folder-link") == 0)
        try #require(unsafe symlink("loop", "\(folder.path)/loop") == 0)
        try #require(unsafe symlink("nowhere", "\(folder.path)/broken") == 0)
        try #require(unsafe mkfifo("\(folder.path)/pipe", 0o600) == 0)
        #expect(try archive.statistics().bytesTotal == before + 5)
    }
}
