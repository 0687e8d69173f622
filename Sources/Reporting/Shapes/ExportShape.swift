public import CanonicalJSON

/// The answer of `export --to PATH`.
public enum ExportShape {
    /// Observations that were written, those that stood at the path already, and those that could not be read.
    public static func json(format: String, path: String?, written: Int, already: Int, failed: Int) -> JSONValue {
        Shape.object([
            JSONMember("format", .text(format)),
            JSONMember("path", .text(path)),
            JSONMember("written", .integer(written)),
            JSONMember("already", .integer(already)),
            JSONMember("failed", .integer(failed)),
        ])
    }
}
