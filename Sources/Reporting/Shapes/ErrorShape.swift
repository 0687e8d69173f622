public import CanonicalJSON

/// An error under `--json`, on stderr.
public enum ErrorShape {
    /// What went wrong as a code and as a sentence, the exit code, and, for a reference, what could have been meant.
    public static func json(
        code: String, exit: Int, message: String, ref: String? = nil, candidates: [String] = []
    ) -> JSONValue {
        Shape.object([
            JSONMember("code", .text(code)),
            JSONMember("exit", .integer(exit)),
            JSONMember("message", .text(message)),
            JSONMember("ref", .text(ref)),
            JSONMember("candidates", .texts(candidates)),
        ])
    }
}
