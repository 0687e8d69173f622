public import CanonicalJSON

/// A line of `config show`.
public enum ConfigShape {
    /// A setting, its value (nil where it has none; secrets come in hidden), and where the value came from.
    public static func json(name: String, value: String?, origin: String) -> JSONValue {
        Shape.object([
            JSONMember("name", .text(name)), JSONMember("value", .text(value)), JSONMember("origin", .text(origin)),
        ])
    }
}
