import ObjectStore

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

extension PackError {
    /// Makes a tool of zlib's.
    static func zlib<Tool: ~Copyable>(_ make: () throws(DeflateError) -> Tool) throws(PackError) -> Tool {
        do { return try make() } catch { throw .outOfMemory }
    }

    /// Where in the file, in bytes; 0 where that is unknown.
    var offset: Int {
        if case .corrupt(_, let offset) = self { return offset }
        return 0
    }
}
