public import CivilTime
import Hiscores

/// What kind of account a made-up player has: it decides the boards that the player stands on.
public enum AccountKind: Hashable, Sendable {
    /// On the main board alone. Group ironmen look so too.
    case regular
    /// On the main and the ironman board.
    case ironman
    /// On the main, ironman and hardcore board.
    case hardcore
    /// On the main, ironman and ultimate board.
    case ultimate
    /// A hardcore ironman who died then: the hardcore board keeps showing what was true at that moment.
    case deadHardcore(since: Timestamp)
    /// An ironman who left the mode then: the ironman board keeps showing what was true at that moment.
    case deIroned(since: Timestamp)
    /// An ultimate ironman who became a plain one then: the ultimate board keeps showing what was true at that moment.
    case deUltimated(since: Timestamp)

    /// Reads `regular`, `ironman`, `hardcore`, `ultimate`, `dead-hardcore@DATE`, `de-ironed@DATE` or
    /// `de-ultimated@DATE` (DATE as `YYYY-MM-DD`, its first millisecond), or nil.
    public init?(parsing text: some StringProtocol) {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let since = parts.count == 2 ? Timestamp(date: parts[1]) : nil
        switch (parts[0], parts.count, since) {
        case ("regular", 1, _): self = .regular
        case ("ironman", 1, _): self = .ironman
        case ("hardcore", 1, _): self = .hardcore
        case ("ultimate", 1, _): self = .ultimate
        case ("dead-hardcore", _, let since?): self = .deadHardcore(since: since)
        case ("de-ironed", _, let since?): self = .deIroned(since: since)
        case ("de-ultimated", _, let since?): self = .deUltimated(since: since)
        default: return nil
        }
    }

    /// The moment whose values `board` shows at `now`: `now` itself where the player still stands on it, an earlier one
    /// where the board is frozen, nil where the player is not listed.
    func momentShown(on board: Board, at now: Timestamp) -> Timestamp? {
        switch (board, self) {
        case (.main, _): now
        case (.ironman, .deIroned(let since)): min(since, now)
        case (.ironman, let kind) where kind != .regular: now
        case (.hardcoreIronman, .hardcore): now
        case (.hardcoreIronman, .deadHardcore(let since)): min(since, now)
        case (.ultimate, .ultimate): now
        case (.ultimate, .deUltimated(let since)): min(since, now)
        default: nil
        }
    }

    /// A kind that follows from a seed, in about the shares that trackers report: six of ten are regular.
    init(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let share = chance.nextUnit()
        // Somewhere in 2025 or 2026, whole days.
        let since = Timestamp(millisecondsSinceEpoch: 1_735_689_600_000 + Int64(chance.next(below: 730)) * 86_400_000)
        switch (share, since) {
        case (..<0.60, _): self = .regular
        case (..<0.83, _): self = .ironman
        case (..<0.90, _): self = .hardcore
        case (..<0.94, _): self = .ultimate
        case (..<0.97, let since?): self = .deadHardcore(since: since)
        case (_, let since?): self = .deIroned(since: since)
        default: self = .ironman
        }
    }
}
