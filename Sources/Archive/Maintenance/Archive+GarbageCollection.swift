import ObjectStore

/// What a collection of garbage did.
public struct GarbageCollection: Hashable, Sendable {
    /// Records that went from the journal into a pack.
    public internal(set) var sealed = 0
    /// Packs that became others.
    public internal(set) var packsMerged = 0
    /// Packs now.
    public internal(set) var packs = 0
    /// Loose objects that were removed, for packs hold them or no record names them.
    public internal(set) var looseRemoved = 0
    /// Bytes of the folder before.
    public internal(set) var bytesBefore = 0
    /// Bytes of the folder now.
    public internal(set) var bytesAfter = 0
}

/// A step of a collection, as it begins.
public enum GarbageCollectionStep: Hashable, Sendable {
    /// So many records of the journal are sealed.
    case sealing(records: Int)
    /// So many packs with so many records are merged.
    case merging(packs: Int, records: Int)
}

extension Archive {
    /// Records in the journal at which a writer seals it: more would slow every command down.
    public static let sealThreshold = 256

    /// Seals the journal's records in a pack, merges packs in tiers, and removes what is no longer needed. Each step is
    /// durable before the next begins: a collection that is killed loses nothing, and the next one tidies.
    ///
    /// Throws `locked`, `corrupt` where the journal, a pack or a document is damaged (what lies in it stays where it is,
    /// all else is done), `noSpace` or `io`.
    public func collectGarbage(
        lockTimeout: LockTimeout, step: (GarbageCollectionStep) -> Void = { _ in }
    ) throws(ArchiveError) -> GarbageCollection {
        let lock = try lockForWriting(lockTimeout)
        defer { lock.release() }
        var done = GarbageCollection()
        done.bytesBefore = try folderBytes()
        try setTornTailAside()
        if recordCount > base || !packs.members.isEmpty { try preparePackFolders() }
        try removeMergedPacks()
        if recordCount > base {
            step(.sealing(records: recordCount - base))
            done.sealed = recordCount - base
            try seal()
        }
        var damage: ArchiveError?
        done.packsMerged = try mergePacks(step, &damage)
        done.looseRemoved = try removeSealedObjects()
        done.packs = packs.members.count
        done.bytesAfter = try folderBytes()
        if let damage { throw damage }
        return done
    }

    /// Small packs at which a writer merges them: more would cost every command an open file each.
    static let mergeThreshold = 16

    /// Whether there is enough in the journal to be sealed, or there are many small packs, as large batches leave them.
    public var needsGarbageCollection: Bool {
        recordCount - base >= Self.sealThreshold
            || packs.members.count { Self.records($0) < PackTiers.small } >= Self.mergeThreshold
    }

    // MARK: Merging

    /// Merges packs in tiers; returns how many were taken into others. Packs that turn out to be damaged are left to be
    /// repaired, and named in `damage`.
    func mergePacks(
        upTo limit: Int = PackFormat.recordLimit, _ step: (GarbageCollectionStep) -> Void, _ damage: inout ArchiveError?
    ) throws(ArchiveError) -> Int {
        var merged = 0
        for range in PackTiers.merges(packs.members.map(Self.records), limit: limit) {
            let group = packs.members[range].compactMap { member -> Pack? in
                guard case .open(let history) = member.state else { return nil }
                return history.pack
            }
            // A pack that cannot be read is left to be repaired.
            guard group.count == range.count, let header = journal.header else { continue }
            step(.merging(packs: range.count, records: group.reduce(0) { $0 + $1.trailer.count }))
            let name: ObjectID
            do {
                name = try writePack(of: group.map(\.name)) { path throws(PackError) in
                    let name = try PackMerge(group).write(to: path, of: storage)
                    return (name, name)
                }
            } catch {
                guard error.code == .corrupt else { throw error }
                damage = ArchiveError(
                    .corrupt,
                    "one of \(group.count) packs that were to be merged is damaged, so all stay as they are; "
                        + "see `osrs-archive verify`, then `osrs-archive verify --repair`: \(error.message)")
                continue
            }
            var changed = header
            changed.merged = Array(changed.packs[range])
            changed.packs.replaceSubrange(range, with: [name])
            try replaceJournal(changed)
            try removeMergedPacks()
            merged += range.count
        }
        return merged
    }

    private static func records(_ member: PackSet.Member) -> Int {
        guard case .open(let history) = member.state else { return PackFormat.recordLimit }
        return history.pack.trailer.count
    }

    // MARK: Tidying

