import Archive
import ArgumentParser
import ObjectStore
import Reporting

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a new archive.",
        discussion: """
            The folder is empty or not there yet; a README and an ignore file in it do not count.

            With --encrypt everything in it is encrypted from the first byte. It is opened with a key file, the one in \
            OSRS_ARCHIVE_KEY_FILE where none is named, or with the passphrase in OSRS_ARCHIVE_PASSWORD_FILE, OSRS_ARCHIVE_PASSWORD_COMMAND or OSRS_ARCHIVE_PASSWORD, or typed at \
            the terminal. Make a recovery code next (`key recovery`) and keep it on paper: nobody can help who has lost \
            all of them.
            """)

    @Flag(help: "Encrypt the archive.") var encrypt = false

    @OptionGroup var secret: NewSecretOptions

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func validate() throws {
        if secret.isGiven, !encrypt { throw ValidationError("--key-file and --new-password-file go with --encrypt") }
    }

    func run() throws {
        let context = try CommandContext(global)
        let storage = try context.storage()
        if try Archive.exists(in: storage) {
            throw ArchiveError(.archiveExists, "\(storage.root) is an archive already")
        }
        if !encrypt { try context.refuseKeyForPlainArchive(storage) }
        let keys = encrypt ? try context.newKeys(secret) : nil
        let archive = try context.createArchive(in: storage, mayJoin: false, keys: keys)
        if encrypt {
            context.output.note("it is encrypted; make a recovery code for it next: osrs-archive key recovery")
        }
        if context.output.isJSON {
            try context.output.json(InitShape.json(archive.configuration, path: storage.root))
        }
        try context.output.flush()
    }
}
