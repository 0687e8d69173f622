public import CivilTime

/// Why a text is no answer of `index_lite.ws` that can be given names.
public struct IndexLiteError: Error, Hashable, Sendable {
    /// What went wrong.
    public enum Reason: Hashable, Sendable {
        /// Nothing but blank lines.
        case empty
        /// A web page: the service answers with one during outages.
        case webPage
        /// Fewer rows than the layout in force has.
        case truncated(rows: Int, expected: Int)
        /// A line that is no row; see `MalformedLine`.
        case malformed(MalformedLine)
        /// No layout is known for that moment.
        case unknownLayout(Timestamp)
        /// The order of rows changed about that moment without a change of their number, so it cannot be told.
        case ambiguousLayout(Timestamp)
    }

    /// What is wrong with a line.
    public enum MalformedLine: Hashable, Sendable {
        /// No text between two rows.
        case blank
        /// Another number of fields than rank, level and xp.
        case skill(fields: Int)
        /// Another number of fields than rank and score.
        case activity(fields: Int)
        /// The field of that number (from 1) is no whole number between -2^53 and 2^53.
        case number(field: Int)
    }

    /// What went wrong.
    public let reason: Reason
    /// The line, from 1, where it is about one.
    public let line: Int?

    init(_ reason: Reason, line: Int? = nil) { (self.reason, self.line) = (reason, line) }

    /// The machine-readable name of the reason.
    public var code: String {
        switch reason {
        case .empty: "empty"
        case .webPage: "web_page"
        case .truncated: "truncated"
        case .malformed: "malformed_line"
        case .unknownLayout: "unknown_layout"
        case .ambiguousLayout: "ambiguous_layout"
        }
    }
}

extension IndexLiteError: CustomStringConvertible {
    /// What is wrong, and what to do; the line stands in front where there is one.
    public var description: String {
        let text =
            switch reason {
            case .empty: "the answer is empty: capture again"
            case .webPage:
                "a web page stands in place of the answer, as during an outage of the hiscores: capture again later"
            case .truncated(let rows, let expected):
                "the answer has \(rows) rows where the hiscores served \(expected) at that time, so it was cut off: "
                    + "it cannot be used; check that its time of capture is right"
            case .malformed(.blank): "blank line between rows: the answer is damaged"
            case .malformed(.skill(let fields)):
                "a skill has 3 fields (rank,level,xp), not \(fields): the answer is damaged"
            case .malformed(.activity(let fields)):
                "an activity has 2 fields (rank,score), not \(fields): the answer is damaged"
            case .malformed(.number(let field)): "field \(field) is no whole number: the answer is damaged"
            case .unknownLayout(let moment): LayoutError(moment: moment).description
            case .ambiguousLayout(let moment):
                "two rows changed places about \(moment), so it cannot be told which is which: "
                    + "use an answer that names its rows (index_lite.json)"
            }
        return line.map { "line \($0): \(text)" } ?? text
    }
}
