import ObjectStore

/// What an archive holds and weighs.
public struct ArchiveStatistics: Hashable, Sendable {
    /// Players with a snapshot.
    public var players = 0
    /// Observations, failures counted.
    public var observations = 0
    /// Distinct snapshot ids.
    public var snapshots = 0
    /// Bytes of all regular files in the folder, the lock file apart.
    public var bytesTotal = 0
    /// Packs.
    public var packs = 0
    /// Loose objects.
    public var looseObjects = 0
    /// The head of the sequence; nil where damage leaves it unknown.
    public var head: SequenceHead?
}

extension Archive {
    /// Counts what the archive holds; looks at the size of every file in its folder. Throws `io`.
    public func statistics() throws(ArchiveError) -> ArchiveStatistics {
        var statistics = ArchiveStatistics()
        for player in try history.players() where try history.logs(of: player).contains(where: { $0.successCount > 0 })
        {
            statistics.players += 1
        }
        statistics.observations = history.observationCount
        statistics.snapshots = history.snapshotCount
        statistics.head = head
        do {
            statistics.looseObjects = try objects.list().names.count
            statistics.packs = packs.members.count
            statistics.bytesTotal = try bytes(in: "")
        } catch {
            throw ArchiveError(error)
        }
        return statistics
    }

    /// The bytes of all regular files in the folder, the lock file apart: it names whoever looks.
    func folderBytes() throws(ArchiveError) -> Int {
        do { return try bytes(in: "") } catch { throw ArchiveError(error) }
    }

    /// The regular files in a folder and its folders; links are not followed. What goes while it is looked for counts
    /// as nothing: writers do not wait for readers.
    private func bytes(in folder: String) throws(StorageError) -> Int {
        let names: [String]
        do {
            names = try storage.list(folder)
        } catch {
            if error.code == .missing { return 0 }
            throw error
        }
        var sum = 0
        for name in names where !folder.isEmpty || name != ArchiveLayout.lock {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            switch try storage.entry(at: path) {
            case .file(let bytes): sum += bytes
            case .folder: sum += try bytes(in: path)
            case .other, nil: break
            }
        }
        return sum
    }
}
