/// A storage together with what its archive's files are sealed with. Bytes pass through it as they lie on the medium:
/// whoever writes contents asks it for its `sealing`.
public struct UnlockedStorage: Storage {
    private let base: any Storage
    private let key: ArchiveSealing

    /// A storage and its key.
    public init(_ base: any Storage, _ sealing: ArchiveSealing) { (self.base, key) = (base, sealing) }

    /// The key.
    public var sealing: ArchiveSealing? { key }

    /// As the storage describes it.
    public func describe(_ path: String) -> String { base.describe(path) }
    /// As the storage lists it.
    public func list(_ folder: String) throws(StorageError) -> [String] { try base.list(folder) }
    /// Stored bytes.
    public func size(of path: String) throws(StorageError) -> Int? { try base.size(of: path) }
    /// As the storage says.
    public func entry(at path: String) throws(StorageError) -> StorageEntry? { try base.entry(at: path) }
    /// Stored bytes.
    public func read(_ path: String, from offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        try base.read(path, from: offset, count: count)
    }
    /// Stored bytes.
    public func open(_ path: String) throws(StorageError) -> any StorageFile { try base.open(path) }
    /// As the storage does.
    public func createFolder(_ path: String) throws(StorageError) { try base.createFolder(path) }
    /// Stored bytes.
    public func create(_ path: String, _ bytes: [UInt8]) throws(StorageError) { try base.create(path, bytes) }
    /// Stored bytes.
    public func append(_ path: String, at offset: Int, _ bytes: [UInt8]) throws(StorageError) {
        try base.append(path, at: offset, bytes)
    }
    /// As the storage does.
    public func truncate(_ path: String, to size: Int) throws(StorageError) { try base.truncate(path, to: size) }
    /// As the storage does.
    public func rename(_ path: String, to newPath: String) throws(StorageError) {
        try base.rename(path, to: newPath)
    }
    /// As the storage does.
    public func remove(_ path: String) throws(StorageError) { try base.remove(path) }
    /// As the storage does.
    public func removeFolder(_ path: String) throws(StorageError) { try base.removeFolder(path) }
    /// As the storage does.
    public func synchronize(_ path: String) throws(StorageError) { try base.synchronize(path) }
    /// As the storage does.
    public func synchronizeFolder(_ path: String) throws(StorageError) { try base.synchronizeFolder(path) }
    /// As the storage does.
    public func tryLock(_ path: String) throws(StorageError) -> LockAttempt { try base.tryLock(path) }
}
