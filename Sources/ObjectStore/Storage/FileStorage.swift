import Synchronization

/// An archive's files in a folder of the real file system.
public struct FileStorage: Storage {
    /// The folder's absolute path, without a slash at the end.
    public let root: String

    /// The storage in an existing or coming folder. A relative path is taken from the working directory of this moment.
    public init(root: String) throws(StorageError) {
        self.root = try SystemCall.absolutePath(root)
    }

    /// Whether the folder itself is there. Throws `wrongKind` where something else has its place.
    public func rootExists() throws(StorageError) -> Bool { try SystemCall.isFolder(root) }

    /// Whether another folder, there or not, is this one or lies in it once links and `..` are followed.
    public func contains(_ other: FileStorage) throws(StorageError) -> Bool {
        let (outer, inner) = (try SystemCall.resolved(root), try SystemCall.resolved(other.root))
        return inner == outer || inner.hasPrefix(outer == "/" ? outer : outer + "/")
    }

    /// Makes the folder itself with all its missing parents, each entry durable, and says whether it was missing.
    @discardableResult
    public func createRoot() throws(StorageError) -> Bool {
        guard try !rootExists() else { return false }
        var missing: [String] = []
        var folder = root
        while try !SystemCall.isFolder(folder) {
            missing.append(folder)
            folder = StoragePath.parent(of: folder)
            if folder.isEmpty { folder = "/" }
        }
        for path in missing.reversed() {
            try SystemCall.createFolder(path)
            let parent = StoragePath.parent(of: path)
            let entries = try FileDescriptor(opening: parent.isEmpty ? "/" : parent, .folder)
            try entries.synchronize()
        }
        return true
    }

    /// Makes the folder itself for its owner alone (mode 0700), whose parent is there. Throws `exists` where there is one.
    public func createPrivateRoot() throws(StorageError) {
        guard try SystemCall.entry(at: root) == nil else {
            throw StorageError(.exists, operation: "create the folder", path: root, cause: "it is there already")
        }
        try SystemCall.createFolder(root, mode: 0o700)
    }

    /// Whether the folder itself is there, is no link, belongs to this user and is open to nobody else.
    public func isPrivate() throws(StorageError) -> Bool { try SystemCall.isForOwnerAlone(root, isFolder: true) }

    /// The absolute path.
    public func describe(_ path: String) -> String { path.isEmpty ? root : root + "/" + path }

    /// readdir(3), without `.` and `..`.
    public func list(_ folder: String) throws(StorageError) -> [String] {
        try SystemCall.list(describe(folder))
    }

    /// stat(2); nil where there is no such file.
    public func size(of path: String) throws(StorageError) -> Int? {
        try SystemCall.size(of: describe(path))
    }

    /// lstat(2).
    public func entry(at path: String) throws(StorageError) -> StorageEntry? {
        try SystemCall.entry(at: describe(path))
    }

    /// open(2) and pread(2).
    public func read(_ path: String, from offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        let file = try FileDescriptor(opening: describe(path), .read)
        return try file.read(from: offset, count: count)
    }

    /// open(2); reads are pread(2), which share no position.
    public func open(_ path: String) throws(StorageError) -> any StorageFile {
        let descriptor = try FileDescriptor(opening: describe(path), .read)
        return OpenFile(size: try descriptor.size(), descriptor)
    }

    /// mkdir(2), mode 0777 less the umask.
    public func createFolder(_ path: String) throws(StorageError) {
        try SystemCall.createFolder(describe(path))
    }

    /// open(2) with O_EXCL and write(2), mode 0666 less the umask.
    public func create(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
        var file = try FileDescriptor(opening: describe(path), .createNew)
        try file.write(bytes, at: 0)
        try file.close()
    }

    /// pwrite(2) at the end.
    public func append(_ path: String, at offset: Int, _ bytes: [UInt8]) throws(StorageError) {
        var file = try FileDescriptor(opening: describe(path), .write)
        try file.write(bytes, at: offset)
        try file.close()
    }

    /// ftruncate(2).
    public func truncate(_ path: String, to size: Int) throws(StorageError) {
        var file = try FileDescriptor(opening: describe(path), .write)
        try file.truncate(to: size)
        try file.close()
    }

    /// rename(2).
    public func rename(_ path: String, to newPath: String) throws(StorageError) {
        try SystemCall.rename(describe(path), to: describe(newPath))
    }

    /// unlink(2).
    public func remove(_ path: String) throws(StorageError) {
        try SystemCall.unlink(describe(path))
    }

    /// rmdir(2).
    public func removeFolder(_ path: String) throws(StorageError) {
        try SystemCall.removeFolder(describe(path))
    }

    /// fsync(2).
    public func synchronize(_ path: String) throws(StorageError) {
        var file = try FileDescriptor(opening: describe(path), .write)
        try file.synchronize()
        try file.close()
    }

    /// fsync(2) of the folder.
    public func synchronizeFolder(_ path: String) throws(StorageError) {
        var folder = try FileDescriptor(opening: describe(path), .folder)
        try folder.synchronize()
        try folder.close()
    }

    /// flock(2), exclusive; the file holds the owner's process id while the lock is held and is empty otherwise.
    public func tryLock(_ path: String) throws(StorageError) -> LockAttempt {
        let file = try FileDescriptor(opening: describe(path), .createOrWrite)
        guard try file.tryLock() else {
            let text = String(decoding: try file.read(from: 0, count: 20), as: UTF8.self)
            return .held(byProcess: Int(text.prefix { $0 != "\n" }))
        }
        // The file may have been removed, and made anew by another, before the lock was ours.
        guard try file.isStillAtItsPath() else { return try tryLock(path) }
        // People remove lock files. The folder is locked as well: a holder whose file is gone is still seen.
        let folder = try FileDescriptor(opening: root, .folder)
        guard try folder.tryLock() else { return .held(byProcess: nil) }
        try file.truncate(to: 0)
        try file.write(Array("\(SystemCall.processID)\n".utf8), at: 0)
        return .taken(FileLock(file, folder))
    }
}

/// Owns the descriptor of a file open for reading.
private final class OpenFile: StorageFile {
    let size: Int
    private let descriptor: FileDescriptor

    init(size: Int, _ descriptor: consuming FileDescriptor) {
        self.size = size
        self.descriptor = descriptor
    }

    func read(from offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        let range = readableRange(from: offset, count: count)
        return try descriptor.read(from: range.lowerBound, count: range.count)
    }
}

/// A held flock(2).
private final class FileLock: StorageLock {
    private let file: FileDescriptor
    private let folder: FileDescriptor
    private let isReleased = Mutex(false)

    init(_ file: consuming FileDescriptor, _ folder: consuming FileDescriptor) {
        self.file = file
        self.folder = folder
    }

    /// Empties the file, so that it names nobody, and unlocks it; errors have no remedy here and do no harm: the
    /// kernel drops the lock with the process. Once only: by the second time the file may name the next holder.
    func release() {
        guard !isReleased.withLock({ exchange(&$0, with: true) }) else { return }
        try? file.truncate(to: 0)
        file.unlock()
        folder.unlock()
    }

    deinit { release() }
}