    /// Removes packs that the journal says were taken into others, and what a killed writer left in the folder of packs.
    func removeMergedPacks() throws(ArchiveError) {
        guard let header = journal.header else { return }
        do {
            guard try storage.entry(at: ArchiveLayout.packs) != nil else { return }
            let named = Set(header.packs.map(ArchiveLayout.pack))
            let replaced = Set(header.merged.map(ArchiveLayout.pack))
            var changed = false
            for name in try storage.list(ArchiveLayout.packs) {
                let path = "\(ArchiveLayout.packs)/\(name)"
                if named.contains(path) { continue }
                if replaced.contains(path) {
                    try storage.remove(path)
                } else if name.hasSuffix(".pack"), case .file = try storage.entry(at: path) {
                    switch kind(ofUnnamed: path) {
                    case .repetition: try storage.remove(path)
                    case .sealedTail, .stranger: continue
                    // Nothing of it was acknowledged; but nothing is thrown away that may be the only copy.
                    case .unknown: try setAside(path, in: ArchiveLayout.torn)
                    case .damaged: try setAside(path, in: ArchiveLayout.damaged)
                    }
                } else {
                    continue
                }
                changed = true
            }
            if changed { try storage.synchronizeFolder(ArchiveLayout.packs) }
        } catch {
            throw stop(error)
        }
    }

    /// What a pack can be that the journal does not name.
    private enum UnnamedPack {
        /// It begins and ends where packs do that the journal names: a merge that was killed before the journal knew of
        /// it, or after, whose records are all here.
        case repetition
        /// Its records are the first of the journal: a seal that was killed before the journal gave way. The next seal
        /// replaces it. Until then it may have the only sound copy of a document.
        case sealedTail
        /// A sound pack of which nothing is known.
        case unknown
        /// What a repair has replaced.
        case damaged
        /// It neither begins nor ends as a pack does: nothing of this archive, whatever its size.
        case stranger
    }

    private func kind(ofUnnamed path: String) -> UnnamedPack {
        guard let name = ObjectID(packFileName: path), let pack = try? Pack.open(name, in: storage) else {
            return looksLikePack(path) ? .damaged : .stranger
        }
        guard (try? pack.digest()) == name else { return .damaged }
        if pack.trailer.first == base, pack.trailer.headBefore == journal.header?.baseHead,
            recordCountInJournal(at: pack.trailer.headAfter) == pack.trailer.range.upperBound
        {
            return .sealedTail
        }
        let trailers = packs.histories.map(\.pack.trailer)
        let isCovered =
            trailers.contains { $0.first == pack.trailer.first && $0.headBefore == pack.trailer.headBefore }
            && trailers.contains {
                $0.range.upperBound == pack.trailer.range.upperBound && $0.headAfter == pack.trailer.headAfter
            }
        // A copy from before a loss may have what was lost.
        let lacksRecords = packs.histories.contains { history in
            history.pack.trailer.range.overlaps(pack.trailer.range)
                && ((try? history.pack.gaps())?.contains { !$0.isForgotten } ?? true)
        }
        return isCovered && !lacksRecords ? .repetition : .unknown
    }

    /// Packs that a killed writer sealed from the first records of the journal.
    func sealedTails() throws(StorageError) -> [ObjectID] {
        let named = Set(journal.header?.packs ?? [])
        return try storage.list(ArchiveLayout.packs).compactMap {
            ObjectID(packFileName: "\(ArchiveLayout.packs)/\($0)")
        }
        .filter { !named.contains($0) && kind(ofUnnamed: ArchiveLayout.pack($0)) == .sealedTail }
    }

    /// Whether a file that cannot be opened as a pack begins or ends as one does. What cannot be read may be one.
    private func looksLikePack(_ path: String) -> Bool {
        guard let file = try? storage.open(path) else { return true }
        if storage.sealing != nil, let start = try? file.read(from: 0, count: SealedFileHeader.byteCount) {
            return SealedFileHeader.isMarked(start[...])
        }
        guard let head = try? file.read(from: 0, count: PackFormat.head.count),
            let end = try? file.read(from: file.size - PackFormat.trailerBytes, count: PackFormat.trailerBytes)
        else { return true }
        return PackFormat.isMarked(head: head) || PackFormat.isMarked(trailer: end)
    }

    /// Removes the loose objects that no record of the journal names; returns how many.
    @discardableResult
    func removeSealedObjects() throws(ArchiveError) -> Int {
        do {
            var removed = 0
            let named = try objectsOfJournal()
            for name in try objects.list().names where !named.contains(name) {
                try storage.remove(LooseObjects.path(of: name))
                removed += 1
            }
            // 256 empty folders take a megabyte. What a crash brings back of all this is removed the next time.
            let folders = try storage.list(ArchiveLayout.objects)
            for folder in folders { try storage.removeFolder("\(ArchiveLayout.objects)/\(folder)") }
            if !folders.isEmpty { try storage.synchronizeFolder(ArchiveLayout.objects) }
            return removed
        } catch let error as StorageError {
            throw stop(error)
        } catch let error as ArchiveError {
            throw error
        } catch {
            throw ArchiveError(.io, "\(error)")
        }
    }
}

extension ObjectID {
    /// The name that a pack's path says.
    init?(packFileName path: String) {
        guard path.hasSuffix(".pack"), let slash = path.lastIndex(of: "/") else { return nil }
        self.init(hex: String(path[path.index(after: slash)...].dropLast(".pack".count)))
    }
}
