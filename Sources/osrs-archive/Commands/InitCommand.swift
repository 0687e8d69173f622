import Archive
import ArgumentParser
import ObjectStore
import Reporting

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a new archive.",
        discussion: "The folder is empty or not there yet; a README and an ignore file in it do not count.")

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let storage = try context.storage()
        if try Archive.exists(in: storage) {
            throw ArchiveError(.archiveExists, "\(storage.root) is an archive already")
        }
        let archive = try context.createArchive(in: storage, mayJoin: false)
        if context.output.isJSON {
            try context.output.json(InitShape.json(archive.configuration, path: storage.root))
        }
        try context.output.flush()
    }
}
