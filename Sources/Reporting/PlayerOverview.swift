public import Archive
public import CivilTime
public import Hiscores
import ObjectStore

/// What an archive holds of one player.
public struct PlayerOverview: Hashable, Sendable {
    /// The player.
    public let player: PlayerName
    /// The name as it was last served or asked for.
    public let displayName: String?
    /// What it holds of each board, in the order of the boards.
    public let boards: [BoardOverview]

    /// The overview of a player in a history. Linear in the player's observations.
    public init(_ player: PlayerName, in history: History) {
        self.init(player, displayName: history.displayName(of: player), logs: history.logs(of: player))
    }

    /// The overview of given logs.
    init(_ player: PlayerName, displayName: String?, logs: [RefLog]) {
        (self.player, self.displayName) = (player, displayName)
        boards = logs.map { BoardOverview($0) }
    }

    /// Whether there is any snapshot; a player without one has failures only.
    public var hasSnapshots: Bool { boards.contains { $0.snapshots > 0 } }
}

/// What an archive holds of one player on one board.
public struct BoardOverview: Hashable, Sendable {
    /// An attempt that brought no snapshot.
    public struct Failure: Hashable, Sendable {
        /// When its answer arrived.
        public let at: Timestamp
        /// How it ended.
        public let outcome: Outcome
    }

    /// The board.
    public let board: Board
    /// Observations, failures included.
    public let observations: Int
    /// Distinct snapshot ids.
    public let snapshots: Int
    /// The first ok observation.
    public let first: Timestamp?
    /// The last ok observation.
    public let lastSuccess: Timestamp?
    /// The last failure.
    public let lastFailure: Failure?

    init(_ log: RefLog) {
        board = log.board
        observations = log.entries.count
        snapshots = Set(log.successes.compactMap(\.observation.snapshot)).count
        first = log.successes.first?.observation.capturedAt
        lastSuccess = log.head?.observation.capturedAt
        lastFailure = log.entries.last { $0.observation.result != .ok }
            .map { Failure(at: $0.observation.capturedAt, outcome: log.outcome(of: $0)) }
    }
}
