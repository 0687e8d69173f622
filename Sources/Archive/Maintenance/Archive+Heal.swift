import ObjectStore

/// Finding sound copies of what is damaged. The writers' lock is held.
extension Archive {
    /// Puts packs that are damaged or missing back from sound copies among the folders of the archive, as they lie there
    /// when files were renamed or swapped; returns the packs that were. What lay in their places is set aside first, so
    /// that a repair that is killed finds all of it again.
    func healPacks(_ names: [ObjectID]) throws(ArchiveError) -> [ObjectID] {
        do {
            var copies: [ObjectID: String] = [:]
            for folder in [ArchiveLayout.packs, ArchiveLayout.torn, ArchiveLayout.damaged]
            where try storage.entry(at: folder) != nil {
                for name in try storage.list(folder).sorted() where name.contains(".pack") {
                    let path = "\(folder)/\(name)"
                    if let id = digest(ofFile: path), copies[id] == nil { copies[id] = path }
                }
            }
            let healable = names.filter { copies[$0] != nil }
            for name in healable {
                let path = ArchiveLayout.pack(name)
                guard try storage.entry(at: path) != nil else { continue }
                let moved = try setAside(path, in: ArchiveLayout.damaged)
                for (id, copy) in copies where copy == path { copies[id] = moved }
            }
            for name in healable {
                guard let copy = copies[name] else { continue }
                try storage.rename(copy, to: ArchiveLayout.pack(name))
                try storage.synchronizeFolder(ArchiveLayout.packs)
                try storage.synchronizeFolder(StoragePath.parent(of: copy))
            }
            return healable
        } catch {
            throw stop(error)
        }
    }

    private func digest(ofFile path: String) -> ObjectID? {
        guard let file = try? storage.open(path) else { return nil }
        var digest = SHA256Stream()
        let piece = 1 << 20
        for offset in stride(from: 0, to: file.size, by: piece) {
            guard let bytes = try? file.read(from: offset, count: piece) else { return nil }
            digest.update(bytes)
        }
        return digest.finish()
    }

    /// A loose document of the journal's tail, from a pack where the loose one is damaged or missing; nil where there
    /// is no sound copy. A damaged file is set aside.
    func healedDocument(_ id: ObjectID, _ repair: inout Repair) throws(ArchiveError) -> [UInt8]? {
        do { return try objects.read(id) } catch {
            guard [.corrupt, .missing, .io].contains(error.code) else { throw ArchiveError(error) }
        }
        let path = LooseObjects.path(of: id)
        do {
            if try storage.entry(at: path) != nil {
                try setAsideObject(id)
                repair.setAside.append(storage.describe(path))
            }
            for history in packs.histories {
                guard let document = try? history.document(id) else { continue }
                try objects.write([(id, document)])
                repair.healed.append(storage.describe(path))
                return document
            }
            return nil
        } catch {
            throw stop(error)
        }
    }

    private func setAsideObject(_ id: ObjectID) throws(StorageError) {
        try storage.createFolder(ArchiveLayout.damaged)
        let path = LooseObjects.path(of: id)
        try storage.rename(path, to: "\(ArchiveLayout.damaged)/\(id.hex)")
        try storage.synchronizeFolder(ArchiveLayout.damaged)
        try storage.synchronizeFolder(StoragePath.parent(of: path))
        try storage.synchronizeFolder("")
    }
}
