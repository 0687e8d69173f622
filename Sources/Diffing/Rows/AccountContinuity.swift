public import Hiscores

/// Whether two documents can be of one account.
///
/// Experience never falls by play. It does by a rollback of the game, which undoes some hours: Wise Old Man takes what is
/// worth less than 12 hours for one, and everything else for a name that another account has now
/// (docs/ARCHITECTURE.md). Ranks fall always, scores of ratings at any time, and rows that come or go are a matter of the
/// layout: of all that nothing is held against an account.
extension HiscoreDiff {
    /// More experience than a rollback can undo: 12 hours at a million an hour, which few skills allow.
    static let rollbackLimit: Int64 = 12_000_000

    /// So many skills that fall at once are too many for a rollback, where they are most of those that are known.
    static let rollbackSkills = 5

    /// Boards on which everybody begins anew from time to time, and all falls.
    private static let restarted: Set<Board> = [.deadman, .seasonal, .tournament]

    /// Whether what changed on a board, from an older document to a newer one, is nothing that one account can do: more
    /// experience fell than a rollback undoes, or more than half of all, or most skills fell or are gone. Linear in the
    /// rows.
    public func suggestsAnotherAccount(on board: Board) -> Bool {
        guard !isFirst, !Self.restarted.contains(board) else { return false }
        let known = skills.filter { $0.xp.change != nil }
        let falls = known.compactMap { $0.xp.change.flatMap { $0 < 0 ? $0.magnitude : nil } }
        let lost = Self.sum(falls)
        let before = overall.xp.change == nil ? Self.sum(known.compactMap { $0.xp.from?.magnitude }) : nil
        if let change = overall.xp.change, let from = overall.xp.from {
            if change < 0, change.magnitude > from.magnitude / 2 { return true }
            if change < 0, change.magnitude > Self.rollbackLimit { return true }
        } else if let before, lost > before / 2 {
            return true
        }
        // A skill that is known no more may be a gap of the answer as long as Overall goes on.
        let gone = overall.xp.change.map { $0 >= 0 } ?? false ? 0 : skills.count { $0.status == .unranked }
        let fallen = falls.count + gone
        return lost > Self.rollbackLimit
            || fallen >= Self.rollbackSkills && fallen * 2 > known.count + gone
    }

    private static func sum(_ values: [UInt64]) -> UInt64 {
        values.reduce(0) { sum, value in
            let (total, overflow) = sum.addingReportingOverflow(value)
            return overflow ? .max : total
        }
    }
}
