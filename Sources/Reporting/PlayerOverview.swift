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

    /// The overview of a player in a history. Counts are known; a log with failures is looked into for the last one.
    /// Throws where that cannot be read.
    public init(_ player: PlayerName, in history: History) throws(ArchiveError) {
        try self.init(player, displayName: history.displayName(of: player), logs: history.logs(of: player))
    }

    /// The overview of given logs.
    init(_ player: PlayerName, displayName: String?, logs: [RefLog]) throws(ArchiveError) {
        (self.player, self.displayName) = (player, displayName)
        boards = try logs.map { log throws(ArchiveError) in try BoardOverview(log) }
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
        /// Why, in a sentence; empty where that is not known or cannot be read.
        public let reason: String
    }

    /// The board.
    public let board: Board
    /// Observations, failures included.
    public let observations: Int
    /// Distinct snapshot ids.
    public let snapshots: Int
    /// The first ok observation.
    public let first: Timestamp?
    /// The last observation that brought a snapshot, be its document kept or not.
    public let lastSuccess: Timestamp?
    /// The last failure.
    public let lastFailure: Failure?

    init(_ log: RefLog) throws(ArchiveError) {
        board = log.board
        observations = log.count
        snapshots = log.snapshotCount
        first = try log.firstSuccess?.capturedAt
        lastSuccess = try log.lastServed?.capturedAt
        lastFailure = try log.lastFailure.map { row throws(ArchiveError) in
            let reason = (try? log.entry(of: row))?.reason ?? ""
            return Failure(at: row.capturedAt, outcome: try log.outcome(of: row), reason: reason)
        }
    }
}
