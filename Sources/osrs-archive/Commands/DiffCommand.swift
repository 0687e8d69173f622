import Archive
import ArgumentParser
import CanonicalJSON
import CivilTime
import Diffing
import Hiscores
import Reporting

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Tell what changed between two moments.",
        discussion: """
            Two references are compared as they are, other players and boards too. A player alone: the newest snapshot \
            against the previous different one. Any other reference alone: from that moment to its player's newest.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, markdown, csv, patch }

    @Option(help: "table, json, markdown, csv, or patch (RFC 6902).") var format: Format?

    @Flag(help: "A few lines of totals instead of rows.") var stat = false

    @Flag(help: "Show rows of which only the rank moved, too.") var ranks = false

    @Flag(help: "Show every row.") var all = false

    @Flag(help: "Exit with 1 where the snapshots differ.") var exitCode = false

    @Flag(help: "With --exit-code: differences in ranks alone are none.") var ignoreRanks = false

    @Flag(help: "Take a player's name as it is: do not follow renames.") var noFollow = false

    @Argument(help: "From which moment; or the only reference.") var from: String

    @Argument(help: "To which moment.") var to: String?

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func validate() throws {
        if stat, global.json || (format != nil && format != .table) {
            throw ValidationError("--stat goes with --format table")
        }
        if global.json, let format, format != .json, format != .patch {
            throw ValidationError("--json and --format \(format.rawValue) exclude each other")
        }
        if ignoreRanks, !exitCode { throw ValidationError("--ignore-ranks goes with --exit-code") }
    }

    func run() throws {
        let context = try CommandContext(global)
        let archive = try context.openArchive()
        let ends = try resolve(in: archive, context)
        let comparison = try Comparison(from: ends.from, to: ends.to, in: archive)
        try write(comparison, to: context.output)
        try context.finish(archive)
        // Nothing before is no difference.
        guard exitCode, ends.from != nil else { return }
        let isSame = ignoreRanks ? comparison.ends.isProgressIdentical ?? false : comparison.ends.isIdentical
        if !isSame { throw ExitCode(ExitStatus.differs) }
    }

    private func resolve(in archive: Archive, _ context: CommandContext) throws -> (from: Revision?, to: Revision) {
        let now = context.clock.now()
        let first = try archive.resolve(from, now: now, followingRenames: !noFollow)
        if let to { return (first, try archive.resolve(to, now: now, followingRenames: !noFollow)) }
        guard let log = first.log, let head = try log.head, let newest = Revision(head, in: log, ref: Self.name(log))
        else {
            throw ArchiveError(
                .refNotFound, "no log mentions \(from), so there is nothing to compare it with; name two references",
                ref: from)
        }
        guard first.isBarePlayer else { return (first, newest) }
        let position = try log.position(changes: 1, before: log.successCount - 1)
        let before = try position.flatMap { try log.success(at: $0) }.flatMap {
            Revision($0, in: log, ref: Self.name(log) + "~1")
        }
        return (before, first)
    }

    private static func name(_ log: RefLog) -> String { "\(log.board.rawValue)/\(log.player)" }

    private func write(_ comparison: Comparison, to output: Output) throws {
        let rows: RowSelection = all ? .all : ranks ? .playAndRanks : .play
        let (diff, ends) = (comparison.diff, comparison.ends)
        switch format ?? (output.isJSON ? .json : .table) {
        case .json: try output.json(DiffShape.json(diff, ends, rows: rows))
        case .patch: try output.json(comparison.patch.document)
        case .csv: try output.text(DiffCSV.text(diff, rows: rows))
        case .markdown: try output.text(DiffText.markdown(diff, ends, rows: rows))
        case .table where stat: try output.text(DiffText.stat(diff, ends, style: output.style))
        case .table: try output.text(DiffText.table(diff, ends, rows: rows, style: output.style))
        }
    }
}
