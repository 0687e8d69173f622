/// Why something could not be sealed, opened, derived or signed.
public struct SealingError: Error, Hashable, Sendable {
    /// What went wrong, as far as a program acts on it.
    public enum Code: String, Hashable, Sendable {
        /// The key is not the one that sealed this, or this was sealed as something else: another file, name, frame,
        /// slot or archive. Nothing was decrypted.
        case wrongKey
        /// The key is right and the bytes are damaged.
        case corrupt
        /// The bytes end before the message does.
        case truncated
        /// The bytes are no sealed file.
        case notSealed
        /// The file was written by a newer version of this program.
        case unsupported
        /// A size or a parameter is over its limit.
        case tooLarge
        /// A public key that would give everybody the same secret.
        case weakPublicKey
        /// libcrypto or the system's generator failed; the data may be well.
        case unavailable
    }

    /// What went wrong.
    public let code: Code
    /// What exactly was found.
    public let detail: String

    /// An error of given parts.
    public init(_ code: Code, _ detail: String) { (self.code, self.detail) = (code, detail) }

    /// What libcrypto could not do, which is hardly ever anything but memory.
    static func unavailable(_ what: String) -> SealingError {
        SealingError(.unavailable, "libcrypto could not \(what); memory may be short")
    }
}

extension SealingError: CustomStringConvertible {
    /// The detail: it is made to stand behind a path.
    public var description: String { detail }
}

extension StorageError {
    /// A sealed file does not open.
    init(_ error: SealingError, path: String) {
        let code: Code =
            switch error.code {
            case .wrongKey, .corrupt, .truncated, .notSealed: .damaged
            case .unsupported, .tooLarge, .weakPublicKey, .unavailable: .io
            }
        self.init(code, operation: "open", path: path, cause: error.detail)
    }
}
