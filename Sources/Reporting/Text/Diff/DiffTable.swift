import Diffing
import Hiscores

/// The rows of a difference as a table: those that both documents have, or with nothing before those of the first.
/// Rows that came or went stand in `DiffLayout`.
struct DiffTable {
    let diff: HiscoreDiff
    let ends: DiffEnds
    let rows: RowSelection

    /// Skills with Overall in front, then activities.
    var table: TextTable {
        let skills = ([diff.overall] + diff.skills).filter { isShown($0.status, isUnknown: $0.isUnknownAtEnd) }
        let activities = diff.activities.filter { isShown($0.status, isUnknown: $0.isUnknownAtEnd) }
        return TextTable(
            [.leading, .trailing, .trailing, .trailing, .trailing, .trailing, .trailing, .leading],
            sections: [
                .init(
                    titles: ["Skills", "Rank", "Change", "Level", "Change", "XP", "Change", "Status"],
                    rows: skills.map(skill)),
                .init(
                    titles: ["Activities", "Rank", "Change", "", "", "Score", "Change", "Status"],
                    rows: activities.map(activity)),
            ])
    }

    private func isShown(_ status: RowStatus, isUnknown: Bool) -> Bool {
        guard diff.isFirst else { return rows.includes(status) && status != .added && status != .removed }
        return status == .added && (rows == .all || !isUnknown)
    }

    private func skill(_ row: SkillDifference) -> [TextTable.Cell] {
        let isUnknown = row.isUnknownAtEnd
        return [
            .init(row.name),
            ServedCell.cell(row.rank.to, isUnknown: isUnknown), ChangeCell.rank(row.rank),
            ServedCell.cell(row.level.to, isUnknown: isUnknown), ChangeCell.value(row.level),
            ServedCell.cell(row.xp.to, isUnknown: isUnknown), ChangeCell.value(row.xp),
            status(row.status, of: row.number, row.isRankedOnce),
        ]
    }

    private func activity(_ row: ActivityDifference) -> [TextTable.Cell] {
        let isUnknown = row.isUnknownAtEnd
        return [
            .init(row.name),
            ServedCell.cell(row.rank.to, isUnknown: isUnknown), ChangeCell.rank(row.rank),
            "", "",
            ServedCell.cell(row.score.to, isUnknown: isUnknown), ChangeCell.value(row.score),
            status(row.status, of: ("score", row.score), row.isRankedOnce),
        ]
    }

    /// A number that became known or unknown without a rank is not said to be ranked or unranked.
    private func status(
        _ status: RowStatus, of number: (name: String, change: Change), _ isRankedOnce: Bool
    ) -> TextTable.Cell {
        switch status {
        case .ranked: return .init(isRankedOnce ? "ranked" : "\(number.name) known", .arrival)
        case .unranked:
            let before = "\(DiffHeading(ends: ends).beforeWord) \(ServedCell.text(number.change.from))"
            return .init(isRankedOnce ? "unranked, \(before)" : "\(number.name) unknown, \(before)", .caution)
        case .changed, .rankOnly, .unchanged, .added, .removed: return ""
        }
    }
}

/// Numbers as served, in a table.
enum ServedCell {
    /// The number with its thousands; `-` for one that is absent, negative (unranked), or of a row that says nothing.
    static func text(_ number: ServedNumber, isUnknown: Bool = false) -> String {
        guard !isUnknown, let number, number >= 0 else { return "-" }
        return Numbers.grouped(number)
    }

    static func cell(_ number: ServedNumber, isUnknown: Bool = false) -> TextTable.Cell {
        let text = text(number, isUnknown: isUnknown)
        return .init(text, text == "-" ? .muted : .plain)
    }
}

/// Changes in a table; empty where nothing changed or nothing is known.
enum ChangeCell {
    /// More is better.
    static func value(_ change: Change) -> TextTable.Cell { cell(change, better: { $0 > 0 }) }

    /// Less is better.
    static func rank(_ change: Change) -> TextTable.Cell { cell(change, better: { $0 < 0 }) }

    private static func cell(_ change: Change, better: (Int64) -> Bool) -> TextTable.Cell {
        guard let value = change.change, value != 0 else { return "" }
        return .init(Numbers.signed(value), better(value) ? .gain : .fall)
    }
}

extension SkillDifference {
    /// Whether the second document says nothing about the row.
    var isUnknownAtEnd: Bool { HiscoreDocument.isUnknown(rank: rank.to, value: xp.to, level: level.to) }

    /// The number that tells of the row: the experience, or the level where only that was ever told.
    fileprivate var number: (name: String, change: Change) {
        max(xp.from ?? -1, xp.to ?? -1) > 0 || isRankedOnce ? ("XP", xp) : ("level", level)
    }
}

extension ActivityDifference {
    /// Whether the second document says nothing about the row.
    var isUnknownAtEnd: Bool { HiscoreDocument.isUnknown(rank: rank.to, value: score.to) }
}
