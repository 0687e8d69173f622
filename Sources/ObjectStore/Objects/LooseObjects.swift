/// The loose objects of an archive: one file for each document, named by its id, fanned out over 256 folders. In an
/// encrypted archive each is sealed, and named by a keyed code of its id.
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

    /// The path of an object's file by the file's name: `objects/3f/9ac1…`.
    public static func path(of name: ObjectID) -> String {
        let hex = name.hex
        return "\(folder)/\(hex.prefix(2))/\(hex.dropFirst(2))"
    }

    /// The name of a document's file: its id, or the code of it where files are sealed. Throws `io` where libcrypto fails.
    public func name(of id: ObjectID) throws(ObjectError) -> ObjectID {
        guard let sealing = storage.sealing else { return id }
        do { return try sealing.name(of: id) } catch {
            throw ObjectError(error, id: id, path: storage.describe(Self.folder))
        }
    }

    /// The path of a document's file.
    public func path(of id: ObjectID) throws(ObjectError) -> String { Self.path(of: try name(of: id)) }

    /// A document, its id recomputed. Throws `missing`, `corrupt`, `unsupported` or `io`; never a wrong document.
    public func read(_ id: ObjectID) throws(ObjectError) -> [UInt8] {
        let (file, path) = try file(of: id)
        do {
            return try format.decode(file, id: id)
        } catch {
            throw ObjectError(error, id: id, path: storage.describe(path))
        }
    }

    /// Checks that a document's file is there and whole by its checksum, without decoding it. Throws as `read` does.
    public func check(_ id: ObjectID) throws(ObjectError) {
        let (file, path) = try file(of: id)
        do {
            _ = try LooseObjectFormat.check(file)
        } catch {
            throw ObjectError(error, id: id, path: storage.describe(path))
        }
    }

    /// What a document's file holds, opened where it is sealed.
    private func file(of id: ObjectID) throws(ObjectError) -> (bytes: [UInt8], path: String) {
        let name = try name(of: id)
        let path = Self.path(of: name)
        let bytes: [UInt8]
        do {
            bytes = try storage.readAll(path, limit: Self.fileLimit)
        } catch {
            let code: ObjectError.Code = error.code == .missing ? .missing : .io
            throw ObjectError(code, id: id, path: error.path, detail: error.cause)
        }
        do { return (try open(bytes, named: name), path) } catch {
            throw ObjectError(error, id: id, path: storage.describe(path))
        }
    }

    private static var fileLimit: Int {
        SealedFile.byteCount(ofPlain: LooseObjectFormat.fileLimit) ?? LooseObjectFormat.fileLimit
    }

    private func open(_ stored: [UInt8], named name: ObjectID) throws(SealingError) -> [UInt8] {
        try storage.sealing?.open(stored, as: .object, place: .named(name)) ?? stored
    }

    private func seal(_ file: [UInt8], named name: ObjectID) throws(SealingError) -> [UInt8] {
        try storage.sealing?.seal(file, as: .object, place: .named(name)) ?? file
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
            let (name, file) = try encode(bytes, id)
            let path = Self.path(of: name)
            let folder = StoragePath.parent(of: path)
            if !changed.contains(folder) {
                try storage.createFolder(folder)
                changed.insert(folder)
            }
            let temporary = "\(Self.temporaryFolder)/\(name.hex)"
            try storage.create(temporary, file)
            try storage.synchronize(temporary)
            // One byte more is asked for, so that a file that is too long shows.
            let back = try storage.read(temporary, from: 0, count: file.count + 1)
            do { _ = try format.decode(try open(back, named: name), id: id) } catch {
                throw StorageError(
                    .io, operation: "read back", path: storage.describe(temporary),
                    cause: "it does not hold what was written (\(error))")
            }
            try storage.rename(temporary, to: path)
        }
        for folder in changed.sorted() { try storage.synchronizeFolder(folder) }
        try storage.synchronizeFolder(Self.folder)
    }

    /// The name and the bytes of a document's file.
    private func encode(_ document: [UInt8], _ id: ObjectID) throws(StorageError) -> (name: ObjectID, file: [UInt8]) {
        guard let file = format.encode(document), format.id(of: document) == id else {
            throw StorageError(
                .wrongKind, operation: "write", path: storage.describe(Self.path(of: id)),
                cause: "the document is too large, or does not have that id")
        }
        do throws(SealingError) {
            let name = try storage.sealing?.name(of: id) ?? id
            return (name, try seal(file, named: name))
        } catch {
            throw StorageError(error, path: storage.describe(Self.folder))
        }
    }

    /// The ids of the objects within bounds that agree in their first byte, in no order; none where the files' names do
    /// not tell.
    public func ids(in bounds: ClosedRange<ObjectID>) throws(StorageError) -> [ObjectID] {
        guard storage.sealing == nil else { return [] }
        let folder = bounds.lowerBound.abbreviated(2)
        do {
            return try storage.list("\(Self.folder)/\(folder)")
                .compactMap { ObjectID(hex: folder + $0) }.filter(bounds.contains)
        } catch {
            if error.code == .missing { return [] }
            throw error
        }
    }

    /// The names of all objects' files in the folder, in no order, and the paths that are no object's.
    public func list() throws(StorageError) -> (names: [ObjectID], strangers: [String]) {
        var names: [ObjectID] = []
        var strangers: [String] = []
        for folder in try storage.list(Self.folder).sorted() {
            guard folder.utf8.count == 2, Hexadecimal.bytes(folder) != nil else {
                strangers.append("\(Self.folder)/\(folder)")
                continue
            }
            for name in try storage.list("\(Self.folder)/\(folder)") {
                if let object = ObjectID(hex: folder + name),
                    Self.path(of: object) == "\(Self.folder)/\(folder)/\(name)"
                {
                    names.append(object)
                } else {
                    strangers.append("\(Self.folder)/\(folder)/\(name)")
                }
            }
        }
        return (names, strangers)
    }
}
