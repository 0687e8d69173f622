import Hiscores

/// The numbers of a row that can be counted from. Where the row says nothing (`isUnknown`), none: a 0 without a rank is
/// "not on this table", not zero, and a player who enters a table may have had the score for years. A served -1 is never
/// a number.
extension SkillRow {
    var knownRank: Int64? { isRanked ? rank : nil }
    var knownLevel: Int64? { known(level) }
    var knownXP: Int64? { known(xp) }

    private func known(_ number: ServedNumber) -> Int64? { isUnknown ? nil : number.flatMap { $0 < 0 ? nil : $0 } }
}

extension ActivityRow {
    var knownRank: Int64? { isRanked ? rank : nil }
    var knownScore: Int64? { isUnknown ? nil : score.flatMap { $0 < 0 ? nil : $0 } }
}
