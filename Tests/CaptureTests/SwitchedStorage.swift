import ObjectStore
import Synchronization

/// A storage on which a disk may be full, and another writer may come first.
/// `beforeLock` is done once, before the writers' lock is first asked for.
final class SwitchedStorage: Storage {
    private let base: MemoryStorage
    private let state = Mutex(false)
    private let other: Mutex<(@Sendable () -> Void)?>

    init(_ base: MemoryStorage, beforeLock: (@Sendable () -> Void)? = nil) {
        self.base = base
        other = Mutex(beforeLock)
    }

    var isFull: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    private func check(_ operation: String, _ path: String) throws(StorageError) {
        guard isFull else { return }
        throw StorageError(.noSpace, operation: operation, path: path, cause: "no space left on device")
    }

    func describe(_ path: String) -> String { base.describe(path) }
    func list(_ folder: String) throws(StorageError) -> [String] { try base.list(folder) }
    func size(of path: String) throws(StorageError) -> Int? { base.size(of: path) }
    func entry(at path: String) throws(StorageError) -> StorageEntry? { base.entry(at: path) }
    func read(_ path: String, from offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        try base.read(path, from: offset, count: count)
    }
    func open(_ path: String) throws(StorageError) -> any StorageFile { try base.open(path) }
    func createFolder(_ path: String) throws(StorageError) { try base.createFolder(path) }
    func create(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
        try check("write", path)
        try base.create(path, bytes)
    }
    func append(_ path: String, at offset: Int, _ bytes: [UInt8]) throws(StorageError) {
        try check("write", path)
        try base.append(path, at: offset, bytes)
    }
    func truncate(_ path: String, to size: Int) throws(StorageError) { try base.truncate(path, to: size) }
    func rename(_ path: String, to newPath: String) throws(StorageError) { try base.rename(path, to: newPath) }
    func remove(_ path: String) throws(StorageError) { try base.remove(path) }
    func removeFolder(_ path: String) throws(StorageError) { base.removeFolder(path) }
    func synchronize(_ path: String) throws(StorageError) { try base.synchronize(path) }
    func synchronizeFolder(_ path: String) throws(StorageError) { try base.synchronizeFolder(path) }
    func tryLock(_ path: String) throws(StorageError) -> LockAttempt {
        other.withLock { first in
            defer { first = nil }
            return first
        }?()
        return base.tryLock(path)
    }
}
