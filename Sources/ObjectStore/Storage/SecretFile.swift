/// Files that only their owner may read.
public enum SecretFile {
    /// The longest one that is read.
    private static let limit = 1 << 16

    /// Makes a new file with these bytes, for its owner alone (mode 0600) from the first moment on, durable when this
    /// returns. It takes its name once it is whole: a full disk leaves nothing, a kill at most a file of another name,
    /// which begins with a dot. Throws `exists`.
    public static func create(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
        let path = try SystemCall.absolutePath(path)
        let parent = StoragePath.parent(of: path)
        // What is there is told where nothing can be written, too. Who comes in between is seen by the rename.
        guard try SystemCall.entry(at: path) == nil else {
            throw StorageError(.exists, operation: "create", path: path, cause: "it is there already")
        }
        let temporary = "\(parent)/.osrs-archive-\(try identifier()).new"
        var file = try FileDescriptor(opening: temporary, .createSecret)
        do throws(StorageError) {
            try file.write(bytes, at: 0)
            try file.synchronize()
            try file.close()
            try SystemCall.renameWithoutReplacing(temporary, to: path)
        } catch {
            try? SystemCall.unlink(temporary)
            throw error
        }
        let folder = try FileDescriptor(opening: parent.isEmpty ? "/" : parent, .folder)
        try folder.synchronize()
    }

    /// 16 hex digits that no other process uses.
    private static func identifier() throws(StorageError) -> String {
        do { return Hexadecimal.text(try RandomSource.system.bytes(8)) } catch {
            throw StorageError(error, path: "a new name")
        }
    }

    /// Whether others than its owner may read a file, which is there.
    public static func isOpenToOthers(_ path: String) throws(StorageError) -> Bool {
        try !SystemCall.isForOwnerAlone(try SystemCall.absolutePath(path), isFolder: false)
    }

    /// The bytes of a small file; nil where there is none. The caller wipes them.
    public static func read(_ path: String) throws(StorageError) -> [UInt8]? {
        try EditableFile(path).read(limit: limit)
    }
}
