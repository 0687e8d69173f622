import Archive
import ObjectStore

/// A folder of a command's own, removed with everything in it when the value goes.
final class ScratchFolder {
    /// The folder.
    let storage: FileStorage

    /// Makes a new folder beside a path, or in a folder.
    init(_ prefix: String) throws(ArchiveError) {
        do {
            storage = try FileStorage(root: "\(prefix)\(RandomIdentifier.run())")
            try storage.createRoot()
        } catch { throw ArchiveError(error) }
    }

    deinit {
        try? Self.empty("", of: storage)
        try? storage.removeFolder("")
    }

    private static func empty(_ folder: String, of storage: FileStorage) throws(StorageError) {
        for name in try storage.list(folder) {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            if case .folder = try storage.entry(at: path) {
                try empty(path, of: storage)
                try storage.removeFolder(path)
            } else {
                try storage.remove(path)
            }
        }
    }
}
