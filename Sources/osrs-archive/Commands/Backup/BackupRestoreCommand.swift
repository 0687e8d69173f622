import Archive
import ArgumentParser
import Backup
import CivilTime
import Hiscores
import ObjectStore
import Reporting

struct BackupRestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Give back what a backup holds.",
        discussion: """
            Into an empty folder it gives back the archive with its id, its records under their numbers, and its head. Into \
            an archive it is a merge: what is there stays as it is. The backup of an encrypted archive becomes an encrypted \
            one under a new master key (--encrypt, opened as with `init`), or a plain one where --plain says so. With --player only that player's history is merged, into \
            a new archive where there is none. What was forgotten is not restored. Run it again where it was interrupted. \
            Whoever can write to the backup can put one of his own there: --signer refuses it.
            """)

    @Option(help: ArgumentHelp("The folder to restore to.", valueName: "dir"), completion: .directory) var to: String

    @Option(help: ArgumentHelp("Only this player's history.", valueName: "player")) var player: String?

    @Flag(help: "Encrypt the new archive.") var encrypt = false

    @Flag(help: "Make a plain archive of the backup of an encrypted one.") var plain = false

    @OptionGroup var secret: NewSecretOptions

    @OptionGroup var selection: BackupSelection

    @OptionGroup var source: BackupSource

    @OptionGroup var keys: BackupKeyOptions

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        context.output.outlivesItsReader = true
        let name = try player.map { text throws(Failure) in
            guard let name = PlayerName(normalising: text) else { throw .usage("`\(text)` is no player's name") }
            return name
        }
        let folder = try context.backupFolder(source.from)
        let restoration = try BackupRestoration(
            from: folder, try context.backupKeys(keys), try context.restoreOptions(selection))
        let target: FileStorage
        do { target = try FileStorage(root: to) } catch { throw Failure(ofFile: error) }
        let isNew = try ArchiveRestoration.isUnfinished(in: target) || !Archive.exists(in: target)
        if isNew, !encrypt, !plain, try restoration.isOfEncryptedArchive() {
            throw Failure.usage(
                "the backup is of an encrypted archive: say --encrypt, with a key for the new one, or --plain")
        }
        if isNew, !encrypt, !plain { try context.refuseKeyForPlainArchive(target) }
        if !isNew, encrypt || plain { try refuseOtherKind(in: target) }
        if name == nil, isNew {
            let keys = encrypt ? try context.keys(ofNewCopy: restoration.archive, in: target, secret) : nil
            do { try target.createRoot() } catch { throw Failure(ofFile: error) }
            let (archive, summary) = try restoration.rebuild(
                in: keys.map { UnlockedStorage(target, $0.sealing) } ?? target, slots: keys.map { [$0.slot] } ?? [],
                at: context.clock.now(), lockTimeout: context.lockTimeout
            ) { done, total in context.output.progress("restored bundles", done: done, total: total) }
            try report(summary, target, nil, context)
            try context.finish(archive)
        } else if name == nil, let (archive, summary) = try finish(restoration, target, context) {
            try report(summary, target, nil, context)
            try context.finish(archive)
        } else {
            try merge(restoration, name, target, context)
        }
    }

    /// What the same restore has done already that was killed at its very end; nil where the archive is another one.
    private func finish(
        _ restoration: BackupRestoration, _ target: FileStorage, _ context: CommandContext
    ) throws -> (archive: Archive, summary: BackupRestoration.Summary)? {
        guard try ArchiveRestoration.isAlmostFinished(in: target, of: restoration.archive) else { return nil }
        let storage: any Storage =
            try encrypt
            ? UnlockedStorage(target, context.keys(ofNewCopy: restoration.archive, in: target, secret).sealing)
            : context.unlocked(target)
        return try restoration.finish(in: storage, lockTimeout: context.lockTimeout)
    }

    func validate() throws {
        if encrypt, plain { throw ValidationError("--encrypt or --plain, not both") }
        if secret.isGiven, !encrypt { throw ValidationError("--key-file and --new-password-file go with --encrypt") }
    }

    /// Nothing that shall be encrypted is merged into a plain archive, nor the other way round.
    private func refuseOtherKind(in target: FileStorage) throws {
        let isEncrypted = try Archive.readLockedConfiguration(target).isEncrypted
        guard isEncrypted != encrypt else { return }
        throw Failure.usage(
            "\(target.root) is \(isEncrypted ? "an encrypted" : "a plain") archive already: without "
                + "\(encrypt ? "--encrypt" : "--plain") the backup is merged into it")
    }

    private func merge(
        _ restoration: BackupRestoration, _ player: PlayerName?, _ target: FileStorage, _ context: CommandContext
    ) throws {
        var archive = try Archive.exists(in: target) ? Archive.open(try context.unlocked(target)) : nil
        let keys = try archive == nil && encrypt ? context.newKeys(secret) : nil
        let scratch = try Self.scratch(beside: target)
        let scratchKeys = try NewArchiveKeys.thrownAway(of: restoration.archive)
        let (imported, summary) = try restoration.merge(
            into: { () throws(ArchiveError) in
                if let archive { return archive }
                let made = try context.newArchive(in: target, keys)
                archive = made
                return made
            }, only: player, by: UnlockedStorage(scratch.storage, scratchKeys.sealing),
            slots: [scratchKeys.slot], at: context.clock.now(), lockTimeout: context.lockTimeout
        ) { event in
            switch event {
            case .rejected(let rejection): context.output.warn("not restored: \(rejection)")
            case .noted(let note): context.output.warn("\(note)")
            case .committed(let summary): context.output.progress("merged", done: summary.read)
            case .tidying: break
            }
        }
        if let player, imported.read == 0 {
            throw ArchiveError(.playerNotFound, "the backup has nothing of \(player)", ref: player.key)
        }
        try report(summary, target, imported, context)
        if let archive { try context.finish(archive) } else { try context.output.finish() }
        if imported.rejected > 0 { throw ExitCode(ExitStatus.partial) }
    }

    /// A folder beside the archive: what is merged needs about as much space, and shall not lie on another disk.
    private static func scratch(beside target: FileStorage) throws -> ScratchFolder {
        var folder = StoragePath.parent(of: target.root)
        do {
            while !folder.isEmpty, try !FileStorage(root: folder).rootExists() {
                folder = StoragePath.parent(of: folder)
            }
        } catch { throw Failure(ofFile: error) }
        return try ScratchFolder(
            in: folder.isEmpty ? "/" : folder, named: "\(StoragePath.name(of: target.root)).restoring-")
    }

    private func report(
        _ summary: BackupRestoration.Summary, _ target: FileStorage, _ imported: ImportSummary?,
        _ context: CommandContext
    ) throws {
        let (archive, head) = (summary.archive.description, summary.end.head.digest.hex)
        if context.output.isJSON {
            try context.output.json(
                BackupShape.restored(
                    path: target.root, archive: archive, bundle: summary.bundle.text, bundles: summary.bundles,
                    records: summary.end.recordCount, head: head, added: imported?.added, already: imported?.already))
        } else {
            try context.output.text(
                BackupText.restored(
                    path: target.root, archive: archive, bundles: summary.bundles, records: summary.end.recordCount,
                    head: head, added: imported?.added, already: imported?.already))
        }
        for text in summary.unreadable { context.output.warn("not looked at: \(text)") }
        for writer in summary.otherWriters where selection.writer == nil {
            context.output.warn(
                "another chain of this archive is in the backup: run the same with --writer \(writer) to merge it, too")
        }
    }
}

extension CommandContext {
    /// Which bundles the options mean.
    func restoreOptions(_ selection: BackupSelection) throws -> BackupRestoration.Options {
        var options = BackupRestoration.Options()
        options.moment = try selection.at.map { try time($0).end }
        options.writer = selection.writer
        options.signers = try selection.signers.keys()
        return options
    }
}
