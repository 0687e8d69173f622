public import CivilTime
public import Hiscores
import ObjectStore

/// What is to be forgotten: a player's history, on one board or on all, at one moment or at all.
public struct ForgetSelection: Hashable, Sendable {
    /// Whose.
    public var player: PlayerName
    /// On which board; nil for all.
    public var board: Board?
    /// At which moment; nil for all.
    public var capturedAt: Timestamp?

    /// A selection of given parts.
    public init(player: PlayerName, board: Board? = nil, capturedAt: Timestamp? = nil) {
        (self.player, self.board, self.capturedAt) = (player, board, capturedAt)
    }

    func includes(_ board: Board) -> Bool { self.board == nil || self.board == board }

    func includes(_ moment: Timestamp) -> Bool { capturedAt == nil || capturedAt == moment }

    /// Whether a record that is no observation names what is forgotten, and so goes with it.
    func includes(_ record: Record) -> Bool {
        switch record {
        case .tag(let tag):
            guard let sighting = tag.target?.sighting else { return false }
            return sighting.player == player && includes(sighting.board) && includes(sighting.capturedAt)
        case .rename(let link): return board == nil && capturedAt == nil && (link.from == player || link.to == player)
        case .loss(let loss):
            return capturedAt == nil && loss.player == player && (board == nil || loss.board == board)
        case .observation, .tombstone: return false
        }
    }
}

/// What was forgotten, or would be.
public struct Forgetting: Hashable, Sendable {
    /// Observations that are gone.
    public internal(set) var observations = 0
    /// The moments of the first and the last of them.
    public internal(set) var from: Timestamp?
    /// See `from`.
    public internal(set) var to: Timestamp?
    /// The boards that they were made on.
    public internal(set) var boards: [Board] = []
    /// Whether declared losses name the player, of whom nothing else may be left.
    public internal(set) var isDeclaredLost = false
    /// Tags, rename links and declared losses that named them, and went with them.
    public internal(set) var otherRecords = 0
    /// Names of tags that stood for one of them.
    public internal(set) var tags: [String] = []
    /// Files that a repair has set aside: they may still hold what was forgotten.
    public internal(set) var damagedFiles = 0
}
