import Archive
import ArgumentParser
import CivilTime
import Diffing
import Hiscores
import Reporting

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "List what was captured, newest first.",
        discussion: "All boards of a player, or of everybody where none is named. Times are UTC.")

    @Option(name: .short, help: ArgumentHelp("List so many at most.", valueName: "number")) var number: Int?

    @Option(help: ArgumentHelp("From this moment on: 2025-11-01, RFC 3339, yesterday, 7d.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Up to this moment.", valueName: "time")) var until: String?

    @Option(help: "Only this board.") var board: Board?

    @Flag(help: "List failed attempts, too.") var failures = false

    @Flag(name: [.customShort("p"), .long], help: "Show the changes that each snapshot brought.") var patch = false

    @Flag(help: "Show the totals of what each snapshot brought.") var stat = false

    @Flag(help: "One line each.") var oneline = false

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
        let logs = try selectedLogs(in: archive)
        let (since, until) = (try since.map(context.time)?.start, try until.map(context.time)?.end)
        var found: [(entry: LogEntry, log: RefLog)] = []
        for log in logs {
            for entry in failures ? log.entries : log.successes {
                let moment = entry.observation.capturedAt
                if let since, moment < since { continue }
                if let until, moment > until { continue }
                found.append((entry, log))
            }
        }
        found.sort { Self.isNewer($0.entry, $1.entry) }
        if let number { found.removeLast(max(0, found.count - number)) }
        context.output.startPager(context.environment)
        for (index, item) in found.enumerated() {
            try write(item.entry, of: item.log, isFirst: index == 0, archive, context.output)
        }
        if found.isEmpty { hint(logs, context.output) }
        try context.finish(archive)
    }

    private func selectedLogs(in archive: Archive) throws -> [RefLog] {
        guard let player else { return archive.history.allLogs.filter { board == nil || $0.board == board } }
        let logs = try archive.logs(named: player)
        return logs.filter { board == nil || $0.board == board }
    }

    /// Newest first: by `captured_at`, board and sequence number, all descending.
    private static func isNewer(_ left: LogEntry, _ right: LogEntry) -> Bool {
        let (a, b) = (left.observation, right.observation)
        return (a.capturedAt, a.board.rawValue, left.sequenceNumber) > (
            b.capturedAt, b.board.rawValue, right.sequenceNumber
        )
    }

    private func write(
        _ entry: LogEntry, of log: RefLog, isFirst: Bool, _ archive: Archive, _ output: Output
    ) throws {
        let outcome = log.outcome(of: entry)
        if output.isJSON { return try output.json(LogShape.json(entry, outcome: outcome)) }
        if oneline { return try output.text(LogText.line(entry, outcome: outcome, style: output.style)) }
        var brought: LogText.Brought?
        if patch || stat, entry.observation.result == .ok {
            let comparison = try Comparison(entry, after: log.success(before: entry), in: log, archive)
            brought = LogText.Brought(comparison.diff, comparison.ends, detail: stat ? .stat : .table(.play))
        }
        let block = LogText.block(entry, outcome: outcome, brought: brought, style: output.style)
        try output.text((isFirst ? "" : "\n") + block)
    }

    /// Why nothing was listed, where that is not plain.
    private func hint(_ logs: [RefLog], _ output: Output) {
        let attempts = logs.reduce(0) { $0 + $1.entries.count }
        if !failures, attempts > 0, logs.allSatisfy({ $0.successes.isEmpty }) {
            output.note("no snapshot yet, but failed attempts: see them with --failures")
        } else if let player, number != 0 {
            let bounds = board.map { " on \($0.rawValue)" } ?? ""
            output.note("nothing of \(player)\(bounds)\(since == nil && until == nil ? "" : " in that time")")
        }
    }
}
