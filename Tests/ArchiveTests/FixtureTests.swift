import Archive
import Glibc
import ObjectStore
import TestSupport
import Testing

/// Archives of every format that ever landed lie in `Fixtures/` and are opened for ever. Never change one; a new format
/// adds one.
@Suite struct FixtureTests {
    private static let fixtures = String(#filePath.dropLast("FixtureTests.swift".count)) + "Fixtures"

    /// A copy of a fixture in memory: a test must not write into the repository.
    private func copy(_ name: String) throws -> MemoryStorage {
        let storage = try FileStorage(root: "\(Self.fixtures)/\(name)")
        var files: [String: [UInt8]] = [:]
        var folders: Set<String> = []
        func walk(_ folder: String) throws {
            folders.insert(folder)
            for entry in try storage.list(folder) {
                let path = folder.isEmpty ? entry : "\(folder)/\(entry)"
                do throws(StorageError) {
                    files[path] = try storage.readAll(path, limit: 1 << 20)
                } catch {
                    guard error.code == .wrongKind else { throw error }
                    try walk(path)
                }
            }
        }
        try walk("")
        // Git keeps no empty folders.
        return MemoryStorage(files: files, folders: folders.union(["objects", "temporary"]))
    }

    @Test func format1WithLooseObjectsOpens() throws {
        let storage = try copy("format-1-loose")
        let report = try Verification.run(on: storage)
        #expect(report.isSound && report.notes.isEmpty)
        #expect(report.head?.digest.hex == "c267aac90aa2fe468ccb40a87b0b00c2d62c97ca34b452d2ff81cdb58936ba56")
        let archive = try Archive.open(storage)
        var expected = Scenario.Contents()
        let fresh = try SampleData.archive(in: MemoryStorage())
        try Scenario().run(fresh) { expected = $1 }
        #expect(try Scenario.Contents(archive) == expected)
        #expect(archive.head == fresh.head)
        for id in Set(try archive.entries().compactMap(\.observation.snapshot)) {
            #expect(try archive.document(id) == fresh.document(id))
        }
        try archive.commit(try SampleData.batch(xp: 900..<901, from: 900), lockTimeout: SampleData.atOnce)
        #expect(try Verification.run(on: storage).isSound)
    }

    /// Makes the fixture where there is none: `OSRS_ARCHIVE_WRITE_FIXTURE=1 swift test --filter FixtureTests`.
    @Test(.enabled(if: unsafe getenv("OSRS_ARCHIVE_WRITE_FIXTURE") != nil, "fixtures are written once"))
    func writeTheFixture() throws {
        let storage = try FileStorage(root: "\(Self.fixtures)/format-1-loose")
        #expect(try storage.createRoot())
        let archive = try SampleData.archive(in: storage)
        try Scenario().run(archive) { _, _ in }
        print("head \(archive.head?.digest.hex ?? "unknown")")
    }
}
