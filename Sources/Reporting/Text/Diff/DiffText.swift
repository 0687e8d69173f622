public import Diffing

/// A difference for people. Lines are joined by line feeds, none at the end.
public enum DiffText {
    /// Who and when, the rows that the reader wants to see, layout changes apart from them, and in one line how many
    /// rows only moved in rank.
    public static func table(
        _ diff: HiscoreDiff, _ ends: DiffEnds, rows: RowSelection = .play, style: Style = .plain
    ) -> String {
        let heading = DiffHeading(ends: ends)
        var lines = [style.paint(Printable.text(heading.title), .heading)]
        if let from = ends.from { lines.append("  " + style.paint(heading.line("from", from), .muted)) }
        lines.append("  " + style.paint(heading.line("to  ", ends.to), .muted))
        if let distance = heading.distance { lines.append("  \(distance)") }
        if let warning = heading.warning { lines.append("  " + style.paint(warning, .caution)) }
        return (lines + [""] + DiffParts(diff, ends, rows: rows).lines(style)).joined(separator: "\n")
    }

    /// Who and when, and the difference in a few numbers: what was gained, an hour too, Overall, how many rows changed,
    /// entered or left the table, and how the layout changed.
    public static func stat(_ diff: HiscoreDiff, _ ends: DiffEnds, style: Style = .plain) -> String {
        let heading = DiffHeading(ends: ends)
        let period = heading.period.map { ", \($0)" } ?? ""
        let title = style.paint(Printable.text(heading.title), .heading) + period
        let warning = heading.warning.map { [style.paint($0, .caution)] } ?? []
        let body = warning + DiffStat(diff: diff, ends: ends).lines(style)
        return ([title] + body.map { "  " + $0 }).joined(separator: "\n")
    }

    /// The table as Markdown, to be pasted into a chat or an issue.
    public static func markdown(_ diff: HiscoreDiff, _ ends: DiffEnds, rows: RowSelection = .play) -> String {
        let heading = DiffHeading(ends: ends)
        var lines = ["### \(MarkdownTable.escaped(heading.title))", ""]
        if let period = heading.period { lines += [period, ""] }
        if let warning = heading.warning { lines += ["*\(MarkdownTable.escaped(warning))*", ""] }
        return (lines + DiffParts(diff, ends, rows: rows).markdown).joined(separator: "\n")
    }
}
