import ObjectStore

/// Files that are of no account any more and yet are not thrown away. The writers' lock is held.
extension Archive {
    /// Moves a file into a folder of the archive under its own name, with a number behind it where that is taken.
    /// Returns where it lies now.
    @discardableResult
    func setAside(_ path: String, in folder: String) throws(StorageError) -> String {
        try storage.createFolder(folder)
        let target = try freeName(for: path, in: folder)
        try storage.rename(path, to: target)
        try storage.synchronizeFolder(folder)
        try storage.synchronizeFolder(StoragePath.parent(of: path))
        try storage.synchronizeFolder("")
        return target
    }

    /// Copies a file to the damaged ones.
    func copyToDamaged(_ path: String) throws(StorageError) {
        let piece = 1 << 20
        guard try storage.entry(at: path) != nil else { return }
        let file = try storage.open(path)
        try storage.createFolder(ArchiveLayout.damaged)
        let temporary = ArchiveLayout.temporary + "/damaged"
        if try storage.size(of: temporary) != nil { try storage.remove(temporary) }
        try storage.create(temporary, [])
        for offset in stride(from: 0, to: file.size, by: piece) {
            try storage.append(temporary, at: offset, try file.read(from: offset, count: piece))
        }
        try storage.synchronize(temporary)
        try storage.rename(temporary, to: try freeName(for: path, in: ArchiveLayout.damaged))
        try storage.synchronizeFolder(ArchiveLayout.damaged)
        try storage.synchronizeFolder("")
    }

    private func freeName(for path: String, in folder: String) throws(StorageError) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        var target = "\(folder)/\(name)"
        var number = 1
        while try storage.entry(at: target) != nil {
            target = "\(folder)/\(name).\(number)"
            number += 1
        }
        return target
    }
}
