public import Hiscores

/// An entry of the list of accounts; what is nil is left to the settings.
public struct ListedAccount: Hashable, Sendable {
    /// The name as typed.
    public let name: String
    /// The name under which the archive keeps the account.
    public let player: PlayerName
    /// A board's name, or `auto`.
    public let board: String
    /// Minutes between two captures.
    public let intervalMinutes: Int?
    /// The name to show.
    public let displayName: String?
    /// Whether it is left out for now.
    public let isPaused: Bool
    /// Which snapshots are stored: `every`, `daily` or `changed`.
    public let ranks: String?

    /// An entry of given parts.
    public init(
        name: String, player: PlayerName, board: String, intervalMinutes: Int?, displayName: String?, isPaused: Bool,
        ranks: String?
    ) {
        (self.name, self.player, self.board) = (name, player, board)
        (self.intervalMinutes, self.displayName) = (intervalMinutes, displayName)
        (self.isPaused, self.ranks) = (isPaused, ranks)
    }
}
