import Archive
import ArgumentParser
import CanonicalJSON
import CivilTime
import Diffing
import Hiscores
import ObjectStore
import Reporting

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a snapshot to read.")

    @Flag(help: "Show what changed since the snapshot before, too.") var changes = false

    @Flag(help: "Show unranked and empty rows, too.") var all = false

    @Flag(help: "Take a player's name as it is: do not follow renames.") var noFollow = false

    @Argument(help: "Which snapshot.") var ref: String

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let archive = try context.openArchive()
        let revision = try archive.resolve(ref, now: context.clock.now(), followingRenames: !noFollow)
        let comparison = try Comparison(from: changes ? try previous(of: revision) : nil, to: revision, in: archive)
        if context.output.isJSON {
            try showJSON(comparison, context.output)
        } else {
            context.output.startPager(context.environment)
            let style = context.output.style
            try context.output.text(
                ShowText.text(comparison.document, of: comparison.ends.to, isComplete: all, style: style))
            if changes {
                try context.output.text(
                    "\n" + DiffText.table(comparison.diff, comparison.ends, rows: .play, style: style))
            }
        }
        try context.finish(archive)
    }

    private func showJSON(_ comparison: Comparison, _ output: Output) throws {
        var shape = ShowShape.json(comparison.document, of: comparison.ends.to)
        if changes, case .object(let members) = shape {
            let diff = DiffShape.json(comparison.diff, comparison.ends)
            shape = .object(members + [JSONMember("changes", diff)])
        }
        try output.json(shape)
    }

    /// The ok observation before; nil for the first, and for an id that no log mentions.
    private func previous(of revision: Revision) throws -> Revision? {
        guard let entry = revision.entry, let log = revision.log, let before = try log.success(before: entry.row) else {
            return nil
        }
        return Revision(before, in: log, ref: Comparison.name(before))
    }
}
