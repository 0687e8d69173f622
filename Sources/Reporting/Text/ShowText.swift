import CanonicalJSON
import CivilTime
public import Hiscores
import ObjectStore

/// A snapshot for people. Lines are joined by line feeds, none at the end.
public enum ShowText {
    /// Whose it is and when, its skills, and its activities by kind. Rows that say nothing and activities of score 0 are
    /// left out unless it is to be complete.
    public static func text(
        _ document: HiscoreDocument, of snapshot: ReportedSnapshot, isComplete: Bool = false, style: Style = .plain
    ) -> String {
        var blocks = [heading(document, snapshot, style)]
        let table = TextTable(
            [.leading, .trailing, .trailing, .trailing],
            sections: [skills(document)] + activities(document, isComplete: isComplete))
        if !table.isEmpty { blocks.append(table.lines(style)) }
        let hidden = isComplete ? 0 : document.activities.count { !isShown($0) }
        var notes: [String] = []
        if hidden > 0 { notes.append("\(Numbers.count(hidden, "activity row")) without a score not shown (--all)") }
        if let extra = extra(document) { notes.append(extra) }
        if !notes.isEmpty { blocks.append(notes.map { style.paint($0, .muted) }) }
        return blocks.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    private static func heading(
        _ document: HiscoreDocument, _ snapshot: ReportedSnapshot, _ style: Style
    ) -> [String] {
        let name = document.name ?? snapshot.displayName ?? snapshot.player?.key ?? "snapshot"
        let board = snapshot.board.map { " on \($0.rawValue)" } ?? ""
        let time = snapshot.capturedAt.map { ", \(Times.moment($0))" } ?? ""
        return [
            style.paint(Printable.text(name) + board, .heading) + time,
            style.paint("snapshot  \(snapshot.snapshot.hex)", .muted),
        ] + (snapshot.progress.map { [style.paint("progress  \($0.hex)", .muted)] } ?? [])
    }

    private static func skills(_ document: HiscoreDocument) -> TextTable.Section {
        .init(
            titles: ["Skills", "Rank", "Level", "XP"],
            rows: document.skills.map { row in
                [
                    .init(row.name),
                    ServedCell.cell(row.rank, isUnknown: row.isUnknown),
                    ServedCell.cell(row.level, isUnknown: row.isUnknown),
                    ServedCell.cell(row.xp, isUnknown: row.isUnknown),
                ]
            })
    }

    private static func activities(_ document: HiscoreDocument, isComplete: Bool) -> [TextTable.Section] {
        let groups: [(title: String, kinds: [MetricKind?])] = [
            ("Clue Scrolls", [.clue]), ("Minigames", [.minigame]), ("Bosses", [.boss]), ("Points", [.points]),
            ("Other", [nil, .skill]),
        ]
        let shown = document.activities.filter { isComplete || isShown($0) }
        // No dictionary: making its type would cost more than all of this.
        let kindsShown = shown.map { Metric.named($0.name)?.kind }
        return groups.map { title, kinds in
            .init(
                titles: [title, "Rank", "", "Score"],
                rows: kinds.flatMap { kind in shown.indices.filter { kindsShown[$0] == kind } }.map { place in
                    let row = shown[place]
                    return [
                        .init(row.name), ServedCell.cell(row.rank, isUnknown: row.isUnknown), "",
                        ServedCell.cell(row.score, isUnknown: row.isUnknown),
                    ]
                })
        }
    }

    private static func isShown(_ row: ActivityRow) -> Bool { (row.score ?? -1) > 0 }

    /// That the document has more than the tables show.
    private static func extra(_ document: HiscoreDocument) -> String? {
        let members = document.extra.map(\.name.string)
        let rows = document.skills.count { !$0.extra.isEmpty } + document.activities.count { !$0.extra.isEmpty }
        var parts = members.isEmpty ? [] : ["members \(members.joined(separator: ", "))"]
        if rows > 0 { parts.append("more members in \(Numbers.count(rows, "row"))") }
        return parts.isEmpty ? nil : Printable.text("also in the document: \(parts.joined(separator: "; "))")
    }
}
