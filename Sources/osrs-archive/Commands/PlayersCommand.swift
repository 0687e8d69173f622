import Archive
import ArgumentParser
import Reporting

struct PlayersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "players", abstract: "List who has snapshots here.")

    @Flag(help: "List names of which there are only failures, too.") var all = false

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let archive = try context.openArchive()
        let players = try archive.history.players().map { try PlayerOverview($0, in: archive.history) }
            .filter { all || $0.hasSnapshots }
        if context.output.isJSON {
            for player in players { try context.output.json(PlayersShape.json(player)) }
        } else {
            try context.output.text(PlayersText.table(players, style: context.output.style))
            if players.isEmpty {
                let lost = archive.history.losses.reduce(0) { $0 + $1.count }
                context.output.note(
                    lost == 0
                        ? "no player has a snapshot yet; `osrs-archive capture NAME` makes one"
                        : "no player has a snapshot: \(lost) record(s) were declared lost, which "
                            + "`osrs-archive log` lists")
            }
        }
        try context.finish(archive)
    }
}
