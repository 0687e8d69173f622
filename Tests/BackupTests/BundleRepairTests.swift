import ObjectStore
import TestSupport
import Testing

@testable import Backup

/// What a repair makes of what par2 does and says; par2 itself is played by each test.
@Suite struct BundleRepairTests {
    private let name: BundleName
    private let whole: [UInt8]
    private let damaged: [UInt8]
    private let folder: MemoryStorage

    init() throws {
        let (sample, written) = (try BackupSample(), MemoryStorage())
        try sample.capture(count: 20)
        name = try sample.backUp(to: written, parity: 6).bundle
        whole = try #require(written.files[name.text])
        damaged = [1, 2, 3] + whole.dropFirst(3)
        folder = MemoryStorage(
            files: [name.text: damaged].merging(MadeParity.files(name, whole)) { $1 }, folders: [])
    }

    private var kept: String { "\(name.text).1" }

    /// Runs a repair in which par2 answers so; it can repair.
    private func run(
        in storage: (any Storage)? = nil, verify: Int32? = 1, repair: () throws -> Int32?
    ) throws -> Bool {
        try withoutActuallyEscaping(repair) { repair in
            try BundleRepair(of: name, in: storage ?? folder) { arguments in
                #expect(arguments[1...2] == ["-q", "-q"] && arguments[3].hasSuffix(".par2"))
                return arguments[0] == "verify" ? verify : try? repair()
            }.run()
        }
    }

    private func code(_ body: () throws -> Bool) -> BackupError.Code? {
        do {
            let answer = try body()
            Issue.record("it answered \(answer)")
        } catch { return (error as? BackupError)?.code }
        return nil
    }

    /// What par2 does first.
    private func putAside() throws { try folder.rename(name.text, to: kept) }

    @Test func whatWasRepairedTakesThePlaceOfWhatWas() throws {
        let isRepaired = try run {
            try putAside()
            try folder.create(name.text, whole)
            return 0
        }
        #expect(isRepaired && folder.files[name.text] == whole && folder.files[kept] == nil)
    }

    @Test(arguments: [6, 8, nil] as [Int32?])
    func aBundleIsNotLostWherePar2Fails(status: Int32?) throws {
        #expect(
            code {
                try run {
                    try putAside()
                    try folder.create(name.text, Array(whole.prefix(9)))
                    return status
                }
            } == .io)
        #expect(folder.files[name.text] == damaged && folder.files[kept] == nil)
        #expect(code { try run(verify: status) { 0 } } == .io)
    }

    @Test func aBundleIsLostWhereTheDamageIsTooMuch() throws {
        let before = folder.files
        for status: Int32 in [2, 4] { #expect(try !run(verify: status) { 0 }) }
        #expect(try !run { 5 })
        // Of damaged parity par2 says anything.
        let index = BundleParity.index(of: name)
        try folder.truncate(index, to: 90)
        #expect(try !run(verify: 6) { 0 })
        try folder.remove(index)
        try folder.create(index, try #require(before[index]))
        #expect(folder.files == before)
    }

    @Test func withoutRoomNothingIsTouched() throws {
        let before = folder.files
        let full = FaultInjectingStorage(folder, fault: Fault(.diskFull, at: 0))
        #expect(
            code {
                try run(in: full) {
                    Issue.record("par2 must not begin")
                    return 6
                }
            } == .noSpace)
        #expect(folder.files == before)
    }

    @Test func aFolderThatCannotBeWrittenToIsNoLoss() throws {
        let denying = ReadOnlyStorage(base: folder)
        #expect(code { try run(in: denying) { 6 } } == .denied)
        #expect(code { try run(in: denying, verify: 6) { 6 } } == .io)
        #expect(try !run(in: denying, verify: 2) { 6 }, "that the damage is too much is known without writing")
        try putAside()
        #expect(code { try run(in: denying) { 6 } } == .denied)
    }

    @Test func whatAnEarlierRunLeftIsUsed() throws {
        try putAside()
        #expect(try !run(verify: 2) { 0 })
        #expect(folder.files[name.text] == damaged && folder.files[kept] == nil, "it has its name back")
        // Killed while it wrote: both are there, and par2 is told of both.
        try putAside()
        try folder.create(name.text, [])
        let isRepaired = try BundleRepair(of: name, in: folder) { arguments in
            #expect(arguments.last == kept)
            if arguments[0] == "verify" { return 1 }
            try? folder.rename(name.text, to: "\(name.text).2")
            try? folder.create(name.text, whole)
            return 0
        }.run()
        #expect(isRepaired && folder.files[name.text] == whole)
        #expect(!folder.files.keys.contains { $0.hasPrefix(name.text + ".") && !$0.hasSuffix(".par2") })
        // Somebody put nothing but the name wrong.
        try putAside()
        #expect(try run(verify: nil) { nil })
        #expect(folder.files[name.text] == whole)
    }
}

/// A storage on a medium that is mounted for reading only.
private struct ReadOnlyStorage: Storage {
    let base: any Storage

    private func denied(_ operation: String, _ path: String) -> StorageError {
        StorageError(.denied, operation: operation, path: describe(path), cause: "Read-only file system")
    }

    func describe(_ path: String) -> String { base.describe(path) }
    func list(_ folder: String) throws(StorageError) -> [String] { try base.list(folder) }
    func size(of path: String) throws(StorageError) -> Int? { try base.size(of: path) }
    func entry(at path: String) throws(StorageError) -> StorageEntry? { try base.entry(at: path) }
    func read(_ path: String, from offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        try base.read(path, from: offset, count: count)
    }
    func open(_ path: String) throws(StorageError) -> any StorageFile { try base.open(path) }
    func createFolder(_ path: String) throws(StorageError) { throw denied("create", path) }
    func create(_ path: String, _ bytes: [UInt8]) throws(StorageError) { throw denied("create", path) }
    func append(_ path: String, at offset: Int, _ bytes: [UInt8]) throws(StorageError) { throw denied("write", path) }
    func truncate(_ path: String, to size: Int) throws(StorageError) { throw denied("truncate", path) }
    func rename(_ path: String, to newPath: String) throws(StorageError) { throw denied("rename", path) }
    func remove(_ path: String) throws(StorageError) { throw denied("remove", path) }
    func removeFolder(_ path: String) throws(StorageError) { throw denied("remove", path) }
    func synchronize(_ path: String) throws(StorageError) { throw denied("synchronize", path) }
    func synchronizeFolder(_ path: String) throws(StorageError) { throw denied("synchronize", path) }
    func tryLock(_ path: String) throws(StorageError) -> LockAttempt { throw denied("lock", path) }
}
