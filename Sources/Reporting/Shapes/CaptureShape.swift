public import Archive
public import CanonicalJSON
public import ObjectStore

/// A line of `capture`: what one board said about one player.
public enum CaptureShape {
    /// The last observation of a board, how many attempts it took, the snapshot before it, the change since then (as
    /// `DiffShape` gives it), and the exit code that this board alone would end with.
    public static func json(
        _ entry: LogEntry, outcome: Outcome, attempts: Int, previous: ObjectID?, diff: JSONValue?, exit: Int
    ) -> JSONValue {
        Shape.object(
            LogShape.members(entry, outcome) + [
                JSONMember("attempts", .integer(attempts)),
                JSONMember("previous", .id(previous)),
                JSONMember("diff", diff ?? .null),
                JSONMember("exit", .integer(exit)),
            ])
    }
}
