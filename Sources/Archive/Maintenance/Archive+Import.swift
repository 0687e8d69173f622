import ObjectStore

/// Committing what an import gathered as a pack.
extension Archive {
    /// Commits records that were gathered for a pack, all durable when this returns; how many joined the sequence.
    ///
    /// `keys` are those of the observations among them, none of which the archive had when its sequence had `gatheredAt`
    /// records. What others added since is left out. The writers' lock is held for just this. Throws as
    /// `commit(_:lockTimeout:)` does.
    func commit(
        _ gathered: PackBuilder, of keys: Set<ObservationKey>, gatheredAt: Int, lockTimeout: LockTimeout
    ) throws(ArchiveError) -> Int {
        let lock = try lockForWriting(lockTimeout)
        defer { lock.release() }
        try setTornTailAside()
        try preparePackFolders()
        try removeMergedPacks()
        let before = recordCount
        let pack = try hasOneOf(keys, since: gatheredAt) ? try withoutKnown(gathered) : gathered
        try seal()
        guard let pack else { return 0 }
        try append(pack)
        _ = try removeSealedObjects()
        return recordCount - before
    }

    /// Records in a pack that an import merges, at most. Larger ones have blocks that are mostly full, so that merging them
    /// saves little and costs their proof; and what a merge and its proof hold in memory grows with them.
    private static let importedPackLimit = 1 << 16

    /// Merges packs in tiers after an import, where nobody else is at work.
    func mergePacks(
        lockTimeout: LockTimeout, _ step: (GarbageCollectionStep) -> Void
    ) throws(ArchiveError) {
        let lock: any StorageLock
        do {
            lock = try lockForWriting(lockTimeout)
        } catch {
            // Everything is durable; the next one tidies.
            if error.code == .locked { return }
            throw error
        }
        defer { lock.release() }
        try setTornTailAside()
        try preparePackFolders()
        try removeMergedPacks()
        var damage: ArchiveError?
        if recordCount == base { _ = try mergePacks(upTo: Self.importedPackLimit, step, &damage) }
    }

    /// Whether one of those observations joined the sequence behind its first `count` records.
    private func hasOneOf(_ keys: Set<ObservationKey>, since count: Int) throws(ArchiveError) -> Bool {
        guard recordCount > count else { return false }
        let newer = packs.histories.filter { $0.pack.trailer.range.upperBound > count } as [any HistorySource]
        for source in newer + [history.journal] {
            let entries = source.entriesInSequenceOrder(ExportSelection())
            while let entry = try entries.next() {
                guard entry.sequenceNumber >= count else { continue }
                if keys.contains(ObservationKey(entry.observation, hasher)) { return true }
            }
        }
        return false
    }

    /// The gathered records without those that the archive has by now; nil where none is left. Goes by way of a file
    /// that nobody names: only a pack tells what it holds.
    private func withoutKnown(_ gathered: PackBuilder) throws(ArchiveError) -> PackBuilder? {
        let path = ArchiveLayout.temporary + "/gathered"
        defer { try? storage.remove(path) }
        do {
            let written = try gathered.write(
                to: path, of: storage, archive: configuration.archive, first: 0,
                headBefore: .start(of: configuration.archive, hasher), findLogs: { _, _ in })
            let pack = try Pack(written.name, try storage.openContents(path, as: .pack))
            let damage = MetDamage()
            let gathered = PackHistory.open(pack, PackCache(), damage, path: storage.describe(path))
            var others = try pack.otherRecords()[...]
            let builder = try PackBuilder()
            func addOthers(before number: Int) throws {
                while let other = others.first, other.number < number {
                    others.removeFirst()
                    let record = try RecordFormat.decode(other.record)
                    let isKnown: Bool
                    if case .tag(let tag) = record {
                        isKnown = history.tag(tag.name) == tag
                    } else {
                        isKnown = history.contains(record)
                    }
                    if !isKnown { builder.add(other: other.record) }
                }
            }
            let entries = gathered.entriesInSequenceOrder(ExportSelection())
            while let entry = try entries.next() {
                try addOthers(before: entry.sequenceNumber)
                let observation = entry.observation
                guard try !history.contains(observation) else { continue }
                let bytes =
                    try observation.documentID == nil ? nil : entries.documentAtHand() ?? gathered.document(of: entry)
                let document = bytes.flatMap { PreparedDocument($0, of: observation) }
                try builder.add(
                    observation, record: try RecordFormat.encode(.observation(observation)), document: document)
            }
            try addOthers(before: .max)
            guard damage.all.isEmpty else {
                throw ArchiveError(.io, "\(storage.describe(path)) does not hold what was written; check this disk")
            }
            return builder.count > 0 ? builder : nil
        } catch let error as ArchiveError {
            throw error
        } catch let error as StorageError {
            throw stop(error)
        } catch let error as PackError {
            if case .storage(let failure) = error { throw stop(failure) }
            throw ArchiveError(error, pack: storage.describe(path))
        } catch {
            throw ArchiveError(.io, "what was gathered cannot be read back: \(error)")
        }
    }
}
