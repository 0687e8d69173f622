public import ObjectStore

/// Where an import reads from: a file, a folder, an archive's folder, or a stream such as standard input.
public struct ImportSource {
    enum Place {
        /// A file or folder; the empty path is the storage's own.
        case storage(any Storage, path: String)
        /// Bytes as they come: at most so many a call, none at the end.
        case stream((Int) throws(StorageError) -> [UInt8])
    }

    /// What messages call it.
    public let name: String
    let place: Place

    init(name: String, place: Place) { (self.name, self.place) = (name, place) }

    /// A file or folder of the file system. Throws where a relative path has no working directory to start from;
    /// whether there is such a file shows when it is read.
    public static func path(_ path: String) throws(StorageError) -> ImportSource {
        ImportSource(name: path, place: .storage(try FileStorage(root: path), path: ""))
    }

    /// A file or folder of a storage; the empty path is the storage's own folder, which may be an archive.
    public static func stored(in storage: any Storage, _ path: String, name: String) -> ImportSource {
        ImportSource(name: name, place: .storage(storage, path: path))
    }

    /// A stream. `read` gives at most so many bytes a call, and none at the end.
    public static func stream(
        name: String, read: @escaping (_ count: Int) throws(StorageError) -> [UInt8]
    ) -> ImportSource {
        ImportSource(name: name, place: .stream(read))
    }
}
