public import CanonicalJSON
public import ObjectStore

/// The answer of `hash`.
public enum HashShape {
    /// The id of a document and how many bytes its canonical form has.
    public static func json(_ id: ObjectID, bytes: Int) -> JSONValue {
        Shape.object([JSONMember("id", .id(id)), JSONMember("bytes", .integer(bytes))])
    }
}
