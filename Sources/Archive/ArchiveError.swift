public import ObjectStore

/// Why the archive could not do what was asked.
public struct ArchiveError: Error, Hashable, Sendable {
    /// What went wrong, as far as a program acts on it. The raw values are part of the command line's contract.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// There is no archive in that folder.
        case noArchive = "no_archive"
        /// The folder holds an archive already.
        case archiveExists = "archive_exists"
        /// The folder holds other things, so none is made there.
        case folderNotEmpty = "folder_not_empty"
        /// Another process holds the writers' lock.
        case locked
        /// Bytes on disk are not what was written.
        case corrupt
        /// A file that the archive names is not there.
        case missing
        /// A newer program wrote this.
        case unsupported
        /// No snapshot, player or tag answers to that reference.
        case refNotFound = "ref_not_found"
        /// The player has no observation here.
        case playerNotFound = "player_not_found"
        /// A reference fits several things.
        case ambiguousRef = "ambiguous_ref"
        /// A reference, time or name is not well formed.
        case malformedRef = "malformed_ref"
        /// A tag of that name stands already.
        case tagExists = "tag_exists"
        /// That rename stands already.
        case renameExists = "rename_exists"
        /// A rename that stands contradicts this one.
        case renameConflict = "rename_conflict"
        /// Nobody can tell from what was captured when a rename was.
        case renameMomentUnknown = "rename_moment_unknown"
        /// The archive is encrypted, and no key was given.
        case keyNeeded = "key_needed"
        /// A secret opens none of the archive's key slots.
        case wrongKey = "wrong_key"
        /// The only key slot cannot be removed.
        case lastSlot = "last_key_slot"
        /// A key was given for a plain archive.
        case keyRefused = "plain_archive"
        /// The disk is full.
        case noSpace = "no_space"
        /// The operating system refuses access.
        case denied
        /// The storage failed, or the archive stopped writing after it failed.
        case io
        /// What was handed over to be stored contradicts itself.
        case invalidRecord = "invalid_record"
    }

    /// What went wrong.
    public let code: Code
    /// One or two sentences for a person: what happened, to what, what to do next.
    public let message: String
    /// The reference that was asked for, where one was.
    public let ref: String?
    /// What could have been meant.
    public let candidates: [String]
    /// The file at fault, relative to the archive's folder, where it is `config.json` or `journal` as a whole.
    public let path: String?

    /// An error of given parts.
    public init(
        _ code: Code, _ message: String, ref: String? = nil, candidates: [String] = [], path: String? = nil
    ) {
        (self.code, self.message, self.ref, self.candidates) = (code, message, ref, candidates)
        self.path = path
    }
}

extension ArchiveError {
    /// The storage failed, on that file of the archive.
    public init(_ error: StorageError, path: String? = nil) {
        let code: Code =
            switch error.code {
            case .missing: .missing
            case .noSpace: .noSpace
            case .denied: .denied
            case .damaged: .corrupt
            case .exists, .wrongKind, .io: .io
            }
        let advice =
            error.code == .noSpace ? "; nothing of what was being written counts: free some space and run it again" : ""
        self.init(code, error.description + advice, path: path)
    }

    /// Something could not be sealed or opened; `file` is what, as a person would name it.
    init(_ error: SealingError, file: String) {
        let code: Code =
            switch error.code {
            case .wrongKey, .corrupt, .truncated, .notSealed: .corrupt
            case .unsupported: .unsupported
            case .tooLarge, .weakPublicKey, .unavailable: .io
            }
        self.init(code, "\(file): \(error.detail)")
    }

    /// The archive is encrypted, and no key was given.
    public static func keyNeeded(for folder: String) -> ArchiveError {
        ArchiveError(
            .keyNeeded,
            "\(folder) is encrypted: name its key file in OSRS_ARCHIVE_KEY_FILE, or give its passphrase or "
                + "recovery code in OSRS_ARCHIVE_PASSWORD_FILE, OSRS_ARCHIVE_PASSWORD_COMMAND or OSRS_ARCHIVE_PASSWORD")
    }

    /// An object could not be read.
    public init(_ error: ObjectError) {
        let code: Code =
            switch error.code {
            case .corrupt: .corrupt
            case .missing: .missing
            case .io: .io
            case .unsupported: .unsupported
            }
        self.init(code, error.description + "; run `osrs-archive verify` for the whole picture")
    }

    /// Whether it says that bytes cannot be had back: what else there is can be read all the same.
    var isDamage: Bool { [.corrupt, .missing, .io].contains(code) }

    /// zlib found no memory.
    public init(_ error: DeflateError) { self.init(.io, "zlib failed: \(error)") }
}

extension ArchiveError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}
