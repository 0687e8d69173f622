import ObjectStore
import TestSupport
import Testing

@testable import Archive

/// What stands in the way of sealing is called what it is.
@Suite struct SealingErrorTests {
    private func sample() throws -> MemoryStorage {
        let storage = MemoryStorage()
        try SampleData.archive(in: storage)
            .commit(try SampleData.batch(xp: 1..<4, from: 1), lockTimeout: SampleData.atOnce)
        return storage
    }

    private func error(of storage: any Storage) -> ArchiveError? {
        do throws(ArchiveError) {
            _ = try Archive.open(storage).collectGarbage(lockTimeout: SampleData.atOnce)
            return nil
        } catch { return error }
    }

    @Test func aFaultOfTheMediumIsNoDamage() throws {
        let start = try sample()
        let counted = FaultInjectingStorage(MemoryStorage(files: start.files, folders: start.folders))
        _ = try Archive.open(counted).collectGarbage(lockTimeout: SampleData.atOnce)
        for operation in 0..<counted.operations {
            let left = MemoryStorage(files: start.files, folders: start.folders)
            let error = error(of: FaultInjectingStorage(left, fault: Fault(.ioError, at: operation)))
            #expect(error == nil || error?.code == .io, "operation \(operation): \(error?.message ?? "")")
        }
    }

    @Test func aDamagedDocumentIsNamedAndNotTheJournal() throws {
        let storage = try sample()
        let path = try #require(storage.files.keys.filter { $0.hasPrefix("objects/") }.min())
        var files = storage.files
        files[path]?[20] ^= 1
        let damaged = try #require(error(of: MemoryStorage(files: files, folders: storage.folders)))
        #expect(damaged.code == .corrupt && damaged.message.contains(path))
        files[path] = nil
        let missing = try #require(error(of: MemoryStorage(files: files, folders: storage.folders)))
        #expect(missing.code == .missing && missing.message.contains(path))
    }
}
