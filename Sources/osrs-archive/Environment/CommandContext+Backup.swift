import Archive
import Backup
import CivilTime
import ObjectStore
import Reporting
import Settings
import Terminal

/// Keys, folders and notes of backups.
extension CommandContext {
    /// What the archive keeps of its own backups: the folder, and in it the key that signs and the notes.
    private static let folder = "backup"
    private static let signingKey = "signing.key"
    private static let notes = "chains.json"
    private static let notesLimit = 1 << 20

    /// The folder of a backup, which must be there.
    func backupFolder(_ path: String) throws -> FileStorage {
        do {
            let folder = try FileStorage(root: path)
            guard try folder.rootExists() else {
                throw Failure(
                    code: "no_backup", exit: ExitStatus.noArchive, message: "there is no folder \(folder.root)")
            }
            return folder
        } catch let error as StorageError {
            throw Failure(ofFile: error)
        }
    }

    /// What bundles are opened with, as options and settings say.
    func backupKeys(_ options: BackupKeyOptions) throws -> BackupKeys {
        var identities: [BackupIdentity] = []
        for path in options.identity {
            var bytes = try secretFile(path)
            defer { bytes.wipe() }
            try warnOfReaders(path)
            identities += try BackupIdentity.parse(file: bytes, from: path)
        }
        return BackupKeys(identities: identities, passphrase: try backupPassphrase())
    }

    /// The passphrase of backups; nil where none is set. The caller wipes it.
    func backupPassphrase() throws -> [UInt8]? {
        var passphrase: [UInt8]
        if let set = settings.backupPassword {
            passphrase = Array(set.text.utf8)
        } else if let path = settings.backupPasswordFile {
            passphrase = try secretFile(path.text)
            try warnOfReaders(path.text)
        } else if let command = settings.backupPasswordCommand {
            guard let output = ChildProgram.shellOutput(command.text, limit: KeySlot.passphraseLimit) else {
                throw Failure(
                    code: "key_needed", exit: ExitStatus.key,
                    message: "the command in OSRS_BACKUP_PASSWORD_COMMAND failed, so there is no passphrase")
            }
            passphrase = output
        } else {
            return nil
        }
        // A file's first line: editors end files with a line feed.
        if settings.backupPassword == nil, let end = passphrase.firstIndex(of: UInt8(ascii: "\n")) {
            passphrase.removeSubrange(end...)
            if passphrase.last == UInt8(ascii: "\r") { passphrase.removeLast() }
        }
        guard !passphrase.isEmpty else {
            throw Failure(code: "key_needed", exit: ExitStatus.key, message: "the passphrase of the backups is empty")
        }
        return passphrase
    }

    /// A word on a file with a secret that others may read. It is taken all the same: not every disk knows modes.
    private func warnOfReaders(_ path: String) throws {
        do {
            guard try SecretFile.isOpenToOthers(path) else { return }
        } catch { throw Failure(ofFile: error) }
        output.warn("\(path) holds a secret and is open to other users of this machine: chmod 600 closes it")
    }

    private func secretFile(_ path: String) throws -> [UInt8] {
        do {
            guard let bytes = try SecretFile.read(path) else {
                throw Failure(code: "no_such_file", exit: ExitStatus.failure, message: "there is no file \(path)")
            }
            return bytes
        } catch let error as StorageError {
            throw Failure(ofFile: error)
        }
    }

    /// The public keys that a `--recipient` names: the key itself, or those in a file.
    func recipients(_ texts: [String]) throws -> [BackupRecipient] {
        try texts.flatMap { text -> [BackupRecipient] in
            do {
                if BackupRecipient.isKey(text) { return [try BackupRecipient(text: text)] }
                return try BackupRecipient.parse(file: try secretFile(text), from: text)
            } catch let error as BackupError {
                throw Failure.usage(error.message)
            }
        }
    }

    /// Calls with the archive's signer, which is made where there is none, and the notes of its backups, under their
    /// lock. `save` makes new notes durable.
    func withBackupNotes<Answer>(
        of archive: FileStorage,
        _ body: (_ signer: BackupSigner, _ notes: ChainNotes, _ save: (ChainNotes) throws -> Void) throws -> Answer
    ) throws -> Answer {
        do {
            let file = try EditableFile("\(archive.root)/\(Self.folder)/\(Self.notes)")
            let editing = try waitForLock("another process makes a backup of this archive") { try file.tryLock() }
            let signer = try signer(of: archive)
            var notes = ChainNotes()
            if let bytes = try file.read(limit: Self.notesLimit) {
                if let read = ChainNotes(decoding: bytes) {
                    notes = read
                } else {
                    output.warn("\(file.path) is damaged: a new chain of bundles is begun")
                }
            }
            return try body(signer, notes) { try editing.replace(with: try $0.encoded()) }
        } catch let error as StorageError {
            throw ArchiveError(error)
        }
    }

    private func signer(of archive: FileStorage) throws -> BackupSigner {
        let path = "\(archive.root)/\(Self.folder)/\(Self.signingKey)"
        if var bytes = try SecretFile.read(path) {
            defer { bytes.wipe() }
            return try BackupSigner.parse(file: bytes, from: path)
        }
        let signer = try BackupSigner.generate()
        var bytes = signer.file()
        defer { bytes.wipe() }
        try SecretFile.create(path, bytes)
        return signer
    }
}

extension ReportedBundle {
    /// A listed bundle for reports.
    init(_ bundle: ListedBundle) {
        self.init(
            name: bundle.name.text, sequence: bundle.name.number, createdAt: bundle.createdAt, bytes: bundle.bytes,
            isFull: bundle.isFull, recipients: bundle.recipients.map { ($0.kind, $0.id) },
            parityPercent: bundle.parityPercent, isComplete: bundle.isComplete)
        guard let contents = bundle.contents else { return }
        (observations, snapshots) = (contents.observations, contents.snapshots)
        (from, to) = (contents.moments?.lowerBound, contents.moments?.upperBound)
    }
}
