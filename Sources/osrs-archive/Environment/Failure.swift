import Archive
import Backup
import CanonicalJSON
import Capture
import Hiscores
import HiscoresClient
import ObjectStore
import Reporting
import Scribe
import Settings
import Terminal

/// The exit codes of the contract.
enum ExitStatus {
    static let differs: Int32 = 1
    static let failure: Int32 = 2
    static let partial: Int32 = 3
    static let noArchive: Int32 = 10
    static let locked: Int32 = 11
    static let corruption: Int32 = 12
    static let key: Int32 = 13
    static let notFound: Int32 = 20
    static let service: Int32 = 21
    static let usage: Int32 = 64
    static let interrupted: Int32 = 130
}

/// What went wrong, for a person and for a program. This is the one place that maps errors to exit codes.
struct Failure: Error {
    /// A word for programs, listed in docs/CLI.md.
    let code: String
    /// The process's exit code.
    let exit: Int32
    /// What happened, to what, and what to do next.
    let message: String
    /// The reference that was asked for.
    var ref: String?
    /// What could have been meant.
    var candidates: [String] = []

    init(code: String, exit: Int32, message: String, ref: String? = nil, candidates: [String] = []) {
        (self.code, self.exit, self.message) = (code, exit, message)
        (self.ref, self.candidates) = (ref, candidates)
    }

    /// A mistake in how the command was called.
    static func usage(_ message: String) -> Failure {
        Failure(code: "usage", exit: ExitStatus.usage, message: message)
    }

    /// A file that a person named could not be read or written; nothing of the archive's.
    init(ofFile error: StorageError) {
        let code =
            switch error.code {
            case .missing: "no_such_file"
            case .noSpace: "no_space"
            case .denied: "denied"
            case .exists: "exists"
            case .wrongKind, .damaged, .io: "io"
            }
        self.init(code: code, exit: ExitStatus.failure, message: "\(error)")
    }

    /// The failure that an error of any layer stands for; nil for errors of the argument parser.
    init?(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as ArchiveError:
            self.init(
                code: error.code.rawValue, exit: Self.exit(for: error.code), message: error.message, ref: error.ref,
                candidates: error.candidates)
        case let error as BackupError:
            self.init(code: error.code.rawValue, exit: Self.exit(for: error.code), message: error.message)
        case let error as SettingsError: self.init(code: "bad_setting", exit: ExitStatus.usage, message: "\(error)")
        case let error as PlayerNameError:
            self.init(code: "bad_player_name", exit: ExitStatus.usage, message: "\(error)")
        case let error as EndpointError: self.init(code: "bad_endpoint", exit: ExitStatus.usage, message: "\(error)")
        case let error as LocalFailure:
            self.init(code: "cannot_ask", exit: ExitStatus.failure, message: "\(error)")
        case let error as JSONError:
            self.init(code: "invalid_json", exit: ExitStatus.failure, message: "\(error)")
        case let error as ScribeError:
            self.init(
                code: error.code, exit: error.code == "usage" ? ExitStatus.usage : ExitStatus.failure,
                message: "\(error)")
        case let error as StandardStream.WriteError:
            guard case .failed(let cause) = error else { return nil }
            self.init(code: "io", exit: ExitStatus.failure, message: "cannot read or write a standard stream: \(cause)")
        default: return nil
        }
    }

    static func exit(for code: ArchiveError.Code) -> Int32 {
        switch code {
        case .noArchive, .folderNotEmpty: ExitStatus.noArchive
        case .locked: ExitStatus.locked
        case .corrupt, .missing: ExitStatus.corruption
        case .keyNeeded, .keyRefused, .wrongKey: ExitStatus.key
        case .refNotFound, .playerNotFound: ExitStatus.notFound
        case .ambiguousRef, .malformedRef, .renameMomentUnknown: ExitStatus.usage
        case .archiveExists, .unsupported, .lastSlot, .tagExists, .renameExists, .renameConflict, .noSpace, .denied,
            .io,
            .invalidRecord:
            ExitStatus.failure
        }
    }

    static func exit(for code: BackupError.Code) -> Int32 {
        switch code {
        case .noBackup: ExitStatus.noArchive
        case .keyNeeded, .wrongKey, .badKey: ExitStatus.key
        case .corrupt, .missing: ExitStatus.corruption
        case .noRecipient, .ambiguous: ExitStatus.usage
        case .unsupported, .exists, .noSpace, .denied, .io: ExitStatus.failure
        }
    }

    /// Says it on standard error, in one line or as one JSON object.
    func report(asJSON: Bool) {
        let text =
            asJSON
            ? String(
                decoding: ErrorShape.json(
                    code: code, exit: Int(exit), message: message, ref: ref, candidates: candidates
                ).compactBytes(), as: UTF8.self)
            : message.split(separator: "\n").enumerated().map { index, line in
                index == 0 ? NoticeText.error(String(line)) : Printable.text(String(line))
            }.joined(separator: "\n")
        try? StandardStream.error.write(Array((text + "\n").utf8))
    }
}
