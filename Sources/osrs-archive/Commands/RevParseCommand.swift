import Archive
import ArgumentParser
import CivilTime
import ObjectStore
import Reporting

struct RevParseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rev-parse", abstract: "Print the full id that a reference stands for.")

    @Flag(help: "Take a player's name as it is: do not follow renames.") var noFollow = false

    @Argument(help: "Which snapshot.") var ref: String

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let archive = try context.openArchive()
        let revision = try archive.resolve(ref, now: context.clock.now(), followingRenames: !noFollow)
        if context.output.isJSON {
            try context.output.json(RevParseShape.json(revision))
        } else {
            try context.output.text(revision.snapshot.hex)
        }
        try context.finish(archive)
    }
}
