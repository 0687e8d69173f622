public import Diffing
import Hiscores

/// A difference for people. Lines are joined by line feeds, none at the end.
public enum DiffText {
    /// Who and when, the rows that the reader wants to see, layout changes apart from them, and in one line how many
    /// rows only moved in rank.
    public static func table(
        _ diff: HiscoreDiff, _ ends: DiffEnds, rows: RowSelection = .play, style: Style = .plain
    ) -> String {
        [heading(ends, style), tableBody(diff, ends, rows: rows, style)]
            .filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    /// Who and when, and the difference in a few numbers: what was gained, an hour too, Overall, how many rows changed,
    /// entered or left the table, and how the layout changed.
    public static func stat(_ diff: HiscoreDiff, _ ends: DiffEnds, style: Style = .plain) -> String {
        let heading = DiffHeading(ends: ends)
        let period = heading.period.map { ", \($0)" } ?? ""
        let title = style.paint(Printable.text(heading.title), .heading) + period
        return ([title] + statBody(diff, ends, style).map { "  " + $0 }).joined(separator: "\n")
    }

    /// The table as Markdown, to be pasted into a chat or an issue.
    public static func markdown(_ diff: HiscoreDiff, _ ends: DiffEnds, rows: RowSelection = .play) -> String {
        let heading = DiffHeading(ends: ends)
        var blocks = [["### \(MarkdownTable.escaped(heading.title))"]]
        if let period = heading.period { blocks.append([period]) }
        blocks += [heading.warning, heading.verdict].compactMap { $0.map { ["*\(MarkdownTable.escaped($0))*"] } }
        let table = DiffTable(diff: diff, rows: rows).table
        if !table.isEmpty { blocks.append(MarkdownTable(table).lines) }
        let layout = DiffLayout(diff: diff, isComplete: rows == .all).lines
        if !layout.isEmpty {
            blocks.append(["**Layout**", ""] + layout.map { "- \($0.label): \(MarkdownTable.escaped($0.names))" })
        }
        if let ranks = rankOnlyLine(diff, ends, rows: rows) { blocks.append([ranks]) }
        return blocks.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    /// The lines of `table` under its heading.
    static func tableBody(_ diff: HiscoreDiff, _ ends: DiffEnds, rows: RowSelection, _ style: Style) -> [String] {
        var blocks: [[String]] = []
        let table = DiffTable(diff: diff, rows: rows).table
        if !table.isEmpty { blocks.append(table.lines(style)) }
        let layout = DiffLayout(diff: diff, isComplete: rows == .all).lines
        if !layout.isEmpty {
            blocks.append(
                [style.paint("Layout", .heading)]
                    + layout.map { label, names in
                        let padding = String(repeating: " ", count: max(0, 10 - label.count))
                        return "  \(label)\(padding)  \(Printable.text(names))"
                    })
        }
        if let ranks = rankOnlyLine(diff, ends, rows: rows) { blocks.append([style.paint(ranks, .muted)]) }
        if blocks.isEmpty, DiffHeading(ends: ends).verdict == nil { blocks.append(["nothing changed"]) }
        return Array(blocks.joined(separator: [""]))
    }

    /// The lines of `stat` under its heading.
    static func statBody(_ diff: HiscoreDiff, _ ends: DiffEnds, _ style: Style) -> [String] {
        let heading = DiffHeading(ends: ends)
        let notes = [heading.warning.map { style.paint($0, .caution) }, heading.verdict]
        return notes.compactMap { $0 } + DiffStat(diff: diff, ends: ends).lines(style)
    }

    private static func heading(_ ends: DiffEnds, _ style: Style) -> [String] {
        let heading = DiffHeading(ends: ends)
        var lines = [style.paint(Printable.text(heading.title), .heading)]
        if let from = ends.from { lines.append("  " + style.paint(heading.line("from", from), .muted)) }
        lines.append("  " + style.paint(heading.line("to  ", ends.to), .muted))
        if let distance = heading.distance { lines.append("  \(distance)") }
        if let warning = heading.warning { lines.append("  " + style.paint(warning, .caution)) }
        if let verdict = heading.verdict { lines.append("  \(verdict)") }
        return lines
    }

    /// That rows moved in rank only and are not shown; nil where there are none or they are shown.
    private static func rankOnlyLine(_ diff: HiscoreDiff, _ ends: DiffEnds, rows: RowSelection) -> String? {
        guard diff.rankOnlyChanges > 0, rows == .play else { return nil }
        return "\(Numbers.count(diff.rankOnlyChanges, "row")) moved in rank only (--ranks shows them)"
    }
}
