import ObjectStore

/// Writing packs. The writers' lock is held throughout.
///
/// The order makes each step safe to be killed in: a pack is durable and read back before it takes its name; the journal
/// that names it takes the place of the old one by a rename, which is the commit point; only then are files removed that
/// it no longer names.
extension Archive {
    private static let temporaryPack = ArchiveLayout.temporary + "/pack"

    /// Makes the folders that packs are written in, and clears what a crash left in the temporary one.
    func preparePackFolders() throws(ArchiveError) {
        do {
            try storage.createFolder(ArchiveLayout.temporary)
            for name in try storage.list(ArchiveLayout.temporary) {
                try storage.remove("\(ArchiveLayout.temporary)/\(name)")
            }
            if try storage.entry(at: ArchiveLayout.packs) == nil {
                try storage.createFolder(ArchiveLayout.packs)
                try storage.synchronizeFolder("")
            }
        } catch {
            throw stop(error)
        }
        try requireFeature(ArchiveConfiguration.packsFeature)
    }

    /// Writes what `body` writes to the path that it is given as a pack, in place and durable, but not named by the
    /// journal yet. A damaged pack that turns out to be written just as it was is copied to the damaged files first.
    ///
    /// `sources` are the packs that it is made of. What is wrong in it may be wrong in them already, where it is taken
    /// over as it is: then that is `corrupt`, while what did not come back as it was written is `io`.
    /// `quick` proves its bytes alone, where what they say was proved before.
    func writePack<Written>(
        of sources: [ObjectID] = [], replacing damaged: Set<ObjectID> = [], quick: Bool = false,
        _ body: (_ path: String) throws(PackError) -> (written: Written, name: ObjectID)
    ) throws(ArchiveError) -> Written {
        let path = Self.temporaryPack
        let (written, name): (Written, ObjectID)
        do throws(PackError) {
            (written, name) = try body(path)
        } catch {
            try? storage.remove(path)
            if case .storage(let failure) = error { throw stop(failure) }
            throw ArchiveError(error, pack: storage.describe(path))
        }
        let proof = PackVerification.run(name, at: path, of: storage, quick: quick)
        if let finding = proof.findings.first {
            try? storage.remove(path)
            if case .storage(let failure) = finding.error { throw stop(failure) }
            for source in sources {
                let sourcePath = ArchiveLayout.pack(source)
                guard let cause = PackVerification.run(source, at: sourcePath, of: storage).findings.first else {
                    continue
                }
                throw ArchiveError(cause.error, pack: storage.describe(sourcePath))
            }
            throw ArchiveError(
                .io, "\(storage.describe(path)) does not hold what was written: \(finding.error); check this disk")
        }
        do {
            if damaged.contains(name), try storage.entry(at: ArchiveLayout.pack(name)) != nil {
                try copyAside(ArchiveLayout.pack(name), in: ArchiveLayout.damaged)
            }
            try storage.rename(path, to: ArchiveLayout.pack(name))
            try storage.synchronizeFolder(ArchiveLayout.packs)
        } catch {
            throw stop(error)
        }
        return written
    }

    /// Puts a journal with another header and these records in place, in one step, and reads it.
    func replaceJournal(_ header: JournalHeader, records: [Record] = []) throws(ArchiveError) {
        var journal = try JournalWriter(header, storage.sealing)
        var encoded: [[UInt8]] = []
        do { for record in records { encoded.append(try RecordFormat.encode(record)) } } catch {
            throw ArchiveError(.invalidRecord, "\(error)")
        }
        try journal.append(encoded, first: 1)
        do {
            try storage.replace(ArchiveLayout.journal, with: journal.bytes, by: ArchiveLayout.temporary + "/journal")
        } catch {
            throw stop(error)
        }
        try reload()
    }

    /// Sees to it that `config.json` says that a program must understand a feature. The writers' lock is held.
    func requireFeature(_ feature: String) throws(ArchiveError) {
        var changed = try Self.readConfiguration(storage)
        guard !changed.features.contains(feature) else { return configuration = changed }
        changed.features = (changed.features + [feature]).sorted()
        try write(changed)
    }
}
