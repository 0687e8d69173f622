import ObjectStore

/// Why bytes are no pack, or a part of one cannot be read.
enum PackError: Error, Hashable {
    /// The bytes at an offset of the file are not what a writer wrote.
    case corrupt(String, offset: Int)
    /// A newer program wrote it.
    case unsupported(String)
    /// The storage failed.
    case storage(StorageError)
    /// zlib found no memory.
    case outOfMemory
}

extension PackError {
    /// A file could not be read at an offset. Sealed bytes that do not open are damage.
    init(reading error: StorageError, at offset: Int = 0) {
        self = error.code == .damaged ? .corrupt(error.cause, offset: offset) : .storage(error)
    }

    /// Makes a tool of zlib's.
    static func zlib<Tool: ~Copyable>(_ make: () throws(DeflateError) -> Tool) throws(PackError) -> Tool {
        do { return try make() } catch { throw .outOfMemory }
    }

    /// Bytes at an offset of the file do not inflate. Where zlib finds no memory they may be well.
    init(_ error: DeflateError, _ detail: String, at offset: Int) {
        self = error == .outOfMemory ? .outOfMemory : .corrupt(detail, offset: offset)
    }

    /// Rows at an offset of the file cannot be packed or unpacked. Where zlib finds no memory they may be well.
    init(_ error: RowBlockError, _ detail: String, at offset: Int) {
        self = error.code == .outOfMemory ? .outOfMemory : .corrupt("\(detail): \(error)", offset: offset)
    }

    /// Where in the file, in bytes; 0 where that is unknown.
    var offset: Int {
        if case .corrupt(_, let offset) = self { return offset }
        return 0
    }

    /// What a medium does not give today it may give tomorrow: only bytes that are wrong or gone are given up.
    func throwUnlessCorrupt() throws(PackError) {
        switch self {
        case .corrupt: return
        case .storage(let error) where error.code == .missing: return
        case .storage, .unsupported, .outOfMemory: throw self
        }
    }
}

extension ArchiveError {
    /// A pack could not be read; `pack` is its file, as a person would name it.
    init(_ error: PackError, pack: String) {
        switch error {
        case .corrupt(let detail, let offset):
            self.init(
                .corrupt,
                "\(pack) is damaged at byte \(offset): \(detail); run `osrs-archive verify` for the whole picture")
        case .unsupported(let what):
            self.init(.unsupported, "\(pack) needs a newer osrs-archive: it is a \(what)")
        case .storage(let error): self.init(error)
        case .outOfMemory: self.init(.io, "zlib found no memory to read \(pack)")
        }
    }
}
