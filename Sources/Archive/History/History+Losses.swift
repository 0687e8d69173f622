public import Hiscores

/// What a repair declared lost.
extension History {
    /// The declared losses, in the order in which they were declared.
    public var losses: [Loss] {
        declarations.compactMap { record in
            guard case .loss(let loss) = record else { return nil }
            return loss
        }
    }

    /// Those of which it is known that they are this player's.
    public func losses(of player: PlayerName) -> [Loss] { losses.filter { $0.player == player } }
}
