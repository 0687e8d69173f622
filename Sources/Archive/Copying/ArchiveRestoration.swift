public import CivilTime
public import ObjectStore

/// Puts an archive together from packs that tile its sequence: with its id, its records under their numbers, its head.
///
/// `config.json` comes last: a folder in which this was killed is no archive, says so in the file `restore-unfinished`, and
/// is taken over when the same is tried again. The writers' lock is held from the beginning to the end. One thread at a time.
public final class ArchiveRestoration {
    private let archive: Archive
    private let lock: any StorageLock

    /// Packs that are open at once; at so many they are merged.
    private static let packLimit = 64

    /// Begins in a storage whose root folder exists and holds nothing, or what an earlier try left; with `resumes` what that
    /// one has added already stays, as far as `end` says. With `slots` the archive
    /// is encrypted, and the storage has its key; without them it is plain, whatever `features` says. Throws
    /// `archiveExists`, `folderNotEmpty`, also for what a try for another archive left, `wrongKey` for what was begun under
    /// another key, `unsupported`, `locked`, or what the storage reports.
    public init(
        in storage: any Storage, id: ArchiveID, createdAt: Timestamp, features: [String] = [], slots: [KeySlot] = [],
        resumes: Bool = false, lockTimeout: LockTimeout
    ) throws(ArchiveError) {
        let unknown = Set(features).subtracting(ArchiveConfiguration.knownFeatures)
        guard unknown.isEmpty else {
            throw ArchiveError(
                .unsupported,
                "what is restored needs a newer osrs-archive: the features \(unknown.sorted().joined(separator: ", "))")
        }
        let isUnfinished = try Self.isUnfinished(in: storage)
        if isUnfinished {
            try Self.refuseOther(in: storage, than: id, slots: slots)
        } else {
            if try Archive.exists(in: storage) {
                throw ArchiveError(.archiveExists, "\(storage.describe("")) is an archive already")
            }
            try Archive.refuseOtherContents(of: storage)
        }
        lock = try LockTimeout.take(lockTimeout, on: storage)
        do {
            let objects = try LooseObjects(storage: storage)
            archive = Archive(
                storage: storage,
                configuration: ArchiveConfiguration(
                    archive: id, createdAt: createdAt,
                    features: Set(features).subtracting([ArchiveConfiguration.encryptedFeature]).sorted(), slots: slots),
                objects: objects, checksForm: false)
        } catch {
            throw ArchiveError(error)
        }
        let kept = resumes && isUnfinished ? earlierPacks() : nil
        try prepare(keeping: kept ?? [])
        if kept == nil {
            try archive.replaceJournal(JournalHeader(archive: id, base: 0, baseHead: .start(of: id, archive.hasher)))
        }
    }

    /// The packs that an earlier try has added, where all of them can be read; nil where there is nothing to go on from.
    private func earlierPacks() -> [ObjectID]? {
        guard (try? archive.reload()) != nil, archive.damage.isEmpty, let header = archive.journal.header,
            archive.recordCount == header.base
        else { return nil }
        return header.packs
    }

    private func prepare(keeping kept: [ObjectID]) throws(ArchiveError) {
        let storage = archive.storage
        var notice = Self.notice
        if archive.configuration.isEncrypted {
            notice += try Archive.encode(archive.configuration, for: storage)
        }
        do {
            try storage.createFolder(ArchiveLayout.temporary)
            if kept.isEmpty { try storage.replace(Self.marker, with: notice, by: ArchiveLayout.temporary + "/marker") }
            for folder in [ArchiveLayout.objects, ArchiveLayout.packs] { try storage.createFolder(folder) }
            try storage.synchronizeFolder("")
            let named = Set(kept.map(ArchiveLayout.pack))
            for folder in [ArchiveLayout.temporary, ArchiveLayout.packs] {
                for path in try storage.list(folder).map({ "\(folder)/\($0)" }) where !named.contains(path) {
                    try storage.remove(path)
                }
            }
        } catch {
            throw archive.stop(error)
        }
    }

    /// Gives the folder free as it is, for another try.
    func abandon() { lock.release() }

    /// Where the sequence ends that is there so far.
    public var end: SequenceMark {
        let start = SequenceHead.start(of: archive.configuration.archive, archive.hasher)
        return SequenceMark(recordCount: archive.recordCount, head: archive.head ?? start)
    }

