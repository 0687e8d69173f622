import Glibc
import ObjectStore
import TestSupport
import Testing

@Suite("A file that is edited")
struct EditableFileTests {
    private let folder = TemporaryFolder()

    private func mode(_ name: String) -> mode_t {
        var status = stat()
        unsafe lstat("\(folder.path)/\(name)", &status)
        return status.st_mode & 0o7777
    }

    /// Takes the lock, and does something under it; false where another has it.
    private func edit(_ file: EditableFile, _ body: (borrowing FileEditing) throws -> Void) throws -> Bool {
        guard let editing = try file.tryLock() else { return false }
        try body(editing)
        return true
    }

    private func replace(_ name: String, with text: String) throws {
        let isDone = try edit(try EditableFile("\(folder.path)/\(name)")) { try $0.replace(with: Array(text.utf8)) }
        #expect(isDone)
    }

    @Test("it is made with its folder, read, and replaced; nothing else is left in the folder")
    func replaced() throws {
        let file = try EditableFile("\(folder.path)/a/b/list.json")
        #expect(try file.read(limit: 10) == nil)
        for text in ["one", "two"] {
            try replace("a/b/list.json", with: text)
            #expect(try file.read(limit: 3) == Array(text.utf8))
        }
        #expect(throws: StorageError.self) { _ = try file.read(limit: 2) }
        #expect(try FileStorage(root: "\(folder.path)/a/b").list("") == ["list.json"])
    }

    @Test("permissions stay, and what a killed editor left is in nobody's way")
    func permissions() throws {
        folder.write("old", to: "list.json")
        folder.write("left behind", to: ".list.json.new")
        unsafe chmod("\(folder.path)/list.json", 0o640)
        try replace("list.json", with: "new")
        #expect(folder.text(of: "list.json") == "new")
        #expect(mode("list.json") == 0o640)
        #expect(folder.text(of: ".list.json.new") == nil)
    }

    @Test("a link is followed and stays one; one that leads nowhere is an error")
    func links() throws {
        unsafe mkdir("\(folder.path)/real", 0o700)
        folder.write("old", to: "real/list.json")
        unsafe symlink("real/list.json", "\(folder.path)/link.json")
        try replace("link.json", with: "new")
        #expect(folder.text(of: "real/list.json") == "new")
        var status = stat()
        unsafe lstat("\(folder.path)/link.json", &status)
        #expect(status.st_mode & S_IFMT == S_IFLNK)
        unsafe symlink("nowhere", "\(folder.path)/dangling")
        let error = #expect(throws: StorageError.self) { _ = try EditableFile("\(folder.path)/dangling") }
        #expect(error?.code == .wrongKind)
    }

    @Test("one editor at a time; the lock goes with its owner")
    func lock() throws {
        let file = try EditableFile("\(folder.path)/list.json")
        let isFirst = try edit(file) { _ in
            let isSecond = try edit(file) { _ in }
            #expect(!isSecond)
        }
        #expect(isFirst)
        let isThird = try edit(file) { _ in }
        #expect(isThird)
    }

    @Test("a folder in its place is no file")
    func wrongKind() throws {
        unsafe mkdir("\(folder.path)/list.json", 0o700)
        let file = try EditableFile("\(folder.path)/list.json")
        let error = #expect(throws: StorageError.self) { _ = try file.read(limit: 10) }
        #expect(error?.code == .wrongKind)
    }
}
