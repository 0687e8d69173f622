import Archive
import ArgumentParser
import CivilTime

struct CatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cat", abstract: "Write a snapshot's canonical bytes.",
        discussion: "No line feed is added, so `osrs-archive cat REF | sha256sum` gives the snapshot's id.")

    @Flag(help: "Take a player's name as it is: do not follow renames.") var noFollow = false

    @Argument(help: "Which snapshot.") var ref: String

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let archive = try context.openArchive()
        let revision = try archive.resolve(ref, now: context.clock.now(), followingRenames: !noFollow)
        try context.output.write(try archive.document(of: revision))
        try context.finish(archive)
    }
}
