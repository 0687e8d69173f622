import ArgumentParser
import Backup

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Encrypted copies on disks and machines that need not be trusted.",
        subcommands: [
            BackupCreateCommand.self, BackupListCommand.self, BackupVerifyCommand.self, BackupRestoreCommand.self,
            BackupRepairCommand.self, BackupDrillCommand.self, BackupKeygenCommand.self,
        ])
}

/// The folder that holds a backup.
struct BackupSource: ParsableArguments {
    @Option(help: ArgumentHelp("The folder that holds the bundles.", valueName: "dir"), completion: .directory)
    var from: String
}

/// What opens a backup.
struct BackupKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with a secret key; may be given several times. A passphrase comes from OSRS_BACKUP_PASSWORD, "
                + "OSRS_BACKUP_PASSWORD_FILE or OSRS_BACKUP_PASSWORD_COMMAND.", valueName: "file"),
        completion: .file()) var identity: [String] = []
}

/// Which bundles are restored.
struct BackupSelection: ParsableArguments {
    @Option(help: ArgumentHelp("As it was then: up to the last bundle made by that time.", valueName: "time"))
    var at: String?

    @Option(
        help: ArgumentHelp(
            "The chain of bundles, by its writer, the first 16 digits of their names; that of the newest otherwise.",
            valueName: "writer")) var writer: String?

    @OptionGroup var signers: BackupSigners
}

/// Who may have signed bundles.
struct BackupSigners: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The signer that `backup create` printed: nobody else may have signed. May be given several times.",
            valueName: "key")) var signer: [String] = []

    /// Their keys; none where nobody is named.
    func keys() throws(Failure) -> Set<BackupSignerKey> {
        do { return Set(try signer.map { text throws(BackupError) in try BackupSignerKey(text: text) }) } catch {
            throw .usage(error.message)
        }
    }
}
