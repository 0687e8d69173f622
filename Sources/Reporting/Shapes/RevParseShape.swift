public import Archive
public import CanonicalJSON
import ObjectStore

/// The answer of `rev-parse`.
public enum RevParseShape {
    /// What a reference stands for.
    public static func json(_ revision: Revision) -> JSONValue {
        let observation = revision.entry?.observation
        return Shape.object([
            JSONMember("ref", .text(revision.ref)),
            JSONMember("snapshot", .id(revision.snapshot)),
            JSONMember("board", .board(observation?.board)),
            JSONMember("player", .player(observation?.player)),
            JSONMember("captured_at", .time(observation?.capturedAt)),
            JSONMember("seq", .integer(revision.entry?.sequenceNumber)),
        ])
    }
}
