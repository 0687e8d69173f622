import Diffing
import Hiscores

/// What stands under the heading of a difference, on a terminal and in Markdown.
struct DiffParts {
    /// Why there is nothing to tell; nil where there is something.
    let verdict: String?
    let table: TextTable
    let layout: [(label: String, names: String)]
    /// How many rows only moved in rank; nil where there are none or they are shown.
    let ranks: String?
    /// What of Overall's change the rows do not show as a change of their own.
    let uncounted: String?

    init(_ diff: HiscoreDiff, _ ends: DiffEnds, rows: RowSelection) {
        let heading = DiffHeading(ends: ends)
        table = DiffTable(diff: diff, ends: ends, rows: rows).table
        layout = DiffLayout(diff: diff, ends: ends, isComplete: rows == .all).lines
        let count = diff.rankOnlyChanges
        ranks = count > 0 && rows == .play ? "\(Numbers.count(count, "row")) \(heading.movedWord) in rank only" : nil
        uncounted = UncountedExperience(diff: diff, ends: ends).text.map { "Overall's change includes \($0)" }
        let isNothing = table.isEmpty && layout.isEmpty && ranks == nil
        verdict = heading.verdict ?? (isNothing ? "no difference" : nil)
    }

    /// The lines for a terminal.
    func lines(_ style: Style) -> [String] {
        var blocks = [verdict.map { [$0] } ?? [], table.lines(style)]
        if !layout.isEmpty {
            let width = layout.map(\.label.count).max() ?? 0
            blocks.append(
                [style.paint("Layout", .heading)]
                    + layout.map { label, names in
                        let padding = String(repeating: " ", count: width - label.count + 2)
                        return "  \(label)\(padding)\(Printable.text(names))"
                    })
        }
        let notes = [uncounted, ranks.map { "\($0) (diff --ranks shows them)" }].compactMap(\.self)
        blocks.append(notes.map { style.paint($0, .muted) })
        return Array(blocks.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    /// The lines of Markdown.
    var markdown: [String] {
        var blocks = [verdict.map { ["*\(MarkdownTable.escaped($0))*"] } ?? [], MarkdownTable(table).lines]
        if !layout.isEmpty {
            blocks.append(["**Layout**", ""] + layout.map { "- \($0.label): \(MarkdownTable.escaped($0.names))" })
        }
        blocks += [uncounted, ranks].map { $0.map { [$0] } ?? [] }
        return Array(blocks.filter { !$0.isEmpty }.joined(separator: [""]))
    }
}
