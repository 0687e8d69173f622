public import Archive
public import CanonicalJSON
import Hiscores

/// The answer of `rename`.
public enum RenameShape {
    /// A link that was written, or taken back, and how many snapshots it joins.
    public static func json(_ link: RenameLink, joined: Int) -> JSONValue {
        Shape.object([
            JSONMember("from", .player(link.from)),
            JSONMember("to", .player(link.to)),
            JSONMember("effective_at", .time(link.effectiveAt)),
            JSONMember("recorded_at", .time(link.recordedAt)),
            JSONMember("undone", .bool(link.isUndone)),
            JSONMember("snapshots_joined", .integer(joined)),
        ])
    }
}
