/// How a step went; each status has its emoji.
public enum ScribeStatus: String, Hashable, Sendable, CaseIterable {
    /// Something to know.
    case info
    /// It worked.
    case success
    /// It worked, but look at it.
    case warn
    /// It failed.
    case error
    /// A defect was found.
    case bug
    /// Something is going to be done.
    case plan

    /// The emoji that stands for it in an entry.
    public var emoji: String {
        switch self {
        case .info: "ℹ️"
        case .success: "✅"
        case .warn: "⚠️"
        case .error: "❌"
        case .bug: "🐞"
        case .plan: "🧭"
        }
    }
}
