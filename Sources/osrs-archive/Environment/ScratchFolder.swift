import Archive
import ObjectStore

/// A folder of a command's own, for its owner alone, removed with everything in it when the value goes. A process that is
/// killed leaves it behind; the next one that makes such a folder at the same place removes it.
final class ScratchFolder {
    /// An empty folder in it.
    let storage: FileStorage
    private let whole: FileStorage
    /// Held as long as the folder is used: what nobody holds was left.
    private let lock: any StorageLock

    private static let lockName = "lock"
    private static let identifierLength = 16

    /// Makes a new folder in a folder, with a name that begins so.
    init(in parent: String, named prefix: String) throws {
        do {
            try Self.removeLeft(in: FileStorage(root: parent), prefix)
            whole = try FileStorage(root: "\(parent)/\(prefix)\(RandomIdentifier.run())")
            try whole.createPrivateRoot()
            guard case .taken(let lock) = try whole.tryLock(Self.lockName) else {
                throw ArchiveError(.locked, "another process holds \(whole.root), which was made just now")
            }
            self.lock = lock
            storage = try FileStorage(root: "\(whole.root)/archive")
            try storage.createRoot()
        } catch let error as StorageError { throw ArchiveError(error) }
    }

    deinit {
        Self.remove(whole)
        lock.release()
    }

    /// Removes what killed processes of this user left. Others' folders are let alone, and so is what cannot be removed.
    private static func removeLeft(in parent: FileStorage, _ prefix: String) throws(StorageError) {
        for name in try parent.list("")
        where name.hasPrefix(prefix) && name.utf8.count == prefix.utf8.count + identifierLength {
            let left = try FileStorage(root: "\(parent.root)/\(name)")
            guard (try? left.isPrivate()) == true, case .taken(let lock)? = try? left.tryLock(lockName) else {
                continue
            }
            remove(left)
            lock.release()
        }
    }

    private static func remove(_ folder: FileStorage) {
        try? empty("", of: folder)
        try? folder.removeFolder("")
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
