import Archive
import ArgumentParser
import CivilTime
import Hiscores
import Reporting

struct GainsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gains", abstract: "Tell what players gained in a time.",
        discussion: """
            A line a player, of everybody with snapshots where none is named. It counts from the last snapshot at or \
            before the beginning; where there is none, from the first one captured, and says so. Of several boards the \
            one that the player alone means counts. What is unranked at either end gives no gain; falls are shown.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, csv, markdown }

    @Option(
        help: ArgumentHelp(
            "From this moment on: 2025-11-01, RFC 3339, yesterday, 30d. Seven days before --until otherwise.",
            valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Up to this moment; now otherwise.", valueName: "time")) var until: String?

    @Option(help: "A skill (its experience) or an activity (its score), by name or identifier; Overall otherwise.")
    var metric: String?

    @Option(
        help: ArgumentHelp(
            "gained, start, end (the largest first), player, or a metric: what was gained of that.", valueName: "key"))
    var sort: String?

    @Option(help: "table, json, csv or markdown.") var format: Format?

    @Option(help: "Only this board.") var board: Board?

    @Flag(help: "Take a player's name as it is: do not follow renames.") var noFollow = false

    @Argument(help: "Whose gains.") var players: [String] = []

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func validate() throws {
        if global.json, let format, format != .json {
            throw ValidationError("--json and --format \(format.rawValue) exclude each other")
        }
    }

    func run() throws {
        let context = try CommandContext(global)
        let archive = try context.openArchive()
        let until = try self.until.map(context.time)?.end ?? context.clock.now()
        let since = try self.since.map(context.time)?.start ?? until.advanced(byMilliseconds: -7 * Self.day)
        try context.refuseReversed(since, until)
        let row = metric.map { MetricRow($0) } ?? .overall
        let order = sort.map { GainsOrder($0) } ?? .gained
        if let unknown = order.row, !unknown.isKnown { throw Self.unknown(unknown, "no key to sort by, and no metric") }
        // The last is looked at first, and let go of with what was loaded for it.
        var accounts = try selectedAccounts(in: archive)
        accounts.reverse()
        var (gains, hasDamage) = ([PlayerGains](), false)
        while let account = accounts.popLast() {
            do throws(ArchiveError) {
                let found = try PlayerGains(
                    of: account, on: board, since: since, until: until, in: row, sortedBy: order.row, from: archive)
                gains.append(found)
            } catch {
                guard error.code == .corrupt || error.code == .missing else { throw error }
                context.output.warn("left out \(account.name): \(error)")
                hasDamage = true
            }
        }
        if !row.isKnown, !gains.contains(where: \.hasMetric) { throw Self.unknown(row, "no metric of these snapshots") }
        try write(order.sorted(gains), row, since, until, context.output)
        try context.finish(archive)
        if hasDamage { throw ExitCode(ExitStatus.corruption) }
    }

    private static let day = Timestamp.millisecondsPerDay

    private static func unknown(_ row: MetricRow, _ words: String) -> Failure {
        let similar = MetricRow.similar(to: row.name)
        return Failure(
            code: "unknown_metric", exit: ExitStatus.usage,
            message: "`\(row.name)` is \(words)"
                + (similar.isEmpty
                    ? "; write a row's name as `show` has it" : "; did you mean \(similar.joined(separator: ", "))?"),
            candidates: similar)
    }

    /// Those that were named, each once; else everybody with a snapshot.
    private func selectedAccounts(in archive: Archive) throws -> [Account] {
        var seen: Set<PlayerName> = []
        let accounts =
            players.isEmpty
            ? try archive.history.accounts(followingRenames: !noFollow)
            : try players.map { try archive.account(named: $0, followingRenames: !noFollow) }
                .filter { seen.insert($0.name).inserted }
        return accounts.filter { account in
            !players.isEmpty
                || account.logs.contains { $0.successCount > 0 && (board == nil || $0.board == board) }
        }
    }

    private func write(
        _ gains: [PlayerGains], _ row: MetricRow, _ since: Timestamp, _ until: Timestamp, _ output: Output
    ) throws {
        let report = GainsReport(gains, in: row, since: since, until: until)
        switch format ?? (output.isJSON ? .json : .table) {
        case .json:
            for each in gains { try output.json(GainsShape.json(each, in: row, since: since, until: until)) }
        case .csv: try output.text(report.csv)
        case .markdown: try output.text(report.markdown)
        case .table: try output.text(report.text(style: output.style))
        }
        if gains.isEmpty { output.note("nobody has a snapshot\(board.map { " on \($0.rawValue)" } ?? "")") }
    }
}
