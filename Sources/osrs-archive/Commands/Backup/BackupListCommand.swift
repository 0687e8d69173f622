import ArgumentParser
import Backup
import ObjectStore
import Reporting

struct BackupListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the bundles of a backup, oldest first.",
        discussion: "What lies inside is sealed and shown only with a key.")

    @OptionGroup var source: BackupSource

    @OptionGroup var keys: BackupKeyOptions

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let folder = try context.backupFolder(source.from)
        let (bundles, unreadable) = try BackupListing.read(folder, try context.backupKeys(keys))
        let reported = bundles.map { ReportedBundle($0) }
        if context.output.isJSON {
            for bundle in reported { try context.output.json(BackupShape.json(bundle)) }
        } else if !reported.isEmpty {
            try context.output.text(BackupText.table(reported, style: context.output.style))
        }
        try context.output.finish()
        for text in unreadable { context.output.warn(text) }
        guard unreadable.isEmpty else { throw ExitCode(ExitStatus.corruption) }
        if reported.isEmpty { context.output.note("there is no bundle in \(folder.root)") }
    }
}
