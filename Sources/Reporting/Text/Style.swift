/// Whether text is coloured, and which colour means what (ECMA-48, Select Graphic Rendition).
public struct Style: Hashable, Sendable {
    /// What a piece of text is about.
    enum Role: Hashable, Sendable {
        /// Nothing special.
        case plain
        /// A title.
        case heading
        /// A change for the better.
        case gain
        /// A change for the worse.
        case fall
        /// What is new: a row added or ranked, a snapshot stored.
        case arrival
        /// What matters less.
        case muted
        /// What needs attention.
        case caution
        /// What went wrong.
        case failure

        var graphicRendition: String? {
            switch self {
            case .plain: nil
            case .heading: "1"
            case .gain: "32"
            case .fall, .failure: "31"
            case .arrival: "36"
            case .muted: "2"
            case .caution: "33"
            }
        }
    }

    /// Text without any escape sequence.
    public static let plain = Style(isColoured: false)

    /// Whether escape sequences for colour are written.
    public let isColoured: Bool

    /// A style with or without colour.
    public init(isColoured: Bool) { self.isColoured = isColoured }

    /// Text in the colour of its role. The text is taken as it is: what comes from outside goes through
    /// `Printable.text` first.
    func paint(_ text: String, _ role: Role) -> String {
        guard isColoured, let rendition = role.graphicRendition, !text.isEmpty else { return text }
        return "\u{1B}[\(rendition)m\(text)\u{1B}[0m"
    }
}
