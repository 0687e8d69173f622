import Diffing

/// How the rows themselves changed, told apart from play.
struct DiffLayout {
    let diff: HiscoreDiff
    let ends: DiffEnds
    /// Whether every name is listed, however many there are.
    let isComplete: Bool

    /// `added`, `removed` and `renumbered` with the names of their rows; none where the rows are the same.
    var lines: [(label: String, names: String)] {
        let skills = [diff.overall] + diff.skills
        let added =
            skills.filter { $0.status == .added }.map { "\($0.name) (\(Self.found($0)))" }
            + diff.activities.filter { $0.status == .added }.map { "\($0.name) (\(Self.found($0)))" }
        let left =
            skills.filter { $0.status == .removed }.map { ($0.name, $0.xp.from) }
            + diff.activities.filter { $0.status == .removed }.map { ($0.name, $0.score.from) }
        let before = DiffHeading(ends: ends).beforeWord
        let removed = left.map { name, number in "\(name) (\(before) \(ServedCell.text(number)))" }
        guard !diff.layout.isUnchanged else { return [] }
        return [("added", added), ("removed", removed), ("renumbered", diff.layout.renumbered)]
            .filter { !$0.1.isEmpty }.map { ($0.0, list($0.1)) }
    }

    /// `1 added, 57 renumbered`; empty where the rows are the same.
    var counts: String {
        let counts = [
            (diff.layout.added.count, "added"), (diff.layout.removed.count, "removed"),
            (diff.layout.renumbered.count, "renumbered"),
        ]
        return counts.filter { $0.0 > 0 }.map { "\(Numbers.grouped($0.0)) \($0.1)" }.joined(separator: ", ")
    }

    private func list(_ names: [String]) -> String {
        let limit = isComplete ? names.count : 10
        let rest = names.count - limit
        return names.prefix(limit).joined(separator: ", ") + (rest > 0 ? " and \(Numbers.grouped(rest)) more" : "")
    }

    private static func found(_ row: SkillDifference) -> String {
        if row.isUnknownAtEnd { return "unranked" }
        return "level \(ServedCell.text(row.level.to)), \(ServedCell.text(row.xp.to)) XP"
    }

    private static func found(_ row: ActivityDifference) -> String {
        row.isUnknownAtEnd ? "unranked" : ServedCell.text(row.score.to)
    }
}
