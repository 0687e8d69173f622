import ObjectStore

/// The columns of document templates that were used last: finding them costs as much as encoding a hundred rows.
///
/// A template's columns do not depend on the string that is the member `name` of the document as a whole, and players'
/// templates mostly differ in nothing else, so they share an entry.
struct TemplateLayouts {
    private var layouts: [(text: [UInt8], layout: RowLayout)] = []
    private static let limit = 16

    /// The layout of the template with this text.
    mutating func layout(of text: [UInt8]) throws(TemplateError) -> RowLayout {
        let key = Self.withoutName(text)
        if let known = layouts.last(where: { $0.text == key }) { return known.layout }
        let layout = try Template.layout(of: text)
        if layouts.count == Self.limit { layouts.removeFirst(Self.limit / 2) }
        layouts.append((key, layout))
        return layout
    }

    /// A document's text without the content of the string that is its member `name`; all of it where there is none.
    private static func withoutName(_ text: [UInt8]) -> [UInt8] {
        guard let content = contentOfName(text.span) else { return text }
        var rest: [UInt8] = []
        rest.reserveCapacity(text.count - content.count)
        rest += text[..<content.lowerBound]
        rest += text[content.upperBound...]
        return rest
    }

    private static let name = Array(#""name":""#.utf8)

    private static func contentOfName(_ text: Span<UInt8>) -> Range<Int>? {
        var (depth, index) = (0, 0)
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                let start = index
                guard let end = StringLiteral.end(in: text, from: start) else { return nil }
                // `{"name":"` and `,"name":"`: a member, and never a string that is a value.
                if depth == 1, start > 0, text[start - 1] != UInt8(ascii: ":"), text.count - start > name.count,
                    name.indices.allSatisfy({ text[start + $0] == name[$0] })
                {
                    let content = start + name.count
                    return StringLiteral.end(in: text, from: content - 1).map { content..<$0 - 1 }
                }
                index = end
                continue
            default: break
            }
            index += 1
        }
        return nil
    }
}
