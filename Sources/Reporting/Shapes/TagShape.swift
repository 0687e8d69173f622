public import Archive
public import CanonicalJSON

/// A line of `tag`.
public enum TagShape {
    /// A name and the moment that it stands for.
    public static func json(_ tag: Tag) -> JSONValue {
        let sighting = tag.target?.sighting
        return Shape.object([
            JSONMember("name", .text(tag.name)),
            JSONMember("snapshot", .id(tag.target?.snapshot)),
            JSONMember("board", .board(sighting?.board)),
            JSONMember("player", .player(sighting?.player)),
            JSONMember("captured_at", .time(sighting?.capturedAt)),
        ])
    }
}
