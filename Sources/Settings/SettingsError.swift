public import CanonicalJSON
import Glibc

/// Why the settings cannot be read. Nothing broken is passed over in silence: a wrong archive folder would be worse.
public enum SettingsError: Error, Hashable, Sendable {
    /// A value that its setting does not take; `value` is nil where it is secret.
    case invalidValue(Setting, origin: SettingOrigin, value: String?, allowed: String)
    /// A line of the `.env` file is no `NAME=value`.
    case environmentFileInvalid(path: String, line: Int, reason: String)
    /// The project file is no JSON.
    case projectFileNotJSON(path: String, JSONError)
    /// The project file is JSON, but no object.
    case projectFileNotObject(path: String)
    /// The project file that a flag or variable names does not exist.
    case projectFileNotFound(path: String, origin: SettingOrigin)
    /// A file that exists cannot be read: the system call that failed and its error number.
    case fileNotReadable(path: String, call: String, number: Int32)

    /// The name of the case for programs.
    public var code: String {
        switch self {
        case .invalidValue: "setting_invalid"
        case .environmentFileInvalid: "environment_file_invalid"
        case .projectFileNotJSON, .projectFileNotObject: "project_file_invalid"
        case .projectFileNotFound: "project_file_not_found"
        case .fileNotReadable: "file_not_readable"
        }
    }
}

extension SettingsError: CustomStringConvertible {
    /// What is wrong, where it stands, and what is allowed.
    public var description: String {
        switch self {
        case .invalidValue(let setting, let origin, let value, let allowed):
            "\(setting.rawValue) (from \(origin))\(value.map { " is \(String(reflecting: $0))" } ?? ""): it must be \(allowed)."
        case .environmentFileInvalid(let path, let line, let reason): "\(path), line \(line): \(reason)."
        case .projectFileNotJSON(let path, let error): "Config file is not valid JSON: \(path) (\(error))"
        case .projectFileNotObject(let path): "Config file is no JSON object: \(path)"
        case .projectFileNotFound(let path, let origin): "Config file not found: \(path) (from \(origin))"
        case .fileNotReadable(let path, let call, let number):
            "Cannot read \(path): \(call): \(unsafe String(cString: strerror(number)))."
        }
    }
}
