import CanonicalJSON

/// What the project file (`config/project.json`) says about the progress log.
public struct ScribeProject: Hashable, Sendable {
    /// `project_name`: the project as entries name it, or nil.
    public let name: String?
    /// `progress_log`: the path of the log, put behind the project's root folder where it is relative.
    public let progressLog: String
    /// `default_emoji`, or 📝.
    public let defaultEmoji: String
    /// `default_agent`: who speaks where an entry names nobody, or nil.
    public let defaultAgent: String?

    /// A project as given.
    public init(name: String? = nil, progressLog: String, defaultEmoji: String = "📝", defaultAgent: String? = nil) {
        (self.name, self.progressLog) = (name, progressLog)
        (self.defaultEmoji, self.defaultAgent) = (defaultEmoji, defaultAgent)
    }

    /// Reads a project file.
    ///
    /// - Parameters:
    ///   - bytes: what the file holds; nil where there is none, which is `ScribeError.projectFileNotFound`.
    ///   - path: its path, for messages.
    ///   - root: the folder that a relative `progress_log` starts from: the one above the file's folder.
    public init(parsing bytes: [UInt8]?, path: String, root: String) throws(ScribeError) {
        guard let bytes else { throw .projectFileNotFound(path: path) }
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw .projectFileNotJSON(path: path, error)
        }
        func text(_ field: String) throws(ScribeError) -> String? {
            guard let value = document[JSONText(field)], !value.isNull else { return nil }
            guard let text = value.string else { throw .projectFieldNotText(path: path, field: field) }
            return text.nonEmpty
        }
        guard let log = try text("progress_log") else { throw .progressLogMissing }
        self.init(
            name: try text("project_name"),
            progressLog: log.hasPrefix("/") || root == "." ? log : "\(root)/\(log)",
            defaultEmoji: try text("default_emoji") ?? "📝",
            defaultAgent: try text("default_agent"))
    }
}
