public import Diffing
import Hiscores

/// A difference as comma-separated values (RFC 4180, lines ended by a line feed alone, as everything here).
public enum DiffCSV {
    /// The titles of the columns.
    public static let header =
        "section,name,status,rank_from,rank_to,rank_change,level_from,level_to,level_change,"
        + "value_from,value_to,value_change"

    /// The header and a line for each row that the reader wants to see: `overall`, `skills`, `activities`. Numbers are as
    /// served, empty only where absent or unknown; the value is the experience or the score. Names are made printable.
    /// Lines are joined by line feeds, none at the end.
    public static func text(_ diff: HiscoreDiff, rows: RowSelection = .play) -> String {
        var lines = [header]
        if rows.includes(diff.overall.status), diff.overall.isPresent { lines.append(line("overall", diff.overall)) }
        lines += diff.skills(rows).map { line("skills", $0) }
        lines += diff.activities(rows).map { row in
            CSVLine.text(
                ["activities", Printable.text(row.name), row.status.rawValue]
                    + numbers(row.rank) + ["", "", ""] + numbers(row.score))
        }
        return lines.joined(separator: "\n")
    }

    private static func line(_ section: String, _ row: SkillDifference) -> String {
        CSVLine.text(
            [section, Printable.text(row.name), row.status.rawValue]
                + numbers(row.rank) + numbers(row.level) + numbers(row.xp))
    }

    private static func numbers(_ change: Change) -> [String] {
        [change.from, change.to, change.change].map { $0.map { String($0) } ?? "" }
    }
}

extension SkillDifference {
    /// Whether either document has the row with any number: Overall stands in every difference, in documents not.
    fileprivate var isPresent: Bool {
        [rank, level, xp].contains { $0.from != nil || $0.to != nil }
    }
}
