public import CivilTime

/// One line of the progress log.
///
/// `[EMOJI] [YYYY-MM-DD HH:MM:SS UTC] [Agent: NAME] [Project: NAME] message | key=value; key=value`
///
/// Agent and project are left out where they are empty, ` | ` where there are no pairs. Line breaks and other control
/// characters become spaces in every part, so no text from outside can forge a second entry.
public struct ScribeEntry: Hashable, Sendable {
    /// The entry without its line break.
    public let text: String

    /// An entry.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - time: the text between the second brackets, usually `Timestamp.readable`.
    ///   - emoji: goes before `status`, which goes before the project's default.
    ///   - agent: who says so; goes before the project's default.
    public init(
        _ message: String, time: String, project: ScribeProject, emoji: String? = nil, status: ScribeStatus? = nil,
        agent: String? = nil, meta: ScribeMeta = ScribeMeta()
    ) {
        let emoji = emoji?.nonEmpty ?? status?.emoji ?? project.defaultEmoji
        var text = "[\(emoji.singleLine)] [\(time.singleLine)]"
        if let agent = agent?.nonEmpty ?? project.defaultAgent?.nonEmpty { text += " [Agent: \(agent.singleLine)]" }
        if let name = project.name?.nonEmpty { text += " [Project: \(name.singleLine)]" }
        text += " " + message.singleLine
        if !meta.pairs.isEmpty {
            text += " | " + meta.pairs.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        }
        self.text = text
    }

    /// An entry at a moment, to the second.
    public init(
        _ message: String, at time: Timestamp, project: ScribeProject, emoji: String? = nil,
        status: ScribeStatus? = nil, agent: String? = nil, meta: ScribeMeta = ScribeMeta()
    ) {
        self.init(
            message, time: time.readable, project: project, emoji: emoji, status: status, agent: agent, meta: meta)
    }

    /// The bytes that the log takes: UTF-8 with a line feed at the end.
    public var line: [UInt8] { Array(text.utf8) + [UInt8(ascii: "\n")] }
}

extension String {
    /// The text with each line break and control character (C0, DEL, C1 with NEL, U+2028, U+2029, and those that change
    /// the direction of writing) as a space.
    var singleLine: String {
        var line = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: line.append(" ")
            default: line.append(scalar)
            }
        }
        return String(line)
    }

    /// The text without spaces at its ends.
    var trimmed: String {
        let start = drop { $0 == " " }
        guard let last = start.lastIndex(where: { $0 != " " }) else { return "" }
        return String(start[...last])
    }

    /// The text, or nil where nothing but spaces would stand on its line.
    var nonEmpty: String? { singleLine.trimmed.isEmpty ? nil : self }
}
