import Hiscores
import ObjectStore
import Testing

@testable import Archive

/// Everything that an archive says, for comparison.
struct ArchiveState: Equatable {
    var entries: [LogEntry]
    var documents: [Observation.Identity: [UInt8]]
    var tags: [String: ObjectID]
    var tombstones: Int
    var losses: [Loss]

    /// Reads all of a storage, whose counts must be those of what is there.
    init(_ storage: any Storage, _ comment: Comment? = nil) throws {
        let archive = try Archive.open(storage)
        entries = try archive.entries()
        documents = [:]
        for entry in entries where entry.observation.documentID != nil {
            documents[entry.observation.identity] = try? archive.document(of: entry)
        }
        tags = archive.history.tags.compactMapValues(\.target?.snapshot)
        tombstones = archive.history.declarations.count { if case .tombstone = $0 { true } else { false } }
        losses = archive.history.declarations.compactMap { if case .loss(let loss) = $0 { loss } else { nil } }
        guard archive.damage.isEmpty else { return }
        // Counted by hand.
        let kept = entries.filter { $0.observation.result == .ok }
        let snapshots = kept.compactMap(\.observation.snapshot)
        #expect(archive.history.snapshotCount == Set(snapshots).count, comment)
        #expect(archive.history.observationCount == entries.count, comment)
        for log in try archive.history.allLogs() {
            let own = entries.filter { $0.observation.player == log.player && $0.observation.board == log.board }
            let snapshots = own.filter { $0.observation.result == .ok }.compactMap(\.observation.snapshot)
            #expect(log.snapshotCount == Set(snapshots).count, comment)
            #expect(log.count == own.count, comment)
            #expect(log.successCount == own.count { $0.observation.result == .ok }, comment)
            for id in Set(snapshots) {
                #expect(try archive.history.sighting(of: id) != nil, comment)
            }
        }
    }
}

extension MemoryStorage {
    /// Another storage with the same files, some of them changed; nil takes one away.
    func changing(_ files: [String: [UInt8]?] = [:]) -> MemoryStorage {
        var changed = self.files
        for (path, bytes) in files { changed[path] = bytes }
        return MemoryStorage(files: changed, folders: folders)
    }
}
