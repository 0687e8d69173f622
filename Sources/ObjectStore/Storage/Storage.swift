/// The one interface to where an archive's files lie: real files, memory, or a fault-injecting double in tests.
///
/// Paths are relative to the archive's folder, parts joined by `/`. Nothing is durable before `synchronize`: a new or
/// renamed file needs its own bytes synchronized first and its folder afterwards, as POSIX demands.
public protocol Storage: Sendable {
    /// What the archive's files are sealed with; nil where they lie in the clear. All other members are about bytes as
    /// they lie on the medium.
    var sealing: ArchiveSealing? { get }

    /// A path as a person would name it, for messages.
    func describe(_ path: String) -> String

    /// The names in a folder, in no order. Throws `missing` where there is no such folder.
    func list(_ folder: String) throws(StorageError) -> [String]

    /// The bytes in a file, or nil where there is none.
    func size(of path: String) throws(StorageError) -> Int?

    /// What stands at a path itself, links not followed; nil where nothing does.
    func entry(at path: String) throws(StorageError) -> StorageEntry?

    /// Up to `count` bytes from `offset`; fewer only where the file ends. Throws `missing`.
    func read(_ path: String, from offset: Int, count: Int) throws(StorageError) -> [UInt8]

    /// The file at a path, open for reading: it stays readable when another file takes its name or it is removed.
    /// Throws `missing`.
    func open(_ path: String) throws(StorageError) -> any StorageFile

    /// Makes one folder, whose parent exists; fine where it exists already.
    func createFolder(_ path: String) throws(StorageError)

    /// Makes a new file with these bytes. Throws `exists`; a failure may leave a part of it.
    func create(_ path: String, _ bytes: [UInt8]) throws(StorageError)

    /// Writes at the end of a file that is `offset` bytes long, so that a file can grow piece by piece from an empty one;
    /// a failure may leave a part of it.
    func append(_ path: String, at offset: Int, _ bytes: [UInt8]) throws(StorageError)

    /// Cuts a file to its first `size` bytes.
    func truncate(_ path: String, to size: Int) throws(StorageError)

    /// Renames a file, replacing one of the new name in one step.
    func rename(_ path: String, to newPath: String) throws(StorageError)

    /// Removes a file.
    func remove(_ path: String) throws(StorageError)

    /// Removes a folder where it is empty; does nothing where it is not, or is not there.
    func removeFolder(_ path: String) throws(StorageError)

    /// Returns when the file's bytes and size are on the medium (fsync).
    func synchronize(_ path: String) throws(StorageError)

    /// Returns when the folder's entries are on the medium (fsync of the folder).
    func synchronizeFolder(_ path: String) throws(StorageError)

    /// Takes the writers' lock, or says who has it. Never waits.
    func tryLock(_ path: String) throws(StorageError) -> LockAttempt
}

/// A file open for reading; any number of threads may read at once. Closed when it goes out of scope.
public protocol StorageFile: Sendable {
    /// Bytes in the file when it was opened; reads end there, so what is appended later is not seen.
    var size: Int { get }

    /// The file as it lies on the medium, where this is what is sealed in it; otherwise the same.
    var stored: any StorageFile { get }

    /// Up to `count` bytes from `offset`; fewer only where the file ends, none where it has no such place. Never
    /// allocates more than the file has.
    func read(from offset: Int, count: Int) throws(StorageError) -> [UInt8]
}

extension StorageFile {
    /// The file itself: nothing in it is sealed.
    public var stored: any StorageFile { self }

    /// The SHA-256 of the whole file; of what is there where it was cut since it was opened. O(bytes), in memory for a
    /// megabyte.
    public func digest() throws(StorageError) -> ObjectID {
        var digest = SHA256Stream()
        let piece = 1 << 20
        for offset in stride(from: 0, to: size, by: piece) {
            digest.update(try read(from: offset, count: piece))
        }
        return digest.finish()
    }

    /// The part of the file that a read of `count` bytes from `offset` covers. Both may be any number.
    public func readableRange(from offset: Int, count: Int) -> Range<Int> {
        guard offset >= 0, offset < size, count > 0 else { return 0..<0 }
        return offset..<offset + min(count, size - offset)
    }
}

/// What stands at a path.
public enum StorageEntry: Hashable, Sendable {
    /// A regular file of so many bytes.
    case file(bytes: Int)
    /// A folder.
    case folder
    /// A link, a socket, or anything else.
    case other
}

/// What came of asking for the writers' lock.
public enum LockAttempt: Sendable {
    /// The lock is ours until it is released.
    case taken(any StorageLock)
    /// Another has it; its process id where it is known.
    case held(byProcess: Int?)
}

/// A lock that is held.
public protocol StorageLock: Sendable {
    /// Gives the lock back. Releasing twice does nothing; a lock that goes out of scope is released too.
    func release()
}

extension Storage {
    /// Nothing is sealed.
    public var sealing: ArchiveSealing? { nil }

    /// A file's contents: what is sealed in it where files are sealed, its bytes otherwise. Throws `missing`, and
    /// `damaged` where it does not open.
    public func openContents(_ path: String, as kind: SealingContext.Kind) throws(StorageError) -> any StorageFile {
        let file = try open(path)
        guard let sealing else { return file }
        return try SealedContents(file, as: kind, sealing, path: describe(path))
    }

    /// A whole file. Throws `missing`, and `io` for one longer than `limit` bytes.
    public func readAll(_ path: String, limit: Int) throws(StorageError) -> [UInt8] {
        guard let size = try size(of: path) else {
            throw StorageError(.missing, operation: "read", path: describe(path), cause: "no such file")
        }
        guard size <= limit else {
            throw StorageError(
                .io, operation: "read", path: describe(path), cause: "\(size) bytes, more than the \(limit) allowed")
        }
        return try read(path, from: 0, count: size)
    }

    /// Puts a file in place in one durable step: a temporary file is written and synchronized, takes the name, and
    /// the folder is synchronized. A crash leaves the old file or the new one, whole.
    ///
    /// `temporary` is a path in the same file system; what lies there from an earlier crash is replaced.
    public func replace(_ path: String, with bytes: [UInt8], by temporary: String) throws(StorageError) {
        if try size(of: temporary) != nil { try remove(temporary) }
        try create(temporary, bytes)
        try synchronize(temporary)
        try rename(temporary, to: path)
        try synchronizeFolder(StoragePath.parent(of: path))
    }
}

/// Parts of storage paths.
public enum StoragePath {
    // Bytes, not characters: a name may begin with a mark that combines with the slash to one character.
    private static let slash = UInt8(ascii: "/")

    /// The folder that a path lies in; the archive's own folder is the empty path.
    public static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: slash) else { return "" }
        return String(path[..<slash])
    }

    /// The last part of a path.
    public static func name(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: slash) else { return path }
        return String(path[path.utf8.index(after: slash)...])
    }
}
