import Archive
import ArgumentParser
import Reporting

struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Tell what the archive holds and weighs.",
        discussion: """
            The head commits to every record: note it elsewhere, and `verify --expect HEAD` proves later that nothing \
            before it was altered or taken away.
            """)

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let archive = try context.openArchive()
        let statistics = try archive.statistics()
        if context.output.isJSON {
            try context.output.json(StatsShape.json(statistics))
        } else {
            try context.output.text(StatsText.text(statistics))
        }
        try context.finish(archive)
    }
}
