import ObjectStore

/// Files that are of no account any more and yet are not thrown away. The writers' lock is held.
///
/// A file is copied before it goes from its place: a rename between folders may lose both names with the power.
extension Archive {
    /// Moves a file into a folder of the archive under its own name, or another one, with a number behind it where that
    /// is taken.
    func setAside(_ path: String, in folder: String, as name: String? = nil) throws(StorageError) {
        try copyAside(path, in: folder, as: name)
        try storage.remove(path)
        try storage.synchronizeFolder(StoragePath.parent(of: path))
    }

    /// Copies a file into a folder of the archive, durable when this returns; returns where the copy lies.
    @discardableResult
    func copyAside(_ path: String, in folder: String, as name: String? = nil) throws(StorageError) -> String {
        try storage.createFolder(folder)
        try storage.synchronizeFolder("")
        let wanted = "\(folder)/\(name ?? path.split(separator: "/").last.map(String.init) ?? path)"
        var (target, number) = (wanted, 1)
        while try storage.entry(at: target) != nil {
            target = "\(wanted).\(number)"
            number += 1
        }
        try copy(path, to: target)
        return target
    }

    /// Copies a file in pieces, durable when this returns; takes the place of what is there.
    func copy(_ path: String, to target: String) throws(StorageError) {
        let piece = 1 << 20
        let temporary = ArchiveLayout.temporary + "/copy"
        let file = try storage.open(path)
        try storage.createFolder(ArchiveLayout.temporary)
        if try storage.size(of: temporary) != nil { try storage.remove(temporary) }
        try storage.create(temporary, [])
        for offset in stride(from: 0, to: file.size, by: piece) {
            try storage.append(temporary, at: offset, try file.read(from: offset, count: piece))
        }
        try storage.synchronize(temporary)
        try storage.rename(temporary, to: target)
        try storage.synchronizeFolder(StoragePath.parent(of: target))
    }
}
