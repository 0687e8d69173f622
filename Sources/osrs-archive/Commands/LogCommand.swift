import Archive
import ArgumentParser
import CivilTime
import Diffing
import Hiscores
import Reporting

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "List what was captured, newest first.",
        discussion: """
            All boards of a player, or of everybody where none is named. Times are UTC.

            An account that was renamed is listed under all the names that it had up to the one that is asked for; each \
            line tells its own. Where it has yet another name now, standard error says so.
            """)

    @Option(name: .short, help: ArgumentHelp("List so many at most.", valueName: "number")) var number: Int?

    @Option(help: ArgumentHelp("From this moment on: 2025-11-01, RFC 3339, yesterday, 7d.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Up to this moment.", valueName: "time")) var until: String?

    @Option(help: "Only this board.") var board: Board?

    @Flag(help: "List failed attempts, too.") var failures = false

    @Flag(name: [.customShort("p"), .long], help: "Show the changes that each snapshot brought.") var patch = false

    @Flag(help: "Show the totals of what each snapshot brought.") var stat = false

    @Flag(help: "One line each.") var oneline = false

    @Flag(help: "Take a player's name as it is: do not follow renames.") var noFollow = false

    @Argument(help: "Whose log.") var player: String?

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func validate() throws {
        if let number, number < 0 { throw ValidationError("-n takes a number from 0 on") }
        if [patch, stat, oneline].count(where: { $0 }) > 1 {
            throw ValidationError("-p, --stat and --oneline exclude each other")
        }
        if global.json, patch || stat || oneline { throw ValidationError("--json takes no -p, --stat or --oneline") }
    }

    func run() throws {
        let context = try CommandContext(global)
        let archive = try context.openArchive()
        let account = try player.map { try archive.account(named: $0, followingRenames: !noFollow) }
        let (since, until) = try context.period(since: since, until: until)
        var listing = try listing(of: archive, account, since: since, until: until)
        if let account { for note in AccountText.notes(account) { context.output.note(note) } }
        context.output.startPager(context.environment)
        var listed = 0
        var losses = LossListing(of: archive, account, on: board, since: since, until: until)
        while listed < number ?? .max {
            guard let (entry, outcome, log) = try listing.next() else {
                for loss in losses.rest() { try write(loss, isFirst: listed == 0, context.output) }
                break
            }
            for loss in losses.next(before: entry.observation.capturedAt) {
                try write(loss, isFirst: listed == 0, context.output)
            }
            try write(entry, outcome, in: log, isFirst: listed == 0, archive, context.output)
            listed += 1
        }
        if listed == 0 { hint(hasOnlyFailures: listing.hasOnlyFailures, context.output) }
        try context.finish(archive)
    }

    /// The newest of everybody are known without their logs; changes are not.
    private func listing(
        of archive: Archive, _ account: Account?, since: Timestamp?, until: Timestamp?
    ) throws -> LogListing {
        let selection = ListingSelection(board: board, failures: failures, since: since, until: until)
        if player == nil, !patch, !stat, let number,
            let newest = try archive.history.newest(number, selection, followingRenames: !noFollow), !newest.isEmpty
        {
            return LogListing(newest)
        }
        let logs = try account?.logs ?? logsOfEverybody(in: archive)
        return LogListing(logs.filter { board == nil || $0.board == board }, selection)
    }

    private func logsOfEverybody(in archive: Archive) throws -> [RefLog] {
        try noFollow ? archive.history.allLogs() : archive.history.allLogsOfAccounts()
    }

    private func write(
        _ entry: LogEntry, _ outcome: Outcome, in log: RefLog?, isFirst: Bool, _ archive: Archive, _ output: Output
    ) throws {
        if output.isJSON { return try output.json(LogShape.json(entry, outcome: outcome)) }
        if oneline { return try output.text(LogText.line(entry, outcome: outcome, style: output.style)) }
        var brought: LogText.Brought?
        if patch || stat, let log, entry.observation.result == .ok {
            let comparison = try Comparison(entry, after: try log.success(before: entry.row), in: log, archive)
            brought = LogText.Brought(comparison.diff, comparison.ends, detail: stat ? .stat : .table(.play))
        }
        let block = LogText.block(entry, outcome: outcome, brought: brought, style: output.style)
        try output.text((isFirst ? "" : "\n") + block)
    }

    /// What was lost stands where it would be listed; JSON has no place for it.
    private func write(_ loss: Loss, isFirst: Bool, _ output: Output) throws {
        if output.isJSON { return output.note(LossText.line(loss)) }
        let line = LossText.line(loss, style: output.style)
        try output.text(oneline ? line : isFirst ? line + "\n" : "\n" + line)
    }

    /// Why nothing was listed, where that is not plain.
    private func hint(hasOnlyFailures: Bool, _ output: Output) {
        if !failures, hasOnlyFailures {
            output.note("no snapshot yet, but failed attempts: see them with --failures")
        } else if let player, number != 0 {
            let bounds = board.map { " on \($0.rawValue)" } ?? ""
            output.note("nothing of \(player)\(bounds)\(since == nil && until == nil ? "" : " in that time")")
        }
    }
}
