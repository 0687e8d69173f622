public import ObjectStore

/// What a restore or copy leaves that is killed: the file `restore-unfinished`, and whatever was there by then.
extension ArchiveRestoration {
    /// The file that marks a folder as unfinished.
    static let marker = "restore-unfinished"

    /// What that file says; behind it, where the archive is encrypted, what will be its `config.json`, without which
    /// nobody could go on.
    static let notice = Array(
        "An archive is being restored here. Where nobody does so any more, run the same again.\n".utf8)

    /// Whether a storage holds what a killed restore left, whatever became of it: no archive, and nobody's history.
    public static func isUnfinished(in storage: any Storage) throws(ArchiveError) -> Bool {
        do throws(StorageError) {
            // No `&&`: it would widen the error's type.
            guard try storage.entry(at: marker) != nil else { return false }
            guard try storage.size(of: ArchiveLayout.configuration) == nil else { return false }
            // The copy comes after `config.json`: an archive that has lost that is no leftover.
            return try storage.size(of: ArchiveLayout.configurationCopy) == nil
        } catch {
            throw ArchiveError(error)
        }
    }

    /// What an unfinished copy of an encrypted archive will be opened with; nil where there is none.
    public static func unfinishedConfiguration(
        in storage: any Storage
    ) throws(ArchiveError) -> ArchiveConfiguration? {
        do {
            guard try storage.entry(at: marker) != nil else { return nil }
            let bytes = try storage.readAll(marker, limit: ArchiveConfiguration.fileLimit + notice.count)
            guard bytes.starts(with: notice) else { return nil }
            return try? ArchiveConfiguration(decoding: Array(bytes.dropFirst(notice.count)))
        } catch {
            throw ArchiveError(error)
        }
    }

    // MARK: Begun by somebody else

    /// Throws where a storage holds an unfinished restore or copy that cannot be gone on with for the archive `id`, plain
    /// or encrypted as asked: `folderNotEmpty` where it is another archive's, `wrongKey` where it was begun under a key and
    /// this has none, or the other way round.
    public static func refuseOther(
        in storage: any Storage, than id: ArchiveID, isEncrypted: Bool
    ) throws(ArchiveError) {
        guard try isUnfinished(in: storage) else { return }
        let begun = try unfinishedConfiguration(in: storage)
        let plain = try begun == nil ? archiveOfPlainJournal(in: storage) : nil
        // Where neither can be read nothing is there yet, or nothing of use.
        guard let owner = begun?.archive ?? plain else { return }
        guard owner == id else {
            throw ArchiveError(
                .folderNotEmpty,
                "\(storage.describe("")) holds an unfinished restore or copy of another archive, \(owner); this one is "
                    + "\(id). Choose another folder, finish that one, or remove the folder where nobody needs it")
        }
        guard isEncrypted == (begun != nil) else {
            throw begunOtherwise(in: storage, begun == nil ? "without a key, as a plain archive" : "under a key")
        }
    }

    static func refuseOther(
        in storage: any Storage, than id: ArchiveID, slots: [KeySlot]
    ) throws(ArchiveError) {
        try refuseOther(in: storage, than: id, isEncrypted: !slots.isEmpty)
        guard let begun = try unfinishedConfiguration(in: storage) else { return }
        if !begun.slots.contains(where: slots.contains) { throw begunUnderAnotherKey(in: storage) }
    }

    /// The error for an unfinished restore or copy that the key in hand does not open.
    public static func begunUnderAnotherKey(in storage: any Storage) -> ArchiveError {
        begunOtherwise(in: storage, "under another key")
    }

    private static func begunOtherwise(in storage: any Storage, _ how: String) -> ArchiveError {
        ArchiveError(
            .wrongKey,
            "\(storage.describe("")) holds an unfinished restore or copy of this archive that was begun \(how). Run it again "
                + "as it was begun, choose another folder, or remove the folder to begin anew")
    }

    /// Whose the journal is, where it can be read without a key.
    private static func archiveOfPlainJournal(in storage: any Storage) throws(ArchiveError) -> ArchiveID? {
        do {
            guard let size = try storage.size(of: ArchiveLayout.journal) else { return nil }
            let start = try storage.read(
                ArchiveLayout.journal, from: 0, count: min(size, 2 * JournalFormat.payloadLimit))
            return JournalScan(start, nil).header?.archive
        } catch {
            throw ArchiveError(error)
        }
    }

    // MARK: Killed when all was done

    /// Whether a storage holds the whole archive `id` with the marker still beside it: a restore or copy was killed when
    /// all else was done.
    public static func isAlmostFinished(
        in storage: any Storage, of id: ArchiveID
    ) throws(ArchiveError) -> Bool {
        do throws(StorageError) {
            guard try storage.entry(at: marker) != nil else { return false }
        } catch {
            throw ArchiveError(error)
        }
        return (try? Archive.readLockedConfiguration(storage))?.archive == id
    }

    /// Finishes what a restore or copy of the archive `id` left that was killed when all was done but to remove its marker;
    /// nil where there is none whose sequence was copied up to `end`. Throws what opening the archive throws, and `locked`.
    public static func finish(
        in storage: any Storage, of id: ArchiveID, endingAt end: SequenceMark, lockTimeout: LockTimeout
    ) throws(ArchiveError) -> Archive? {
        guard try isAlmostFinished(in: storage, of: id) else { return nil }
        let archive = try Archive.open(storage)
        // All that is copied is in packs.
        guard let header = archive.journal.header, header.base == end.recordCount, header.baseHead == end.head else {
            return nil
        }
        // Every writer removes the marker.
        try archive.lockForWriting(lockTimeout).release()
        return archive
    }
}

extension Archive {
    /// Removes the marker of a restore or copy that was killed when all else was done. The writers' lock is held, so nobody
    /// is at it any more. The marker must not stay: should the archive ever lose its `config.json`, the folder would look
    /// like an unfinished one.
    func removeRestorationMarker() throws(ArchiveError) {
        do throws(StorageError) {
            guard try storage.entry(at: ArchiveRestoration.marker) != nil else { return }
        } catch {
            throw ArchiveError(error)
        }
        // Durable first, with its copy: nobody knows how far the last writer of it came.
        try write(try Self.readConfiguration(storage))
        do {
            try storage.remove(ArchiveRestoration.marker)
            try storage.synchronizeFolder("")
        } catch {
            throw stop(error)
        }
    }

    /// Whether that marker is there.
    var hasRestorationMarker: Bool { (try? storage.entry(at: ArchiveRestoration.marker)) != nil }
}
