public import ObjectStore

/// Why a backup could not be made, checked or restored.
public struct BackupError: Error, Hashable, Sendable {
    /// What went wrong, as far as a program acts on it. The raw values are part of the command line's contract.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// The folder holds no bundle, or none of what was asked for.
        case noBackup = "no_backup"
        /// Nobody is named for whom a bundle shall be.
        case noRecipient = "no_recipient"
        /// A key or passphrase is needed, and none was given.
        case keyNeeded = "key_needed"
        /// None of the keys that were given opens this.
        case wrongKey = "wrong_key"
        /// A text is no key of the kind that is needed.
        case badKey = "bad_key"
        /// Bytes are not what was written or signed.
        case corrupt
        /// A bundle that others build on is not there.
        case missing
        /// A newer program wrote this.
        case unsupported
        /// Several archives are in the folder.
        case ambiguous = "ambiguous_backup"
        /// A file of that name exists already.
        case exists
        /// The disk is full.
        case noSpace = "no_space"
        /// The operating system refuses access.
        case denied
        /// The storage failed.
        case io
    }

    /// What went wrong.
    public let code: Code
    /// One or two sentences for a person: what happened, to what, what to do next.
    public let message: String

    /// An error of given parts.
    public init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }

    /// The storage failed.
    public init(_ error: StorageError) {
        let code: Code =
            switch error.code {
            case .missing: .missing
            case .noSpace: .noSpace
            case .denied: .denied
            case .exists: .exists
            case .damaged: .corrupt
            case .wrongKind, .io: .io
            }
        let advice = error.code == .noSpace ? "; nothing of what was being written counts: free some space" : ""
        self.init(code, error.description + advice)
    }

    /// Something of a file could not be opened or sealed.
    init(_ error: SealingError, _ what: String) {
        let code: Code =
            switch error.code {
            case .wrongKey: .wrongKey
            case .corrupt, .truncated, .notSealed, .tooLarge: .corrupt
            case .unsupported: .unsupported
            case .weakPublicKey: .badKey
            case .unavailable: .io
            }
        self.init(code, "\(what): \(error)")
    }
}

extension BackupError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}

extension BackupError {
    /// What a body gives; failures of the storage become errors of the backup.
    static func ofStorage<Answer>(_ body: () throws(StorageError) -> Answer) throws(BackupError) -> Answer {
        do { return try body() } catch { throw BackupError(error) }
    }

    /// What a body gives; failures to seal or open become errors about `what`.
    static func ofSealing<Answer: ~Copyable>(
        _ what: @autoclosure () -> String, _ body: () throws(SealingError) -> Answer
    ) throws(BackupError) -> Answer {
        do { return try body() } catch { throw BackupError(error, what()) }
    }
}
