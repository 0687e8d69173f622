import Diffing
import Hiscores

/// What of Overall's change is no change of a skill: Overall counts the experience of a row that is new or newly ranked,
/// while for the row itself there is nothing to compare with.
struct UncountedExperience {
    let diff: HiscoreDiff
    let ends: DiffEnds

    /// `2,048,190 XP in rows that are new or newly ranked`; nil where Overall and the skills agree, where Overall is not
    /// known, and where no row explains it.
    var text: String? {
        guard let overall = diff.overall.xp.change, overall != diff.totals.xpGained else { return nil }
        let (rest, overflow) = overall.subtractingReportingOverflow(diff.totals.xpGained)
        let statuses = Set(diff.skills.map(\.status))
        let kinds: [(RowStatus, String)] = [
            (.added, "new"), (.ranked, "newly ranked"), (.unranked, "no longer ranked"), (.removed, "removed"),
        ]
        let words = kinds.filter { statuses.contains($0.0) }.map(\.1)
        guard let last = words.last, !overflow else { return nil }
        let list = words.count == 1 ? last : words.dropLast().joined(separator: ", ") + " or \(last)"
        return "\(Numbers.grouped(rest)) XP in rows that \(ends.isOneHistory ? "are \(list)" : "only one side has")"
    }
}
