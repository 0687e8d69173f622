public import CivilTime
public import Hiscores

/// Which boards to ask about an account in one run of `--board auto`.
public enum BoardPlan {
    /// How long a frozen board goes unasked: it shows what it showed, and shall be seen to do so now and then.
    public static let frozenIntervalMilliseconds = 7 * Timestamp.millisecondsPerDay

    /// The boards in the order in which to ask them, never none. `lastAsked` says when a board last answered in the
    /// account's history.
    ///
    /// For an account that the cache knows and may rely on, the boards that move with it; otherwise all four, as for one
    /// that was never seen. A board that is known to be frozen is asked once a week all the same.
    public static func boards(
        knowing entry: ModeCacheEntry?, at now: Timestamp, lastAsked: (Board) -> Timestamp?
    ) -> [Board] {
        guard let entry, entry.suspected == nil else { return AccountEvidence.boards }
        let (live, frozen) = (Set(entry.standing.liveBoards), Set(entry.standing.frozenBoards))
        let isTrusted = entry.isTrusted(at: now)
        let planned = AccountEvidence.boards.filter { board in
            if frozen.contains(board) { return isDue(lastAsked(board), at: now) }
            return !isTrusted || live.contains(board)
        }
        return planned.isEmpty ? AccountEvidence.boards : planned
    }

    /// Whether a frozen board is to be asked; one whose answer lies in the future (a clock was set back) is.
    private static func isDue(_ last: Timestamp?, at now: Timestamp) -> Bool {
        guard let last else { return true }
        let age = now.milliseconds(since: last)
        return age < 0 || age >= frozenIntervalMilliseconds
    }
}
