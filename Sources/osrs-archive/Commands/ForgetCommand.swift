import Archive
import ArgumentParser
import CivilTime
import Hiscores
import Reporting

struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Remove a player's history for good.",
        discussion: """
            The only command that deletes. Without --yes it only says what would go. A tombstone stays: whose history \
            went, when, how much and why; `verify` goes on proving all that is left. Backups and copies of the archive \
            that were made before still hold what was forgotten. A name is taken as it is: what was captured under other \
            names of the account stays, and renames that name it go. What crashes left in the folder torn goes, too, \
            whosever it is.
            """)

    @Option(help: "Only this board.") var board: Board?

    @Option(help: ArgumentHelp("Only what was captured at this moment, as `log --json` gives it.", valueName: "time"))
    var at: String?

    @Option(help: ArgumentHelp("Why, for the tombstone.", valueName: "text")) var reason = ""

    @Flag(help: "Do it.") var yes = false

    @Argument(help: "Whose history.") var player: String

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func validate() throws {
        guard reason.utf8.count <= Tombstone.reasonLimit else {
            throw ValidationError(
                "--reason has \(reason.utf8.count) bytes, and a tombstone takes up to \(Tombstone.reasonLimit): say it "
                    + "in fewer words")
        }
    }

    func run() throws {
        let context = try CommandContext(global)
        context.output.outlivesItsReader = true
        let archive = try context.openArchive()
        guard let name = try name(in: archive), player.contains("/") == false else {
            throw Failure.usage("name the player alone, and the board with --board")
        }
        let selection = ForgetSelection(player: name, board: board, capturedAt: try at.map { try moment($0, context) })
        guard yes else {
            throw Failure.usage(ForgetText.question(try archive.forgetting(selection), of: name))
        }
        let done = try archive.forget(
            selection, reason: reason, at: context.clock.now(), lockTimeout: context.lockTimeout)
        if context.output.isJSON {
            try context.output.json(ForgetShape.json(done, selection))
        } else {
            try context.output.text(ForgetText.text(done, of: name, style: context.output.style))
        }
        try context.finish(archive)
    }

    /// The player, of whom there may be nothing left but a declared loss.
    private func name(in archive: Archive) throws -> PlayerName? {
        do { return try archive.logs(named: player).first?.player } catch {
            guard error.code == .playerNotFound, let name = PlayerName(normalising: player),
                !archive.history.losses(of: name).isEmpty
            else { throw error }
            return name
        }
    }

    private func moment(_ text: String, _ context: CommandContext) throws -> Timestamp {
        guard case .moment(let moment) = try context.time(text) else {
            throw Failure.usage("--at takes one moment, such as 2026-01-01T00:00:00.000Z, not a whole day")
        }
        return moment
    }
}
