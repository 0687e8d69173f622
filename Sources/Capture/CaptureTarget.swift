public import Hiscores

/// One account on one board, as asked for.
public struct CaptureTarget: Hashable, Sendable {
    /// The name as typed, checked and trimmed: what goes to the service.
    public let name: String
    /// The name under which the archive keeps the account.
    public let player: PlayerName
    /// The board.
    public let board: Board

    /// A target. Throws where the service cannot have an account of that name.
    public init(name: String, board: Board) throws(PlayerNameError) {
        self.name = try PlayerName.validated(name)
        guard let player = PlayerName(normalising: self.name) else { throw .empty }
        (self.player, self.board) = (player, board)
    }

    /// One board of an account.
    init(_ account: CaptureAccount, _ board: Board) {
        (name, player, self.board) = (account.name, account.player, board)
    }
}
