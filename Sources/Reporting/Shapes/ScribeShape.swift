public import CanonicalJSON

/// The answer of `scribe`: the entry and the log that it is for.
public enum ScribeShape {
    /// `isWritten` is false for a dry run.
    public static func json(path: String, entry: String, isWritten: Bool) -> JSONValue {
        Shape.object([
            JSONMember("path", .text(path)),
            JSONMember("entry", .text(entry)),
            JSONMember("written", .bool(isWritten)),
        ])
    }
}
