/// Files that only their owner may read.
public enum SecretFile {
    /// The longest one that is read.
    private static let limit = 1 << 16

    /// Makes a new file with these bytes, for its owner alone (mode 0600) from the first moment on, durable when this
    /// returns. Throws `exists`.
    public static func create(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
        let path = try SystemCall.absolutePath(path)
        var file = try FileDescriptor(opening: path, .createSecret)
        try file.write(bytes, at: 0)
        try file.synchronize()
        try file.close()
        let parent = StoragePath.parent(of: path)
        let folder = try FileDescriptor(opening: parent.isEmpty ? "/" : parent, .folder)
        try folder.synchronize()
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
