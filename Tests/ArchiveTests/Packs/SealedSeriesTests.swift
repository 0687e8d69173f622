import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@testable import Archive

@Suite(.enabled(if: SharedFiles.exists("data/series"), "no real series here"))
struct SealedSeriesTests {
    @Test func aSealedArchiveSaysWhatItSaidBefore() throws {
        let storage = MemoryStorage()
        let archive = try Archive.create(
            in: storage, id: try #require(ArchiveID(bytes: Array(repeating: 7, count: 16))), createdAt: .earliest,
            lockTimeout: LockTimeout())
        let importer = Importer(into: archive, lockTimeout: LockTimeout()) { _ in }
        try importer.run(
            try SharedFiles.names("data/series").filter { $0.hasSuffix(".jsonl") }.sorted().map {
                try ImportSource.path("\(SharedFiles.folder)/data/series/\($0)")
            })
        let (entries, documents) = try contents(of: archive)
        let (head, snapshots) = (archive.head, archive.history.snapshotCount)
        _ = try archive.collectGarbage(lockTimeout: LockTimeout())

        for sealed in [archive, try Archive.open(storage)] {
            #expect(try contents(of: sealed) == (entries, documents))
            #expect(sealed.head == head)
            #expect(sealed.history.snapshotCount == snapshots)
        }
        #expect(try Verification.run(on: storage).isSound)
        #expect(storage.files.keys.allSatisfy { !$0.hasPrefix("objects/") })
        // The bar of the whole folder: 90 bytes a capture.
        let bytes = storage.files.values.reduce(0) { $0 + $1.count }
        #expect(bytes <= 90 * entries.count, "\(bytes / entries.count) bytes a capture")
    }

    private func contents(of archive: Archive) throws -> ([LogEntry], [[UInt8]?]) {
        var entries: [LogEntry] = []
        let all = archive.history.entriesInSequenceOrder()
        while let entry = try all.next() { entries.append(entry) }
        return (entries, try entries.map { try archive.document(of: $0) })
    }
}
