/// A canonical JSON document (RFC 8785) with its integers taken out: the text with one zero byte, a *slot*, in the place
/// of each integer. Captures of one player share a template for weeks, so a capture is a row of integers.
///
/// A slot stands for a literal that is the canonical text of a 64-bit integer and no part of a string; every other number
/// (`-0`, `1.0`, `1e5`, one beyond 64 bits) stays in the text. So does the integer of a member called `id`: it changes
/// with the layout, never with play. Canonical JSON has no raw control bytes, so a zero byte is never anything else.
public struct Template: Sendable {
    /// The most slots of a template.
    public static let maximumSlots = 4_096
    /// The longest text in bytes, slots included.
    public static let maximumTextBytes = 65_536

    /// The text with its slots.
    public let text: [UInt8]
    /// The column that each slot belongs to.
    public let layout: RowLayout
    private let whole: TemplateRendering

    /// How many slots there are.
    public var slotCount: Int { layout.count }

    /// Reads a template: bytes that are JSON without white space once each slot is taken for a number. Linear; bounded by
    /// the two limits above and 512 levels of nesting.
    public init(text: [UInt8]) throws(TemplateError) {
        layout = try TemplateColumns.layout(of: text)
        self.text = text
        whole = TemplateRendering(text, leavingOut: [])
    }

    /// The layout of a template with this text, where nothing else of it is needed.
    public static func layout(of text: [UInt8]) throws(TemplateError) -> RowLayout {
        try TemplateColumns.layout(of: text)
    }

    /// The template with this text, whose columns are known: those of a text that differs in nothing but strings which
    /// name no column. Throws `malformed` where there are not as many slots as columns.
    public init(text: [UInt8], layout: RowLayout) throws(TemplateError) {
        whole = TemplateRendering(text, leavingOut: [])
        guard whole.numberCount == layout.count else { throw TemplateError(code: .malformed, offset: text.count) }
        (self.text, self.layout) = (text, layout)
    }

    /// Writes the document that the numbers make of this template over `output`. False, with nothing in `output`, where
    /// there are not as many numbers as slots.
    @discardableResult
    public func render(_ numbers: [Int64], into output: inout [UInt8]) -> Bool { whole.render(numbers, into: &output) }

    /// Renders the same documents without each member of that name, at any depth; `member` is the name as it stands
    /// between the quotes. On canonical documents that is their canonical form without the member.
    public func reduced(omitting member: [UInt8]) -> TemplateRendering {
        TemplateRendering(text, leavingOut: TemplateColumns.ranges(ofMembersNamed: member, in: text.span))
    }

    /// Splits a document into the text of its template and its integers, which replace what the two arrays hold.
    ///
    /// True promises that rendering the text with the numbers gives exactly these bytes, whatever they are. False: it has
    /// more slots or a longer text than a template may have, or a control byte. Linear, without allocation once the
    /// arrays have grown.
    public static func split(_ document: [UInt8], text: inout [UInt8], numbers: inout [Int64]) -> Bool {
        numbers.removeAll(keepingCapacity: true)
        // A text is shorter than its document by at most 19 bytes a slot.
        guard document.count <= maximumTextBytes + 19 * maximumSlots else {
            text.removeAll(keepingCapacity: true)
            return false
        }
        var fits = false
        TextWriter.fill(&text, limit: document.count) { writer in
            fits = TemplateSplitter.split(document.span, text: &writer, numbers: &numbers)
        }
        return fits && text.count <= maximumTextBytes
    }

    /// Whether `split` would give this template's text; then `numbers` is replaced by the document's integers. Compares
    /// in place, so it is faster than splitting and looking the text up.
    public func matches(_ document: [UInt8], numbers: inout [Int64]) -> Bool {
        numbers.removeAll(keepingCapacity: true)
        return whole.matches(document.span, numbers: &numbers)
    }
}

/// Why bytes are no template.
public struct TemplateError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Code: String, Hashable, Sendable {
        /// Longer than `Template.maximumTextBytes`, or more slots than `Template.maximumSlots`.
        case tooLarge
        /// More than 512 levels of nesting.
        case tooDeep
        /// No JSON text without white space.
        case malformed
    }

    /// What is wrong.
    public let code: Code
    /// Where in the text.
    public let offset: Int
}
