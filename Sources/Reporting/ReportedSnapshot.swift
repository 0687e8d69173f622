public import Archive
public import CivilTime
public import Hiscores
public import ObjectStore

/// A snapshot as reports name it: what was asked for, whose it is, and when it was seen.
///
/// Player, board and time are nil for an id that no log mentions.
public struct ReportedSnapshot: Hashable, Sendable {
    /// The reference that it answers to, as typed where somebody typed one.
    public var ref: String
    /// The player, normalised.
    public var player: PlayerName?
    /// The player's name as served or asked for.
    public var displayName: String?
    /// The board.
    public var board: Board?
    /// When the answer arrived.
    public var capturedAt: Timestamp?
    /// The document's id.
    public var snapshot: ObjectID
    /// The id of the document without its ranks; nil where it is not known.
    public var progress: ObjectID?

    /// A snapshot of given parts.
    public init(
        ref: String, player: PlayerName?, displayName: String? = nil, board: Board?, capturedAt: Timestamp?,
        snapshot: ObjectID, progress: ObjectID?
    ) {
        (self.ref, self.player, self.displayName, self.board) = (ref, player, displayName, board)
        (self.capturedAt, self.snapshot, self.progress) = (capturedAt, snapshot, progress)
    }

    /// What a reference was resolved to. `progress` is for documents that no log mentions; the log's own counts first.
    public init(_ revision: Revision, progress: ObjectID? = nil) {
        let observation = revision.entry?.observation
        self.init(
            ref: revision.ref, player: observation?.player, displayName: observation?.displayName,
            board: observation?.board, capturedAt: observation?.capturedAt, snapshot: revision.snapshot,
            progress: observation?.progress ?? progress)
    }

    /// An ok observation of a log, under a reference; nil for a failed one.
    public init?(_ entry: LogEntry, ref: String) {
        let observation = entry.observation
        guard let snapshot = observation.snapshot else { return nil }
        self.init(
            ref: ref, player: observation.player, displayName: observation.displayName, board: observation.board,
            capturedAt: observation.capturedAt, snapshot: snapshot, progress: observation.progress)
    }
}

/// Two snapshots that are compared; `from` is nil where there is nothing before.
public struct DiffEnds: Hashable, Sendable {
    /// What is compared against.
    public let from: ReportedSnapshot?
    /// What is compared.
    public let to: ReportedSnapshot
    /// Whether both are one account on one board, so that a difference is what was gained. Otherwise, and where a player
    /// or board is not known, it only says how one stands to the other.
    public let isOneHistory: Bool

    /// The ends of a comparison. Where nobody says whether they are of one account, they are where they have one name.
    public init(from: ReportedSnapshot?, to: ReportedSnapshot, isOneAccount: Bool? = nil) {
        (self.from, self.to) = (from, to)
        guard let from else {
            isOneHistory = true
            return
        }
        let isOnOneBoard = from.board != nil && from.board == to.board
        isOneHistory = isOnOneBoard && (isOneAccount ?? (from.player != nil && from.player == to.player))
    }

    /// Whether both are the same document.
    public var isIdentical: Bool { from?.snapshot == to.snapshot }

    /// Whether both are the same but for their ranks; nil where that is not known.
    public var isProgressIdentical: Bool? {
        guard let from, !isIdentical else { return isIdentical }
        guard let before = from.progress, let after = to.progress else { return nil }
        return before == after
    }

    /// Milliseconds from the first end to the second, negative where that is the earlier one; nil where a time is not
    /// known.
    public var elapsedMilliseconds: Int64? {
        guard let before = from?.capturedAt, let after = to.capturedAt else { return nil }
        return after.milliseconds(since: before)
    }
}
