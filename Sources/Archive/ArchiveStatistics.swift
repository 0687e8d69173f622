import ObjectStore

/// What an archive holds and weighs.
public struct ArchiveStatistics: Hashable, Sendable {
    /// Players with a snapshot.
    public var players = 0
    /// Observations, failures counted.
    public var observations = 0
    /// Distinct snapshot ids.
    public var snapshots = 0
    /// Bytes of all files in the folder.
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
        statistics.players = history.players.count { player in history.logs(of: player).contains { $0.head != nil } }
        statistics.observations = history.observationCount
        statistics.snapshots = history.sightings.count
        statistics.head = head
        do {
            statistics.looseObjects = try objects.list().ids.count
            statistics.bytesTotal = try bytes(in: "")
        } catch {
            throw ArchiveError(error)
        }
        return statistics
    }

    /// A file that goes while it is looked for counts as nothing: writers do not wait for readers.
    private func bytes(in folder: String) throws(StorageError) -> Int {
        var sum = 0
        for name in try storage.list(folder) {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            do throws(StorageError) {
                sum += try storage.size(of: path) ?? 0
            } catch {
                if error.code == .wrongKind { sum += try bytes(in: path) } else { throw error }
            }
        }
        return sum
    }
}
