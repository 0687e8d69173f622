import ArgumentParser
import Backup
import CivilTime
import ObjectStore
import Reporting

struct BackupKeygenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make a key pair: the secret key goes to a new file, the public one is printed.",
        discussion: """
            Whoever has the file can read the backups that are for it; without it, and without a passphrase, nobody can. \
            Keep it off the machine that makes backups, and a copy of it somewhere else.
            """)

    @Argument(help: "The file to make, readable by its owner only.", completion: .file()) var file: String

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let identity = try BackupIdentity.generate()
        var bytes = identity.file(comment: "made on \(context.clock.now().dateText)")
        defer { bytes.wipe() }
        do { try SecretFile.create(file, bytes) } catch { throw Failure(ofFile: error) }
        if context.output.isJSON {
            try context.output.json(
                BackupShape.key(file: file, publicKey: identity.recipient.text, id: identity.recipient.id))
        } else {
            try context.output.text(identity.recipient.text)
        }
        try context.output.finish()
    }
}
