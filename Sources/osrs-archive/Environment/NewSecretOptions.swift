import Archive
import ArgumentParser
import ObjectStore

/// What a new key slot shall be opened with.
struct NewSecretOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A key file for it; made where there is none.", valueName: "file"),
        completion: .file())
    var keyFile: String?

    @OptionGroup var passphrase: NewPassphraseOptions

    func validate() throws {
        if keyFile != nil, passphrase.newPasswordFile != nil {
            throw ValidationError("--key-file or --new-password-file: a slot is opened by one of them")
        }
    }

    /// Whether any is named.
    var isGiven: Bool { keyFile != nil || passphrase.newPasswordFile != nil }
}

/// Where a new passphrase is.
struct NewPassphraseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A file whose first line is the new passphrase.", valueName: "file"),
        completion: .file())
    var newPasswordFile: String?
}

/// A secret for a new key slot.
struct NewSecret {
    let secret: ArchiveSecret
    let kind: KeySlot.Kind

    /// A key file's key.
    init(keyFile secret: ArchiveSecret) { (self.secret, kind) = (secret, .keyFile) }

    /// What will be given where a passphrase is asked for. A recovery code makes a slot of its kind: taken for a passphrase it
    /// would open nothing. The caller wipes its own copy.
    init(words: [UInt8]) {
        secret = ArchiveSecret(words: words)
        kind = secret.isPassphrase ? .passphrase : .recovery
    }
}
