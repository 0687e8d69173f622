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
    /// What sealed notes are sealed as.
    private static let notesPlace = SealingContext.Place.fields([Array(notes.utf8)])

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
            var bytes = try secretFile(path, named: "--identity")
            defer { bytes.wipe() }
            identities += try BackupIdentity.parse(file: bytes, from: path)
        }
        return BackupKeys(identities: identities, passphrase: try backupPassphrase())
    }

    /// The passphrase of backups; nil where none is set. The caller wipes it.
    func backupPassphrase() throws -> [UInt8]? {
        try passphrase(
            PassphraseSource(
                text: settings.backupPassword, file: settings.backupPasswordFile,
                command: settings.backupPasswordCommand, fileOrigin: settings.origin(of: .backupPasswordFile),
                purpose: "the backups", commandVariable: "OSRS_BACKUP_PASSWORD_COMMAND"))
    }

    /// The public keys that a `--recipient` names: the key itself, or those in a file.
    func recipients(_ texts: [String]) throws -> [BackupRecipient] {
        try texts.flatMap { text -> [BackupRecipient] in
            do {
                if BackupRecipient.isKey(text) { return [try BackupRecipient(text: text)] }
                return try BackupRecipient.parse(file: try smallFile(text), from: text)
            } catch let error as BackupError {
                throw Failure.usage(error.message)
            }
        }
    }

    /// Calls with the archive's signer, which is made where there is none, and the notes of its backups, under their
    /// lock. `save` makes new notes durable. Those of an encrypted archive are sealed, and its signer follows from its key.
    func withBackupNotes<Answer>(
        of archive: FileStorage, _ sealing: ArchiveSealing?,
        _ body: (_ signer: BackupSigner, _ notes: ChainNotes, _ save: (ChainNotes) throws -> Void) throws -> Answer
    ) throws -> Answer {
        do {
            let file = try EditableFile("\(archive.root)/\(Self.folder)/\(Self.notes)")
            let editing = try waitForLock("another process makes a backup of this archive") { try file.tryLock() }
            let signer = try sealing.map { try BackupSigner(of: $0) } ?? signer(of: archive)
            var notes = ChainNotes()
            if let bytes = try file.read(limit: Self.notesLimit) {
                if let plain = plainNotes(bytes, sealing), let read = ChainNotes(decoding: plain) {
                    notes = read
                } else {
                    output.warn("\(file.path) is damaged: a new chain of bundles is begun")
                }
            }
            return try body(signer, notes) { notes in
                let bytes = try notes.encoded()
                try editing.replace(with: try sealing?.seal(bytes, as: .config, place: Self.notesPlace) ?? bytes)
            }
        } catch let error as StorageError {
            throw ArchiveError(error)
        }
    }

    /// What a file of notes holds; nil where it does not open.
    private func plainNotes(_ bytes: [UInt8], _ sealing: ArchiveSealing?) -> [UInt8]? {
        guard let sealing else { return bytes }
        return try? sealing.open(bytes, as: .config, place: Self.notesPlace)
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
