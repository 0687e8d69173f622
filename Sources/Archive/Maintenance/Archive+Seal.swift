import ObjectStore

/// Sealing: the journal's records, and those that an import gathered, become packs.
extension Archive {
    /// Seals the journal's records as a pack; the new journal is empty. The writers' lock is held, the journal is sound
    /// and has no torn end, and the folders are prepared.
    func seal() throws(ArchiveError) {
        guard let tail = try buildTail(from: base) else { return }
        let earlier: [ObjectID]
        do { earlier = try sealedTails() } catch { throw stop(error) }
        try append(tail, inPlaceOf: earlier)
        if !earlier.isEmpty { try removeMergedPacks() }
    }

    /// Writes a pack behind the last one, to which the journal, which is empty, goes on. `earlier` are packs whose
    /// records are all in it.
    func append(_ pack: PackBuilder, inPlaceOf earlier: [ObjectID] = []) throws(ArchiveError) {
        guard var header = journal.header else { return }
        for feature in pack.requiredFeatures.sorted() { try requireFeature(feature) }
        let written = try writeSealed { path throws(PackError) in
            try pack.write(
                to: path, of: storage, archive: configuration.archive, first: header.base,
                headBefore: header.baseHead, findLogs: findLogs)
        }
        header.base += written.count
        header.baseHead = written.headAfter
        header.packs.append(written.name)
        header.merged = earlier.filter { $0 != written.name }
        try replaceJournal(header)
        try removeTorn(written.name)
    }

    /// Removes what an import left that was killed before the journal knew of its pack, now that the very same pack is
    /// written and proved.
    private func removeTorn(_ name: ObjectID) throws(ArchiveError) {
        let path = "\(ArchiveLayout.torn)/\(name.hex).pack"
        do {
            guard try storage.entry(at: path) != nil else { return }
            try storage.remove(path)
            try storage.synchronizeFolder(ArchiveLayout.torn)
        } catch {
            throw stop(error)
        }
    }

    private func writeSealed(
        _ body: (String) throws(PackError) -> PackBuilder.Written
    ) throws(ArchiveError) -> PackBuilder.Written {
        try writePack { path throws(PackError) in
            let written = try body(path)
            return (written, written.name)
        }
    }

    /// Adds the logs in which packs name some snapshots already.
    func findLogs(
        _ queries: [SnapshotQuery], _ found: inout [UInt64: Set<SeriesKey>]
    ) throws(PackError) {
        for history in packs.histories { try history.findLogs(naming: queries, &found) }
    }

    /// The journal's records from a number on, gathered for a pack; nil where there are none.
    func buildTail(from first: Int) throws(ArchiveError) -> PackBuilder? {
        guard recordCount > first else { return nil }
        let file: [UInt8]
        do {
            file = try storage.read(ArchiveLayout.journal, from: 0, count: journal.end)
        } catch {
            throw ArchiveError(error, path: ArchiveLayout.journal)
        }
        do {
            let builder = try PackBuilder()
            // Frame 0 is the header's.
            for (number, _, payload) in JournalScan(file, storage.sealing).records where base + number - 1 >= first {
                let record = Array(payload)
                guard case .observation(let observation)? = try? RecordFormat.decode(record) else {
                    builder.add(other: record)
                    continue
                }
                try builder.add(observation, record: record, document: try document(sealing: observation))
            }
            return builder
        } catch let error as ObjectError {
            throw ArchiveError(error)
        } catch let error as PackError {
            throw ArchiveError(error, pack: storage.describe(ArchiveLayout.journal))
        } catch {
            throw ArchiveError(.io, "\(storage.describe(ArchiveLayout.journal)) cannot be sealed: \(error)")
        }
    }

    /// The loose document of an observation, taken apart.
    private func document(sealing observation: Observation) throws(ObjectError) -> PreparedDocument? {
        guard let id = observation.documentID else { return nil }
        return PreparedDocument(
            try objects.read(id), ids: PackedRows.PackedIDs(document: id, progress: observation.progress))
    }
}
