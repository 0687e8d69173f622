public import CivilTime
public import Hiscores

/// What an import can read. The raw values are those of `--format`.
public enum ImportFormat: String, CaseIterable, Hashable, Sendable {
    /// A JSON object a line: `player`, `board`, `captured_at` and `body` or `csv`, or what `export` wrote.
    case jsonl
    /// One answer of `index_lite.json`, compact or indented.
    case official
    /// One answer of `index_lite.ws`.
    case ws
    /// A snapshot file of the earlier Python tool, or of `export --format tree`.
    case tree
    /// A player, a snapshot or a page of snapshots of Wise Old Man.
    case wom
    /// Datapoints of Crystal Math Labs.
    case cml
    /// A folder with another archive.
    case archive
}

/// What a person says of the data, for where the data does not say it.
public struct ImportOptions: Sendable {
    /// The format; nil finds it out from the content.
    public var format: ImportFormat?
    /// The player, as the name is spelled.
    public var player: String?
    /// The board. For Wise Old Man it counts more than the account type in the data.
    public var board: Board?
    /// When the answer arrived.
    public var capturedAt: Timestamp?
    /// Of another archive, only what is this player's; nil for everything.
    public var mergesOnly: PlayerName?
    /// Whether what this archive has forgotten is left out of what another archive hands over.
    public var leavesForgotten = false

    /// Options; nothing said unless given.
    public init(
        format: ImportFormat? = nil, player: String? = nil, board: Board? = nil, capturedAt: Timestamp? = nil
    ) {
        (self.format, self.player, self.board, self.capturedAt) = (format, player, board, capturedAt)
    }
}
