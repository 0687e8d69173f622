public import Hiscores

/// An account as it is to be captured: whom, on which boards, and what is kept.
public struct CaptureAccount: Hashable, Sendable {
    /// The name as typed, checked and trimmed: what goes to the service.
    public let name: String
    /// The name under which the archive keeps the account.
    public let player: PlayerName
    /// One board, or whatever the account turns out to need.
    public let board: BoardChoice
    /// Which snapshots are kept that differ in ranks alone.
    public let ranks: RankPolicy

    /// An account. Throws where the service cannot have one of that name.
    public init(name: String, board: BoardChoice, ranks: RankPolicy = .every) throws(PlayerNameError) {
        self.name = try PlayerName.validated(name)
        guard let player = PlayerName(normalising: self.name) else { throw .empty }
        (self.player, self.board, self.ranks) = (player, board, ranks)
    }

    /// What makes two of a list the same.
    public var key: Key { Key(player: player, board: board) }

    /// Player and board.
    public struct Key: Hashable, Sendable {
        let player: PlayerName
        let board: BoardChoice
    }
}
