public import CanonicalJSON

/// The answer of `import`.
public enum ImportShape {
    /// Observations that were read, of them those that are new, those that were there already, and what was rejected.
    public static func json(read: Int, added: Int, already: Int, rejected: Int) -> JSONValue {
        Shape.object([
            JSONMember("read", .integer(read)),
            JSONMember("added", .integer(added)),
            JSONMember("already", .integer(already)),
            JSONMember("rejected", .integer(rejected)),
        ])
    }
}
