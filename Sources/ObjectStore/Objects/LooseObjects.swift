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

    /// The id of a document.
    public func id(of document: [UInt8]) -> ObjectID { format.id(of: document) }

    /// A document, its id recomputed. Throws `missing`, `corrupt`, `unsupported` or `io`; never a wrong document.
    public func read(_ id: ObjectID) throws(ObjectError) -> [UInt8] {
        let path = Self.path(of: id)
        let file: [UInt8]
        do {
            file = try storage.readAll(path, limit: LooseObjectFormat.fileLimit)
        } catch {
            let code: ObjectError.Code = error.code == .missing ? .missing : .io
            throw ObjectError(code, id: id, path: error.path, detail: error.cause)
        }
        do {
            return try format.decode(file, id: id)
        } catch {
            let (code, detail): (ObjectError.Code, String) =
                switch error {
                case .corrupt(let detail): (.corrupt, detail)
                case .unsupported(let detail): (.unsupported, detail)
                }
            throw ObjectError(code, id: id, path: storage.describe(path), detail: detail)
        }
    }

    /// Writes documents so that they are durable when this returns: each file is written beside, read back, renamed
    /// into place, and every folder that changed is synchronized once. A document of more than
    /// `LooseObjectFormat.documentLimit` bytes is refused (`wrongKind`). The writers' lock is held.
    public func write(_ documents: [(id: ObjectID, bytes: [UInt8])]) throws(StorageError) {
        guard !documents.isEmpty else { return }
        try storage.createFolder(Self.temporaryFolder)
        var changed: Set<String> = []
        for (id, bytes) in documents {
            let path = Self.path(of: id)
            guard let file = format.encode(bytes), (try? format.decode(file, id: id)) == bytes else {
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
            if try storage.size(of: temporary) != nil { try storage.remove(temporary) }
            try storage.create(temporary, file)
            try storage.synchronize(temporary)
            try storage.rename(temporary, to: path)
        }
        for folder in changed.sorted() { try storage.synchronizeFolder(folder) }
        try storage.synchronizeFolder(Self.folder)
    }

    /// The ids of the objects that begin with these lower-case hex digits, of which there are two or more, in no order.
    public func ids(startingWith prefix: String) throws(StorageError) -> [ObjectID] {
        let folder = String(prefix.prefix(2))
        do {
            return try storage.list("\(Self.folder)/\(folder)")
                .compactMap { ObjectID(hex: folder + $0) }.filter { $0.hex.hasPrefix(prefix) }
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
