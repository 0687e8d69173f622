import Archive
import ArgumentParser
import Backup
import CivilTime
import ObjectStore
import Reporting

struct BackupCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Write what a folder lacks of the archive as one encrypted bundle.",
        discussion: """
            A bundle is a new file; none that is there is ever read or changed, so a machine that has only public keys can \
            add backups and read none. The first one in a folder holds everything, later ones what came since; \
            everything again where it is for a key or passphrase that does not open the bundles before. Each is \
            signed with a key of the archive's own (backup/signing.key in its folder) and names the one before. Note the \
            head and the signer that it prints elsewhere: `backup verify` takes them.

            Beside the bundle comes parity of the program par2, with which `backup repair` mends damage; where par2 is not \
            installed there is none, and a warning. Earlier bundles of the same chain that have none get it then, too.
            """)

    @Option(
        help: ArgumentHelp("The folder to write to; made where it is missing.", valueName: "dir"),
        completion: .directory)
    var to: String

    @Option(
        help: ArgumentHelp(
            "For whom: a public key of `backup keygen`, or a file of them; may be given several times.",
            valueName: "key|file")) var recipient: [String] = []

    @Flag(
        help: ArgumentHelp(
            "For whoever has the passphrase in OSRS_BACKUP_PASSWORD, OSRS_BACKUP_PASSWORD_FILE or "
                + "OSRS_BACKUP_PASSWORD_COMMAND.")) var passphrase = false

    @Flag(help: "Write everything once more, so that earlier bundles are not needed.") var full = false

    @Option(help: ArgumentHelp("Per cent of parity, 6 unless said; 0 for none.", valueName: "per-cent"))
    var parity: Int?

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    private static let standardParity = 6

    func validate() throws {
        if let parity, !(0...100).contains(parity) { throw ValidationError("--parity is 0 to 100 per cent") }
    }

    func run() throws {
        let context = try CommandContext(global)
        context.output.outlivesItsReader = true
        var options = BackupCreation.Options()
        options.recipients = try context.recipients(recipient)
        options.isFull = full
        options.parityPercent = try parityPercent(context)
        if passphrase {
            guard let words = try context.backupPassphrase() else {
                throw Failure(
                    code: "key_needed", exit: ExitStatus.key,
                    message: "--passphrase takes it from OSRS_BACKUP_PASSWORD, OSRS_BACKUP_PASSWORD_FILE or "
                        + "OSRS_BACKUP_PASSWORD_COMMAND; none of them is set")
            }
            options.passphrase = words
        }
        defer { options.passphrase?.wipe() }
        let archive = try context.openArchive()
        let place = try context.storage()
        let folder: FileStorage
        do {
            folder = try FileStorage(root: to)
            guard try !place.contains(folder) else {
                throw Failure.usage(
                    "\(folder.root) is the archive's own: a backup needs a folder apart from it, best on another disk")
            }
            try folder.createRoot()
        } catch let error as StorageError { throw Failure(ofFile: error) }
        // The parity belongs under the lock, too: the next run would write that of this bundle, at the same time.
        let (summary, signer, isProtected) = try context.withBackupNotes(
            of: place, archive.storage.sealing
        ) { signer, notes, save in
            try ReaderFiles.write(to: folder, for: signer.publicKey)
            // Where the lock holds: runs for other archives shall not take it for one that was left.
            let scratch = try ScratchFolder(in: "\(place.root)/backup", named: "increment-")
            let scratchKeys = try NewArchiveKeys.thrownAway(of: archive.configuration.archive)
            let creation = BackupCreation(
                of: archive, to: folder, signer: signer, options,
                scratch: UnlockedStorage(scratch.storage, scratchKeys.sealing))
            let summary = try creation.run(notes, at: context.clock.now(), save: save)
            if let note = summary.note { context.output.warn(note) }
            return (summary, signer.publicKey.text, try protect(summary.bundle.writer, in: folder, context))
        }
        try report(summary, signer, folder, context)
        try context.finish(archive)
        guard isProtected else { throw ExitCode(ExitStatus.partial) }
    }

    /// The per cent of parity: where nobody asked for any and it cannot be made, a backup without is better than none.
    private func parityPercent(_ context: CommandContext) throws -> Int {
        if parity == 0 || ParityProgram.isInstalled { return parity ?? Self.standardParity }
        guard parity == nil else {
            throw Failure(
                code: "no_parity_program", exit: ExitStatus.failure,
                message: "\(ParityProgram.advice), and --parity needs it; nothing was written")
        }
        context.output.warn("\(ParityProgram.advice): the backup has no parity, so damage to it cannot be repaired")
        return 0
    }

    /// Writes the parity of each bundle of a writer that has none: the new one's, what a killed run left out, and that of
    /// bundles that were made without.
    private func protect(_ writer: String, in folder: FileStorage, _ context: CommandContext) throws -> Bool {
        guard ParityProgram.isInstalled, parity != 0 else { return true }
        var isProtected = true
        for bundle in try BackupListing.unprotected(of: writer, in: folder) {
            context.output.progress("writing parity of bundle", done: bundle.name.number)
            guard try BundleCheck.isSound(bundle.name, in: folder) else {
                context.output.warn(
                    "\(bundle.name.text) is damaged and has no parity, and gets none now: see `osrs-archive backup verify`"
                )
                isProtected = false
                continue
            }
            let intended = bundle.intendedParityPercent
            do throws(StorageError) {
                let isWritten = try ParityProgram.create(
                    for: bundle.name, bytes: bundle.bytes,
                    percent: intended > 0 ? intended : parity ?? Self.standardParity,
                    in: folder)
                if isWritten { continue }
                context.output.warn(
                    "par2 could not write the parity of \(bundle.name.text); the bundle itself is whole")
            } catch {
                context.output.warn(
                    "the parity of \(bundle.name.text) is missing: \(error); the bundle itself is whole")
            }
            isProtected = false
        }
        return isProtected
    }

    private func report(
        _ summary: BackupCreation.Summary, _ signer: String, _ folder: FileStorage, _ context: CommandContext
    ) throws {
        var bundle = ReportedBundle(try BackupListing.complete(summary.bundle, in: folder))
        if summary.isNew {
            (bundle.observations, bundle.snapshots) = (summary.observations, summary.snapshots)
            (bundle.from, bundle.to) = (summary.moments?.lowerBound, summary.moments?.upperBound)
        }
        let head = summary.bundle.digest.hex
        if context.output.isJSON {
            try context.output.json(
                BackupShape.created(bundle, isNew: summary.isNew, head: head, signer: signer))
        } else {
            try context.output.text(BackupText.created(bundle, isNew: summary.isNew, head: head, signer: signer))
        }
    }
}
