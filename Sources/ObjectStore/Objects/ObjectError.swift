/// Why a stored object could not be read or written.
public struct ObjectError: Error, Hashable, Sendable {
    /// Corrupt, missing and I/O are three different things.
    public enum Code: String, Hashable, Sendable {
        /// The file is there and does not hold what its name says.
        case corrupt
        /// There is no such file.
        case missing
        /// The storage failed; the object may be well.
        case io
        /// The file was written by a newer version of this program.
        case unsupported
    }

    /// What went wrong.
    public let code: Code
    /// The object that was asked for.
    public let id: ObjectID
    /// The file, as a person would name it.
    public let path: String
    /// What exactly was found.
    public let detail: String

    /// An error of given parts.
    public init(_ code: Code, id: ObjectID, path: String, detail: String) {
        (self.code, self.id, self.path, self.detail) = (code, id, path, detail)
    }

    /// The bytes of a file are not those of the object.
    init(_ failure: LooseObjectFormat.Failure, id: ObjectID, path: String) {
        switch failure {
        case .corrupt(let detail): self.init(.corrupt, id: id, path: path, detail: detail)
        case .unsupported(let detail): self.init(.unsupported, id: id, path: path, detail: detail)
        case .outOfMemory: self.init(.io, id: id, path: path, detail: "zlib found no memory")
        }
    }
}

extension ObjectError {
    /// A sealed file does not open, or cannot be made.
    init(_ error: SealingError, id: ObjectID, path: String) {
        let code: Code =
            switch error.code {
            case .wrongKey, .corrupt, .truncated, .notSealed: .corrupt
            case .unsupported: .unsupported
            case .tooLarge, .weakPublicKey, .unavailable: .io
            }
        self.init(code, id: id, path: path, detail: error.detail)
    }
}

extension ObjectError: CustomStringConvertible {
    /// One sentence with the object and the file.
    public var description: String { "object \(id.hex) is \(code.rawValue) in \(path): \(detail)" }
}
