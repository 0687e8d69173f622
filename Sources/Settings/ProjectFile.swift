import CanonicalJSON

/// The project file, `config/project.json` where nobody says otherwise.
public struct ProjectFile: Hashable, Sendable {
    /// Its path.
    public let path: String
    /// What it holds, or nil where there is none.
    public let bytes: [UInt8]?

    /// The project's root folder, the one above the file's folder, as a path: relative paths of the file start there.
    /// `.` for `config/project.json`.
    public var root: String {
        var parts = path.split(separator: "/", omittingEmptySubsequences: true).dropLast().filter { $0 != "." }
        if let last = parts.last, last != ".." {
            parts.removeLast()
        } else if !path.hasPrefix("/") {
            parts.append("..")
        }
        if path.hasPrefix("/") { return "/" + parts.joined(separator: "/") }
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }

    /// The settings that the file gives, as text; other members are left to whom they concern.
    func values() throws(SettingsError) -> [Setting: String] {
        guard let bytes else { return [:] }
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw .projectFileNotJSON(path: path, error)
        }
        guard document.object != nil else { throw .projectFileNotObject(path: path) }
        var values: [Setting: String] = [:]
        for setting in Setting.allCases where setting.definition.isInProjectFile {
            guard let value = document[JSONText(setting.rawValue)], !value.isNull, value != .text("") else { continue }
            guard let text = setting.definition.kind.text(of: value) else {
                throw .invalidValue(
                    setting, origin: origin(of: setting), value: nil, allowed: setting.definition.kind.allowed)
            }
            values[setting] = setting == .archiveFolder ? resolved(text) : text
        }
        return values
    }

    /// A path of the file as one that starts in the working folder.
    private func resolved(_ path: String) -> String { path.hasPrefix("/") || root == "." ? path : "\(root)/\(path)" }

    func origin(of setting: Setting) -> SettingOrigin { .projectFile(path: path, member: setting.rawValue) }
}

extension Setting.Kind {
    /// The JSON value as the text that a variable would hold, or nil where its type does not fit.
    fileprivate func text(of value: JSONValue) -> String? {
        switch self {
        case .line, .url, .names, .secret: value.string
        case .number: value.integer.map { String($0) }
        case .decimal: value.number.map { String($0) }
        case .toggle: value.bool.map { $0 ? "on" : "off" }
        }
    }
}
