import Glibc
import ObjectStore
import TestSupport
import Testing

@Suite struct FileStorageTests {
    private func lock(_ storage: FileStorage) throws -> (any StorageLock)? {
        if case .taken(let lock) = try storage.tryLock("lock") { lock } else { nil }
    }

    @Test func aLockReleasedTwiceLeavesTheNextHolderAlone() throws {
        let folder = TemporaryFolder()
        let storage = try FileStorage(root: folder.path)
        var first = try lock(storage)
        try #require(first != nil)
        first?.release()
        #expect(folder.text(of: "lock") == "")
        let second = try #require(try lock(storage))
        let holder = "\(getpid())\n"
        #expect(folder.text(of: "lock") == holder)
        first?.release()
        first = nil
        #expect(folder.text(of: "lock") == holder)
        #expect(try lock(storage) == nil)
        second.release()
        #expect(folder.text(of: "lock") == "")
    }

    @Test func whatLiesInAFolderIsSeenThroughLinksAndDots() throws {
        let folder = TemporaryFolder()
        let base = try FileStorage(root: folder.path)
        for name in ["archive", "archive/deep", "other"] { try base.createFolder(name) }
        try #require(unsafe symlink("../archive/deep", "\(folder.path)/other/link") == 0)
        let archive = try FileStorage(root: "\(folder.path)/archive")
        for (name, isInside) in [
            ("archive", true), ("archive/new", true), ("other/../archive/new/er", true), ("other/link/new", true),
            ("other/link/../new", true), ("none/../archive", true), ("./archive/./deep/..", true),
            ("archives", false), ("archive/../new", false), ("other/link/../../new", false), ("other/new", false),
            ("", false),
        ] { #expect(try archive.contains(FileStorage(root: "\(folder.path)/\(name)")) == isInside, "\(name)") }
        #expect(try FileStorage(root: "/").contains(archive) && !archive.contains(FileStorage(root: "/")))
    }

    @Test func anEntryIsWhatStandsThereItself() throws {
        let folder = TemporaryFolder()
        let storage = try FileStorage(root: folder.path)
        folder.write("abc", to: "file")
        try storage.createFolder("folder")
        try #require(unsafe symlink("file", "\(folder.path)/link") == 0)
        #expect(try storage.entry(at: "file") == .file(bytes: 3))
        #expect(try storage.entry(at: "folder") == .folder)
        #expect(try storage.entry(at: "link") == .other)
        #expect(try storage.entry(at: "nothing") == nil)
        #expect(try storage.size(of: "link") == 3)
    }

    @Test func aHolderWhoseLockFileWasRemovedIsStillSeen() throws {
        let folder = TemporaryFolder()
        let storage = try FileStorage(root: folder.path)
        guard case .taken(let first) = try storage.tryLock("lock") else {
            Issue.record("the lock was not free")
            return
        }
        try storage.remove("lock")
        guard case .held = try storage.tryLock("lock") else {
            Issue.record("two writers at once")
            return
        }
        first.release()
        guard case .taken = try storage.tryLock("lock") else {
            Issue.record("the lock did not come free")
            return
        }
    }

    @Test func nothingIsWrittenThroughALink() throws {
        let folder = TemporaryFolder()
        folder.write("precious", to: "victim")
        unsafe symlink("\(folder.path)/victim", "\(folder.path)/lock")
        let storage = try FileStorage(root: folder.path)
        #expect(throws: StorageError.self) { try storage.tryLock("lock") }
        #expect(throws: StorageError.self) { try storage.truncate("lock", to: 0) }
        #expect(folder.text(of: "victim") == "precious")
    }
}
