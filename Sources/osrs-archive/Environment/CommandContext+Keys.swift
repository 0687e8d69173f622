import Archive
import CivilTime
import ObjectStore
import Settings
import Terminal

/// Keys of encrypted archives.
extension CommandContext {
    private var passphraseSource: PassphraseSource {
        PassphraseSource(
            text: settings.password, file: settings.passwordFile, command: settings.passwordCommand,
            fileOrigin: settings.origin(of: .passwordFile), purpose: "the archive",
            commandVariable: "OSRS_ARCHIVE_PASSWORD_COMMAND")
    }

    /// Whether the settings name a key.
    private var hasKey: Bool { settings.keyFile != nil || passphraseSource.isSet }

    /// A storage with the key of the archive in it; the storage itself where the archive is plain, or cannot be told:
    /// whoever opens it finds out why. Throws `key_needed`, `wrong_key`, and `plain_archive` where a key was given for one.
    func unlocked(_ storage: FileStorage) throws -> any Storage {
        guard let configuration = try? Archive.readLockedConfiguration(storage) else { return storage }
        guard configuration.isEncrypted else {
            try refuseKeyForPlainArchive(storage)
            return storage
        }
        let opened = try openSlot(of: configuration, storage)
        return UnlockedStorage(storage, try opened.sealing(of: configuration.archive))
    }

    /// Whether the archive in a storage is encrypted, and no key is set for it.
    func isLocked(_ storage: FileStorage) -> Bool {
        !hasKey && (try? Archive.readLockedConfiguration(storage))?.isEncrypted == true
    }

    /// The slot of an archive that the settings, or the person, have the secret of.
    func openSlot(of configuration: ArchiveConfiguration, _ storage: FileStorage) throws -> OpenedSlot {
        guard let secret = try archiveSecret("Passphrase or recovery code of \(storage.root): ") else {
            throw ArchiveError.keyNeeded(for: storage.root)
        }
        return try configuration.open(secret)
    }

    /// Nothing that is meant to be encrypted is opened or made as plain.
    func refuseKeyForPlainArchive(_ storage: FileStorage) throws {
        guard hasKey else { return }
        throw ArchiveError(
            .keyRefused,
            "a key is given (OSRS_ARCHIVE_PASSWORD… or OSRS_ARCHIVE_KEY_FILE), but the archive in \(storage.root) is "
                + "plain, or would be; unset it, or make an encrypted archive: osrs-archive init --encrypt")
    }

    /// The secret that the settings name, or a person types; nil where there is neither.
    private func archiveSecret(_ prompt: String) throws -> ArchiveSecret? {
        if let path = settings.keyFile { return try keyFile(path, named: settings.origin(of: .keyFile).place) }
        var typed = try passphrase(passphraseSource)
        if typed == nil { typed = PassphrasePrompt.ask(prompt) }
        guard var words = typed else { return nil }
        defer { words.wipe() }
        if let slip = RecoveryCode.slip(in: words) {
            output.warn("that looks like a recovery code in which \(slip); it is tried as a passphrase")
        }
        return ArchiveSecret(words: words)
    }

    /// The key in a file, which `origin` names.
    private func keyFile(_ path: String, named origin: String) throws -> ArchiveSecret {
        var bytes = try secretFile(path, named: origin)
        defer { bytes.wipe() }
        do { return try ArchiveSecret(keyFile: bytes) } catch {
            throw Failure(
                code: "bad_key", exit: ExitStatus.key, message: "\(path) is no key file, or damaged: its \(error)")
        }
    }

    // MARK: New secrets

    /// A new archive's id and keys, with one slot for the secret that options, settings or a person give.
    func newKeys(_ options: NewSecretOptions, of archive: ArchiveID? = nil) throws -> NewArchiveKeys {
        let id = try archive ?? RandomIdentifier.archive()
        let secret = try newSecret(options, orSettings: true)
        return try NewArchiveKeys(of: id, secret.secret, kind: secret.kind)
    }

    /// The keys of a copy of an archive: those that an unfinished one in the folder was begun with, or new ones. Throws
    /// where that one is another archive's, or was begun under another key or none.
    func keys(
        ofNewCopy archive: ArchiveID, in folder: FileStorage, _ options: NewSecretOptions
    ) throws -> NewArchiveKeys {
        try ArchiveRestoration.refuseOther(in: folder, than: archive, isEncrypted: true)
        guard let unfinished = try ArchiveRestoration.unfinishedConfiguration(in: folder) else {
            return try newKeys(options, of: archive)
        }
        let secret = try newSecret(options, orSettings: true, makesFile: false).secret
        do throws(ArchiveError) { return try NewArchiveKeys(of: unfinished, secret) } catch {
            throw error.code == .wrongKey ? ArchiveRestoration.begunUnderAnotherKey(in: folder) : error
        }
    }

    /// A secret for a new key slot: the key file or the passphrase that the options name, else with `orSettings` that of the
    /// settings, by which the archive will be opened as well, else what a person types twice. With `makesFile` a key file
    /// is made where there is none.
    func newSecret(
        _ options: NewSecretOptions, orSettings: Bool = false, makesFile: Bool = true
    ) throws -> NewSecret {
        let settingsFile = orSettings && !options.isGiven ? settings.keyFile : nil
        if let path = options.keyFile ?? settingsFile {
            if makesFile { try makeKeyFile(path) }
            let origin = options.keyFile == nil ? settings.origin(of: .keyFile).place : "--key-file"
            return NewSecret(keyFile: try keyFile(path, named: origin))
        }
        return try newPassphrase(options.passphrase, orElse: orSettings ? passphraseSource : nil)
    }

    /// A passphrase for a new key slot: that in the file that the options name, else that of a source, else what a person
    /// types twice.
    func newPassphrase(_ options: NewPassphraseOptions, orElse source: PassphraseSource? = nil) throws -> NewSecret {
        if let path = options.newPasswordFile {
            var line = try firstLine(ofSecretFile: path, named: "--new-password-file")
            defer { line.wipe() }
            guard !line.isEmpty else {
                throw Failure(code: "key_needed", exit: ExitStatus.key, message: "the passphrase in \(path) is empty")
            }
            return NewSecret(words: line)
        }
        if let source, var passphrase = try passphrase(source) {
            defer { passphrase.wipe() }
            return NewSecret(words: passphrase)
        }
        guard var typed = PassphrasePrompt.ask("New passphrase: "), !typed.isEmpty,
            var again = PassphrasePrompt.ask("The same again: ")
        else {
            throw Failure(
                code: "key_needed", exit: ExitStatus.key,
                message: "no new key is given: name one with --key-file or --new-password-file")
        }
        defer {
            typed.wipe()
            again.wipe()
        }
        guard typed == again else {
            throw Failure(code: "key_needed", exit: ExitStatus.key, message: "the two passphrases are not the same")
        }
        return NewSecret(words: typed)
    }

    /// Makes a key file where there is none.
    private func makeKeyFile(_ path: String) throws {
        guard
            var bytes = try ArchiveSecret.random().keyFile(
                comment: "Key file of an osrs-archive, made on \(clock.now().dateText)")
        else { return }
        defer { bytes.wipe() }
        do throws(StorageError) {
            try SecretFile.create(path, bytes)
            output.note("made the key file \(path); without it, or another key slot, nobody opens the archive")
        } catch {
            guard error.code == .exists else { throw Failure(ofFile: error) }
        }
    }
}
