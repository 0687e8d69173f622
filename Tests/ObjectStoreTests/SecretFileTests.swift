import Glibc
import ObjectStore
import TestSupport
import Testing

/// Files with secrets: whole under their names, or not there.
@Suite struct SecretFileTests {
    private let folder = TemporaryFolder()

    private func code(_ path: String) -> StorageError.Code? {
        do throws(StorageError) { try SecretFile.create(path, [1]) } catch { return error.code }
        return nil
    }

    @Test func itIsForItsOwnerAloneAndNothingElseIsLeft() throws {
        let path = "\(folder.path)/ä\u{308}.key"
        try SecretFile.create(path, Array("secret".utf8))
        var status = stat()
        try #require(unsafe stat(path, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o600 && status.st_nlink == 1)
        #expect(try SecretFile.read(path) == Array("secret".utf8))
        #expect(try FileStorage(root: folder.path).list("").count == 1)
    }

    @Test func whatIsThereIsNeverReplaced() throws {
        folder.write("old", to: "file")
        try #require(unsafe symlink("nothing", "\(folder.path)/link") == 0)
        for name in ["file", "link"] { #expect(code("\(folder.path)/\(name)") == .exists) }
        #expect(code("\(folder.path)/none/file") == .missing)
        #expect(folder.text(of: "file") == "old")
        #expect(try FileStorage(root: folder.path).list("").sorted() == ["file", "link"])
    }
}
