public import CivilTime
public import ObjectStore

extension Archive {
    /// Makes an archive in a storage whose root folder exists, durable when this returns, and opens it.
    ///
    /// With `slots` it is encrypted, and the storage has its key. `config.json` is written last: a creation that was killed
    /// leaves a folder that the next one takes over. Throws `archiveExists`, `folderNotEmpty`, or what the storage reports.
    public static func create(
        in storage: any Storage, id: ArchiveID, createdAt: Timestamp, slots: [KeySlot] = [], lockTimeout: LockTimeout
    ) throws(ArchiveError) -> Archive {
        try refuseOtherContents(of: storage)
        let lock = try LockTimeout.take(lockTimeout, on: storage)
        defer { lock.release() }
        if try exists(in: storage) {
            throw ArchiveError(.archiveExists, "\(storage.describe("")) is an archive already")
        }
        let header = JournalHeader(archive: id, base: 0, baseHead: .start(of: id, SHA256()))
        let journal = try JournalWriter(header, storage.sealing)
        let configuration = ArchiveConfiguration(archive: id, createdAt: createdAt, slots: slots)
        let bytes = try encode(configuration, for: storage)
        do {
            try storage.createFolder(ArchiveLayout.objects)
            try storage.createFolder(ArchiveLayout.temporary)
            try storage.replace(ArchiveLayout.journal, with: journal.bytes, by: ArchiveLayout.temporary + "/journal")
            try put(bytes, of: configuration, in: storage)
        } catch {
            throw ArchiveError(error)
        }
        return try open(storage)
    }

    /// Whether the storage holds an archive, whole or damaged: its `config.json`, or a journal that is more than the bare
    /// header which a killed creation leaves, or packs.
    public static func exists(in storage: any Storage) throws(ArchiveError) -> Bool {
        var path = ArchiveLayout.configuration
        do {
            if try storage.size(of: path) != nil { return true }
            path = ArchiveLayout.configurationCopy
            if try storage.size(of: path) != nil { return true }
            path = ArchiveLayout.journal
            guard let size = try storage.size(of: ArchiveLayout.journal) else {
                // What the packs say is somebody's history, but in those of a killed restore.
                guard try storage.entry(at: ArchiveLayout.packs) != nil, try !storage.list(ArchiveLayout.packs).isEmpty
                else { return false }
                return try storage.entry(at: ArchiveRestoration.marker) == nil
            }
            let start = try storage.read(
                ArchiveLayout.journal, from: 0, count: min(size, 2 * JournalFormat.payloadLimit))
            let first = JournalFormat.start(of: start[...])
            guard first <= start.count, case .whole(let head, _) = JournalFormat.frame(in: start, at: first)
            else { return true }
            if head.number != 0 || first + head.frameBytes != size { return true }
            // After a collection the journal is a header alone as well, but then there are packs; in those of a restore
            // that was killed is nobody's history.
            guard try storage.entry(at: ArchiveLayout.packs) != nil else { return false }
            return try storage.entry(at: ArchiveRestoration.marker) == nil
        } catch {
            throw ArchiveError(error, path: path)
        }
    }

    /// A folder that is no archive and holds anything else than what a killed creation leaves is left alone: throws
    /// `folderNotEmpty`, or what the storage reports.
    public static func refuseOtherContents(of storage: any Storage) throws(ArchiveError) {
        do {
            if try storage.size(of: ArchiveLayout.configuration) != nil { return }
            let leftovers: Set = [
                ArchiveLayout.lock, ArchiveLayout.journal, ArchiveLayout.objects, ArchiveLayout.temporary,
            ]
            let names = try storage.list("")
            var others = names.filter { !ArchiveLayout.isWelcomeGuest($0) && !leftovers.contains($0) }
            // A creation is done before the first object is written.
            if names.contains(ArchiveLayout.objects), try !storage.list(ArchiveLayout.objects).isEmpty {
                others.append(ArchiveLayout.objects)
            }
            if names.contains(ArchiveRestoration.marker) {
                throw ArchiveError(
                    .folderNotEmpty,
                    "\(storage.describe("")) holds a restore or copy that was never finished: run the same again, remove the "
                        + "folder where nobody needs it, or choose another one with --archive")
            }
            guard let other = others.min() else { return }
            throw ArchiveError(
                .folderNotEmpty,
                "\(storage.describe("")) is no archive and holds other things (\(other)); choose an empty folder with --archive"
            )
        } catch let error as StorageError {
            throw ArchiveError(error)
        } catch let error as ArchiveError {
            throw error
        } catch {
            throw ArchiveError(.io, "\(error)")
        }
    }
}

/// How long to wait for the writers' lock.
public struct LockTimeout: Sendable {
    /// Milliseconds before giving up; 0 asks once.
    public var milliseconds: Int64
    /// The clock by which the wait is measured: that of the machine, since other processes live by it.
    public var clock: any WallClock

    /// A wait of so many milliseconds.
    public init(milliseconds: Int64 = 60_000, clock: any WallClock = SystemClock()) {
        (self.milliseconds, self.clock) = (milliseconds, clock)
    }

    /// The lock, or `locked` with the holder's process id once the time is over.
    static func take(_ timeout: LockTimeout, on storage: any Storage) throws(ArchiveError) -> any StorageLock {
        let start = timeout.clock.now()
        let pause: Int64 = 20
        while true {
            let attempt: LockAttempt
            do { attempt = try storage.tryLock(ArchiveLayout.lock) } catch { throw ArchiveError(error) }
            switch attempt {
            case .taken(let lock): return lock
            case .held(let process):
                let waited = timeout.clock.now().milliseconds(since: start)
                // A clock that goes backwards must not make the wait endless: then it counts as over.
                guard waited >= 0, waited < timeout.milliseconds else {
                    let holder = process.map { "process \($0)" } ?? "another process"
                    throw ArchiveError(
                        .locked,
                        "\(storage.describe("")) is locked by \(holder); try again when it is done, "
                            + "or wait longer with --lock-timeout")
                }
                timeout.clock.sleep(milliseconds: pause)
            }
        }
    }
}
