import Diffing
import Hiscores

/// A difference in a few numbers.
struct DiffStat {
    let diff: HiscoreDiff
    let ends: DiffEnds

    /// Lines of a label and what stands beside it; for a first capture and identical snapshots, that they are.
    func lines(_ style: Style) -> [String] {
        let verdict = DiffHeading(ends: ends).verdict.map { [$0] } ?? []
        let parts = facts(style)
        let width = parts.map(\.label.count).max() ?? 0
        return verdict
            + parts.map { label, text in
                label + String(repeating: " ", count: width - label.count + 2) + text
            }
    }

    private func facts(_ style: Style) -> [(label: String, text: String)] {
        guard !diff.isFirst, !ends.isIdentical else { return [] }
        // Between two players or boards nothing was gained: one is only ahead of the other.
        let isGain = ends.isOneHistory
        var facts = [
            (isGain ? "XP gained" : "XP difference", signed(diff.totals.xpGained, style) + (isGain ? rate : "")),
            (isGain ? "levels gained" : "level difference", signed(diff.totals.levelsGained, style)),
        ]
        let overall = self.overall(style)
        if !overall.isEmpty { facts.append(("Overall", overall)) }
        if let uncounted = UncountedExperience(diff: diff, ends: ends).text { facts.append(("not counted", uncounted)) }
        let rows = self.rows
        if !rows.isEmpty { facts.append(("rows", rows)) }
        let layout = DiffLayout(diff: diff, ends: ends, isComplete: false).counts
        if !layout.isEmpty { facts.append(("layout", layout)) }
        return facts
    }

    private func signed(_ value: Int64, _ style: Style) -> String {
        style.paint(Numbers.signed(value), value == 0 ? .plain : value > 0 ? .gain : .fall)
    }

    /// ` (1,234 per hour)`, where time passed and something was gained.
    private var rate: String {
        guard diff.totals.xpGained != 0, let elapsed = ends.elapsedMilliseconds, elapsed > 0,
            let perHour = Int64(exactly: (Double(diff.totals.xpGained) / (Double(elapsed) / 3_600_000)).rounded())
        else { return "" }
        return " (\(Numbers.grouped(perHour)) per hour)"
    }

    private func overall(_ style: Style) -> String {
        let row = diff.overall
        let parts = [
            ("rank", row.rank, ChangeCell.rank), ("level", row.level, ChangeCell.value),
            ("XP", row.xp, ChangeCell.value),
        ]
        return parts.compactMap { name, change, cell in
            guard !row.isUnknownAtEnd, let number = change.to, number >= 0 else { return nil }
            let difference = cell(change)
            let suffix = difference.text.isEmpty ? "" : " (\(style.paint(difference.text, difference.role)))"
            return "\(name) \(Numbers.grouped(number))\(suffix)"
        }.joined(separator: ", ")
    }

    /// `3 changed, 2 ranked, 1 unranked, 24 rank only`.
    private var rows: String {
        let rows =
            diff.skills.map { ($0.status, $0.isRankedOnce) } + diff.activities.map { ($0.status, $0.isRankedOnce) }
        let words: [(RowStatus, isRankedOnce: Bool?, String)] = [
            (.changed, nil, "changed"), (.ranked, true, "ranked"), (.ranked, false, "now known"),
            (.unranked, true, "unranked"), (.unranked, false, "no longer known"), (.rankOnly, nil, "rank only"),
        ]
        return words.compactMap { status, isRankedOnce, word in
            let count = rows.count { $0.0 == status && $0.1 == isRankedOnce ?? $0.1 }
            return count == 0 ? nil : "\(Numbers.grouped(count)) \(word)"
        }.joined(separator: ", ")
    }
}
