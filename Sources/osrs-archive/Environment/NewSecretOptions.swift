import Archive
import ArgumentParser
import ObjectStore

/// What a new key slot shall be opened with.
struct NewSecretOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A key file for it; made where there is none.", valueName: "file"),
        completion: .file())
    var keyFile: String?

    @Option(
        help: ArgumentHelp("A file whose first line is the new passphrase.", valueName: "file"),
        completion: .file())
    var newPasswordFile: String?

    func validate() throws {
        if keyFile != nil, newPasswordFile != nil {
            throw ValidationError("--key-file or --new-password-file: a slot is opened by one of them")
        }
    }

    /// Whether any is named.
    var isGiven: Bool { keyFile != nil || newPasswordFile != nil }
}

/// A secret for a new key slot.
struct NewSecret {
    let secret: ArchiveSecret
    let kind: KeySlot.Kind
}
