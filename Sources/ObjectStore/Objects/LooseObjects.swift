/// The loose objects of an archive: one file for each document, named by its id, fanned out over 256 folders.
public struct LooseObjects: ~Copyable {
    /// The folder of all objects.
    public static let folder = "objects"
    /// The folder of files being written; what lies there without the writers' lock held is of no account.
    public static let temporaryFolder = "temporary"

    private let storage: any Storage
    private let format: LooseObjectFormat

    /// The objects in a storage. Throws where zlib finds no memory.
    public init(storage: any Storage) throws(DeflateError) {
        self.storage = storage
        format = try LooseObjectFormat()
    }

    /// The path of an object: `objects/3f/9ac1…`.
    public static func path(of id: ObjectID) -> String {
        let hex = id.hex
        return "\(folder)/\(hex.prefix(2))/\(hex.dropFirst(2))"
    }

    /// A document, its id recomputed. Throws `missing`, `corrupt`, `unsupported` or `io`; never a wrong document.
    public func read(_ id: ObjectID) throws(ObjectError) -> [UInt8] {
        let file = try file(of: id)
        do {
            return try format.decode(file, id: id)
        } catch {
            throw ObjectError(error, id: id, path: storage.describe(Self.path(of: id)))
        }
    }

    /// Checks that a document's file is there and whole by its checksum, without decoding it. Throws as `read` does.
    public func check(_ id: ObjectID) throws(ObjectError) {
        let file = try file(of: id)
        do {
            _ = try LooseObjectFormat.check(file)
        } catch {
            throw ObjectError(error, id: id, path: storage.describe(Self.path(of: id)))
        }
    }

    private func file(of id: ObjectID) throws(ObjectError) -> [UInt8] {
        do {
            return try storage.readAll(Self.path(of: id), limit: LooseObjectFormat.fileLimit)
        } catch {
            let code: ObjectError.Code = error.code == .missing ? .missing : .io
            throw ObjectError(code, id: id, path: error.path, detail: error.cause)
        }
    }

    /// Writes documents so that they are durable when this returns: each file is written beside, synchronized, read
    /// back and decoded, renamed into place, and every folder that changed is synchronized once. A document of more
    /// than `LooseObjectFormat.documentLimit` bytes, or of another id, is refused (`wrongKind`); one that does not come
    /// back as it was written is `io`, and takes no name. The writers' lock is held.
    public func write(_ documents: [(id: ObjectID, bytes: [UInt8])]) throws(StorageError) {
        guard !documents.isEmpty else { return }
        try storage.createFolder(Self.temporaryFolder)
        // The lock is held, so what lies there is what a crash or a full disk left.
        for name in try storage.list(Self.temporaryFolder) { try storage.remove("\(Self.temporaryFolder)/\(name)") }
        var changed: Set<String> = []
        for (id, bytes) in documents {
            let path = Self.path(of: id)
            guard let file = format.encode(bytes), format.id(of: bytes) == id else {
                throw StorageError(
                    .wrongKind, operation: "write", path: storage.describe(path),
                    cause: "the document is too large, or does not have that id")
            }
            let folder = StoragePath.parent(of: path)
            if !changed.contains(folder) {
                try storage.createFolder(folder)
                changed.insert(folder)
            }
            let temporary = "\(Self.temporaryFolder)/\(id.hex)"
            try storage.create(temporary, file)
            try storage.synchronize(temporary)
            // One byte more is asked for, so that a file that is too long shows.
            let back = try storage.read(temporary, from: 0, count: file.count + 1)
            do { _ = try format.decode(back, id: id) } catch {
                throw StorageError(
                    .io, operation: "read back", path: storage.describe(temporary),
                    cause: "it does not hold what was written (\(error))")
            }
            try storage.rename(temporary, to: path)
        }
        for folder in changed.sorted() { try storage.synchronizeFolder(folder) }
        try storage.synchronizeFolder(Self.folder)
    }

    /// The ids of the objects within bounds that agree in their first byte, in no order.
    public func ids(in bounds: ClosedRange<ObjectID>) throws(StorageError) -> [ObjectID] {
        let folder = bounds.lowerBound.abbreviated(2)
        do {
            return try storage.list("\(Self.folder)/\(folder)")
                .compactMap { ObjectID(hex: folder + $0) }.filter(bounds.contains)
        } catch {
            if error.code == .missing { return [] }
            throw error
        }
    }

    /// The ids of all objects in the folder, in no order, and the names that are no object's.
    public func list() throws(StorageError) -> (ids: [ObjectID], strangers: [String]) {
        var ids: [ObjectID] = []
        var strangers: [String] = []
        for folder in try storage.list(Self.folder).sorted() {
            guard folder.utf8.count == 2, Hexadecimal.bytes(folder) != nil else {
                strangers.append("\(Self.folder)/\(folder)")
                continue
            }
            for name in try storage.list("\(Self.folder)/\(folder)") {
                if let id = ObjectID(hex: folder + name), Self.path(of: id) == "\(Self.folder)/\(folder)/\(name)" {
                    ids.append(id)
                } else {
                    strangers.append("\(Self.folder)/\(folder)/\(name)")
                }
            }
        }
        return (ids, strangers)
    }
}
