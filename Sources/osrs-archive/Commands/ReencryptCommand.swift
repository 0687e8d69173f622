import Archive
import ArgumentParser
import ObjectStore
import Reporting

struct ReencryptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reencrypt", abstract: "Write the archive anew into another folder, under a new key or none.",
        discussion: """
            A plain archive becomes an encrypted one, an encrypted one gets a new master key; with --plain it becomes plain. \
            Records, ids and the head stay the same. The old folder is left as it is: whoever has it, or a copy, can go on \
            reading it, so remove it once the new one is verified. Killed, it goes on where it stopped when it is run \
            again with the same key. What `verify --repair` set aside is not copied, nor the notes of backups: the next \
            `backup create` begins a new chain.
            """)

    @Option(
        help: ArgumentHelp("The new archive's folder: empty, or not there yet.", valueName: "dir"),
        completion: .directory)
    var to: String

    @Flag(help: "Write it plain: everybody who gets the folder can read it.") var plain = false

    @OptionGroup var secret: NewSecretOptions

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func validate() throws {
        if plain, secret.isGiven { throw ValidationError("--plain takes no key") }
    }

    func run() throws {
        let context = try CommandContext(global)
        let archive = try context.openArchive()
        let old = try context.storage()
        let folder: FileStorage
        do {
            folder = try FileStorage(root: to)
            // The archive's own folder is refused below, as what it is: an archive already.
            guard try !old.contains(folder) || folder.contains(old) else {
                throw Failure.usage(
                    "\(folder.root) lies in the archive's own folder, which is to be removed afterwards")
            }
        } catch let error as StorageError { throw Failure(ofFile: error) }
        let id = archive.configuration.archive
        if try Archive.exists(in: folder), try !ArchiveRestoration.isAlmostFinished(in: folder, of: id) {
            throw ArchiveError(.archiveExists, "\(folder.root) is an archive already; name another folder with --to")
        }
        let keys = plain ? nil : try context.keys(ofNewCopy: id, in: folder, secret)
        do { try folder.createRoot() } catch { throw Failure(ofFile: error) }
        let copy = try archive.copy(
            to: keys.map { UnlockedStorage(folder, $0.sealing) } ?? folder, slots: keys.map { [$0.slot] } ?? [],
            lockTimeout: context.lockTimeout
        ) { done, total in context.output.progress("copied records", done: done, total: total) }
        guard copy.head == archive.head || copy.recordCount > archive.recordCount else {
            throw ArchiveError(
                .io, "\(folder.root) did not become what the archive is; check this disk, and run it again")
        }
        try report(copy, folder, context)
    }

    private func report(_ copy: Archive, _ folder: FileStorage, _ context: CommandContext) throws {
        if context.output.isJSON {
            try context.output.json(
                ReencryptShape.json(
                    copy.configuration, path: folder.root, records: copy.recordCount, head: copy.head))
        } else {
            let kind = copy.configuration.isEncrypted ? "encrypted" : "plain"
            try context.output.text(
                "\(kind) archive in \(folder.root): \(copy.recordCount) records, head \(copy.head?.digest.hex ?? "unknown")"
            )
            context.output.note("check it with: osrs-archive verify --archive \(folder.root)")
        }
        try context.output.finish()
    }
}