    /// Adds the next pack, whose bytes have the SHA-256 `name`. What its records say is taken on trust: the name, the
    /// checksums and the place in the sequence are checked. Throws `corrupt`, `noSpace` or `io`.
    public func add(_ file: any StorageFile, name: ObjectID) throws(ArchiveError) {
        let pack: Pack
        do { pack = try Pack(name, file) } catch { throw ArchiveError(error, pack: "the pack \(name.hex)") }
        guard var header = archive.journal.header else { return }
        let trailer = pack.trailer
        guard trailer.archive == header.archive, trailer.first == header.base, trailer.headBefore == header.baseHead
        else {
            throw ArchiveError(
                .corrupt, "the pack \(name.hex) does not go on at record \(header.base), where the one before it ends")
        }
        let written = try archive.writePack(quick: true) { path throws(PackError) in
            let written = try Self.copy(pack, to: path, of: archive.storage)
            return (written, written)
        }
        header.base = trailer.range.upperBound
        header.baseHead = trailer.headAfter
        header.packs.append(written)
        header.merged = []
        try archive.replaceJournal(header)
        if header.packs.count >= Self.packLimit { try merge() }
    }

    /// Returns the SHA-256 of the file that was written: the pack's name, unless it is sealed.
    private static func copy(
        _ pack: Pack, to path: String, of storage: any Storage
    ) throws(PackError) -> ObjectID {
        let written: ObjectID
        var contents = SHA256Stream()
        do throws(StorageError) {
            let file = try NewFile(path, in: storage, as: .pack)
            while file.size < pack.size {
                let bytes = try pack.file.read(from: file.size, count: min(1 << 20, pack.size - file.size))
                guard !bytes.isEmpty else {
                    throw StorageError(
                        .io, operation: "read", path: "the pack \(pack.name.hex)", cause: "it ends early")
                }
                contents.update(bytes)
                try file.append(bytes)
            }
            written = try file.finish()
        } catch {
            throw PackError(reading: error)
        }
        guard contents.finish() == pack.name else {
            throw .corrupt(
                "the pack \(pack.name.hex) that was to be copied does not have the SHA-256 that is its name", offset: 0)
        }
        return written
    }

    private func merge() throws(ArchiveError) {
        var damage: ArchiveError?
        _ = try archive.mergePacks({ _ in }, &damage)
        if let damage { throw damage }
    }

    /// Removes again what tombstones among the records say was forgotten, makes the folder an archive, and opens it.
    ///
    /// So goes what tombstones `elsewhere` name, of records behind these or of another history of this archive, each with
    /// its number there: new ones then stand for it, of the moment `now`. Which of them are in this sequence as well, its own
    /// tombstones of that number tell. Nothing is an archive before all of it is gone.
    public func finish(
        forgetting elsewhere: [(number: Int, tombstone: Tombstone)] = [], at now: Timestamp = .earliest
    ) throws(ArchiveError) -> Archive {
        if archive.journal.header?.packs.isEmpty == false { try merge() }
        try refuseDamage()
        let own = try tombstones()
        for (number, tombstone) in own { try archive.forgetAgain(tombstone.selection, before: number) }
        var declared: [Record] = []
        for (number, tombstone) in elsewhere where !own.contains(where: { $0 == (number, tombstone) }) {
            declared += try archive.forgetUndeclared(tombstone.selection, reason: tombstone.reason, at: now)
        }
        if !declared.isEmpty, let header = archive.journal.header {
            try archive.replaceJournal(header, records: declared)
        }
        try refuseDamage()
        let storage = archive.storage
        var configuration = archive.configuration
        if archive.recordCount > 0 {
            configuration.features = Set(configuration.features + [ArchiveConfiguration.packsFeature]).sorted()
        }
        try archive.write(configuration)
        do {
            try storage.remove(Self.marker)
            try storage.synchronizeFolder("")
        } catch {
            throw archive.stop(error)
        }
        lock.release()
        return try Archive.open(storage)
    }

    /// Throws where a pack that was just written cannot be read: then nobody can tell what it says was forgotten.
    private func refuseDamage() throws(ArchiveError) {
        guard let first = archive.damage.first else { return }
        throw ArchiveError(
            .io, "\(first.file) cannot be read back, so nothing was restored: check this disk, and run it again")
    }

    /// The tombstones with their numbers, in order.
    private func tombstones() throws(ArchiveError) -> [(number: Int, tombstone: Tombstone)] {
        var found: [(number: Int, tombstone: Tombstone)] = []
        for history in archive.packs.histories {
            do throws(PackError) {
                found += try PackTombstones.read(history.pack)
            } catch {
                throw ArchiveError(error, pack: archive.storage.describe(ArchiveLayout.pack(history.pack.name)))
            }
        }
        return found
    }
}

extension Tombstone {
    /// What it stands for.
    fileprivate var selection: ForgetSelection {
        ForgetSelection(player: player, board: board, capturedAt: capturedAt)
    }
}
