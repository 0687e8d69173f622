public import CanonicalJSON
import Glibc

/// Why an entry could not be made or written.
public enum ScribeError: Error, Hashable, Sendable {
    /// There is no project file at that path.
    case projectFileNotFound(path: String)
    /// The project file is no JSON.
    case projectFileNotJSON(path: String, JSONError)
    /// A field of the project file that must be text is something else.
    case projectFieldNotText(path: String, field: String)
    /// The project file names no progress log.
    case progressLogMissing
    /// A word after `--meta` that is no `key=value`.
    case metaNotPair(String)
    /// A `--meta` pair without a key.
    case metaKeyEmpty
    /// The command line holds no message.
    case messageMissing
    /// The log at `path` could not be written: the system call that failed and its error number.
    case logNotWritten(path: String, call: String, number: Int32)
    /// Other processes kept on rotating the log, or every number for a rotated one is taken.
    case rotationFailed(path: String)

    /// The name of the case for programs.
    public var code: String {
        switch self {
        case .projectFileNotFound: "project_file_not_found"
        case .projectFileNotJSON, .projectFieldNotText, .progressLogMissing: "project_file_invalid"
        case .metaNotPair, .metaKeyEmpty, .messageMissing: "usage"
        case .logNotWritten, .rotationFailed: "progress_log_not_written"
        }
    }
}

extension ScribeError: CustomStringConvertible {
    /// What happened and what to do, in the words of the earlier tool where it had any.
    public var description: String {
        switch self {
        case .projectFileNotFound(let path): "Config file not found: \(path)"
        case .projectFileNotJSON(let path, let error): "Config file is not valid JSON: \(path) (\(error))"
        case .projectFieldNotText(let path, let field): "Config file \(path): '\(field)' must be text."
        case .progressLogMissing: "Config file is missing 'progress_log'."
        case .metaNotPair(let word): "Meta value must be key=value, received: \(word)"
        case .metaKeyEmpty: "Meta key cannot be empty."
        case .messageMissing: "A message is needed: scribe MESSAGE, or scribe -m key=value MESSAGE."
        case .logNotWritten(let path, let call, let number):
            "Cannot write the progress log \(path): \(call): \(unsafe String(cString: strerror(number)))."
        case .rotationFailed(let path):
            "Cannot rotate the progress log \(path): no free name. Move older logs away."
        }
    }
}
