import Glibc
import ObjectStore
import TestSupport
import Testing

/// Files held open while others write, rename and remove, on every storage.
@Suite struct OpenFileTests {
    enum Medium: String, CaseIterable {
        case files, memory, volatile, faultInjecting

        func make(_ folder: TemporaryFolder) throws -> any Storage {
            switch self {
            case .files: try FileStorage(root: folder.path)
            case .memory: MemoryStorage()
            case .volatile: VolatileStorage()
            case .faultInjecting: FaultInjectingStorage(MemoryStorage())
            }
        }
    }

    @Test(arguments: Medium.allCases) func readsEndWhereTheFileDoes(medium: Medium) throws {
        let folder = TemporaryFolder()
        let storage = try medium.make(folder)
        try storage.create("file", Array(0..<100))
        let file = try storage.open("file")
        #expect(file.size == 100)
        #expect(try file.read(from: 0, count: 100) == Array(0..<100))
        #expect(try file.read(from: 7, count: 3) == [7, 8, 9])
        #expect(try file.read(from: 98, count: .max) == [98, 99])
        for (offset, count) in [(100, 1), (.max, .max), (0, 0), (-1, 5), (5, -1), (.min, .min), (3, 0)] {
            #expect(try file.read(from: offset, count: count) == [], "\(count) bytes from \(offset)")
        }
        try storage.create("empty", [])
        let empty = try storage.open("empty")
        #expect(try empty.size == 0 && empty.read(from: 0, count: 10) == [])
    }

    @Test(arguments: Medium.allCases) func aFileThatIsNotThereCannotBeOpened(medium: Medium) throws {
        let folder = TemporaryFolder()
        let storage = try medium.make(folder)
        #expect { try storage.open("file") } throws: { ($0 as? StorageError)?.code == .missing }
        try storage.createFolder("folder")
        #expect(throws: StorageError.self) { try storage.open("folder") }
    }

    @Test(arguments: Medium.allCases) func anOpenFileOutlivesItsName(medium: Medium) throws {
        let folder = TemporaryFolder()
        let storage = try medium.make(folder)
        try storage.create("renamed", [1, 2, 3])
        try storage.create("replaced", [4, 5, 6])
        try storage.create("removed", [7, 8, 9])
        let files = try ["renamed", "replaced", "removed"].map { try storage.open($0) }
        try storage.rename("renamed", to: "replaced")
        try storage.remove("removed")
        #expect(try files.map { try $0.read(from: 0, count: 3) } == [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
        #expect(try storage.open("replaced").read(from: 0, count: 3) == [1, 2, 3])
    }

    @Test(arguments: Medium.allCases) func aFileGrowsPieceByPiece(medium: Medium) throws {
        let folder = TemporaryFolder()
        let storage = try medium.make(folder)
        var random = SeededRandom(seed: 3)
        var expected: [UInt8] = []
        try storage.create("file", [])
        var early: (any StorageFile)?
        for piece in 0..<40 {
            if piece == 20 { early = try storage.open("file") }
            let bytes = (0..<Int.random(in: 0...3000, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            try storage.append("file", at: expected.count, bytes)
            expected += bytes
            #expect(try storage.size(of: "file") == expected.count)
        }
        try storage.synchronize("file")
        let file = try storage.open("file")
        #expect(file.size == expected.count)
        #expect(try file.read(from: 0, count: file.size) == expected)
        let seen = try #require(early)
        #expect(try seen.read(from: 0, count: .max) == Array(expected.prefix(seen.size)))
        #expect(try seen.read(from: seen.size, count: 1) == [])
    }

    @Test func everyReadOfAnOpenFileIsAnOperation() throws {
        let base = MemoryStorage()
        try base.create("file", [1, 2, 3])
        let counting = FaultInjectingStorage(base)
        let file = try counting.open("file")
        _ = try file.read(from: 0, count: 1)
        _ = try file.read(from: 1, count: 1)
        #expect(counting.operations == 3)

        for operation in 0..<3 {
            let failing = FaultInjectingStorage(base, fault: Fault(.ioError, at: operation))
            var failures = 0
            func attempt(_ body: () throws(StorageError) -> Void) {
                do { try body() } catch { failures += 1 }
            }
            var file: (any StorageFile)?
            attempt { () throws(StorageError) in file = try failing.open("file") }
            if file == nil { attempt { () throws(StorageError) in file = try failing.open("file") } }
            for _ in 0..<2 { attempt { () throws(StorageError) in _ = try file?.read(from: 0, count: 1) } }
            #expect(failures == 1 && file != nil, "a fault at operation \(operation)")
        }
        let killed = FaultInjectingStorage(base, fault: Fault(.killedBefore, at: 1))
        let last = try killed.open("file")
        for _ in 0..<2 { #expect(throws: StorageError.self) { try last.read(from: 0, count: 1) } }
        #expect(killed.isDead)
    }

    @Test func aFileThatWasCutBehindOurBackGivesWhatIsLeft() throws {
        let folder = TemporaryFolder()
        let storage = try FileStorage(root: folder.path)
        try storage.create("file", [1, 2, 3])
        let file = try storage.open("file")
        try storage.truncate("file", to: 2)
        #expect(try file.read(from: 0, count: 3) == [1, 2])
    }

    @Test func aNamedPipeIsRefusedAndNotWaitedFor() throws {
        let folder = TemporaryFolder()
        let storage = try FileStorage(root: folder.path)
        try #require(unsafe mkfifo("\(folder.path)/pipe", 0o600) == 0)
        #expect(throws: StorageError.self) { try storage.open("pipe") }
    }

    @Test func aDescriptorIsClosedWithItsFile() throws {
        let folder = TemporaryFolder()
        let storage = try FileStorage(root: folder.path)
        try storage.create("file", [1])
        var file: (any StorageFile)? = try storage.open("file")
        #expect(try file?.read(from: 0, count: 1) == [1])
        #expect(isOpen("\(folder.path)/file"))
        file = nil
        #expect(!isOpen("\(folder.path)/file"))
    }

    private func isOpen(_ path: String) -> Bool {
        (0..<1024).contains { number in
            var target = [CChar](repeating: 0, count: 4096)
            let count = unsafe readlink("/proc/self/fd/\(number)", &target, target.count)
            return count > 0 && path.utf8.elementsEqual(target.prefix(count).map { UInt8(bitPattern: $0) })
        }
    }
}
