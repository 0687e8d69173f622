import Glibc

/// A small file outside of any archive that people and programs edit: read as a whole, and replaced in one durable step.
///
/// A link is followed, so that the file it leads to is the one that changes.
public struct EditableFile: Sendable {
    /// Its absolute path, links followed.
    public let path: String

    /// The file at a path, there or not. Throws `wrongKind` for a link that leads nowhere, `denied` or `io`.
    public init(_ path: String) throws(StorageError) {
        let absolute = try SystemCall.absolutePath(path)
        self.path = try SystemCall.followingLinks(absolute)
    }

    private var folder: String {
        let parent = StoragePath.parent(of: path)
        return parent.isEmpty ? "/" : parent
    }

    private var name: String { String(path.dropFirst(StoragePath.parent(of: path).count + 1)) }

    /// The bytes, or nil where there is no such file. Throws `wrongKind` for what is no regular file, and `io` for one
    /// longer than `limit` bytes.
    public func read(limit: Int) throws(StorageError) -> [UInt8]? {
        let storage = try FileStorage(root: path)
        guard try storage.size(of: "") != nil else { return nil }
        return try storage.readAll("", limit: limit)
    }

    /// Takes the editors' lock, and makes the folder where it is missing. Nil while another has the lock; never waits.
    ///
    /// What is locked is the folder (flock(2)): the file itself is another one after each edit, and nothing is left
    /// behind.
    public func tryLock() throws(StorageError) -> FileEditing? {
        try FileStorage(root: folder).createRoot()
        let descriptor = try FileDescriptor(opening: folder, .folder)
        guard try descriptor.tryLock() else { return nil }
        return FileEditing(file: self, folder: descriptor)
    }

    /// Puts bytes in the file's place. Needs the lock, which `folder` holds.
    fileprivate func replace(with bytes: [UInt8], in folder: borrowing FileDescriptor) throws(StorageError) {
        let temporary = "\(self.folder == "/" ? "" : self.folder)/.\(name).new"
        if try SystemCall.entry(at: temporary) != nil { try SystemCall.unlink(temporary) }
        var file = try FileDescriptor(opening: temporary, .createNew)
        do throws(StorageError) {
            // Before the first byte: what was kept from others stays so.
            try file.takePermissions(of: path)
            try file.write(bytes, at: 0)
            try file.synchronize()
            try file.close()
            try SystemCall.rename(temporary, to: path)
        } catch {
            try? SystemCall.unlink(temporary)
            throw error
        }
        try folder.synchronize()
    }
}

/// A file whose editors' lock is held: what is read here is what is replaced. The lock goes with this value.
public struct FileEditing: ~Copyable {
    /// The file.
    public let file: EditableFile
    private let folder: FileDescriptor

    fileprivate init(file: EditableFile, folder: consuming FileDescriptor) {
        self.file = file
        self.folder = folder
    }

    /// Puts bytes in the file's place: a crash leaves the old contents or the new ones, whole. Permissions stay, and the
    /// owner where the system allows it.
    public func replace(with bytes: [UInt8]) throws(StorageError) { try file.replace(with: bytes, in: folder) }
}
