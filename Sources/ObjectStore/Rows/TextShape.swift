/// A JSON text with its integers, and perhaps the content of one string, taken out. Documents that differ only in these
/// are told by comparing and made by copying, without parsing.
///
/// In a shape's text a zero byte stands for an integer, as in a `Template`, and 0x01 for the content of the string.
public struct TextShape: Sendable {
    /// The pieces of text one after the other, without the slots.
    private var pieces: [UInt8] = []
    /// Where in `pieces` the text before each slot ends.
    private var ends: [Int32] = []
    /// Which number each slot takes; the string's is negative.
    private var slots: [Int32] = []
    /// How many slots take numbers.
    public private(set) var numberCount = 0
    private var greatestNumber = TextShape.stringSlot

    private static let stringSlot: Int32 = -1

    /// A document that has a shape.
    public struct Match {
        /// Where the document ends.
        public let end: Int
        /// Where the content of the string stands; nil where the shape has none.
        public let string: Range<Int>?
    }

    /// The shape with this text. Its integer slots take the numbers of a row one after the other, or those that `order`
    /// says, one for each slot.
    public init(_ text: [UInt8], order: [Int32]? = nil) {
        pieces.reserveCapacity(text.count)
        var start = 0
        while start < text.count {
            let slot = text[start...].firstIndex { $0 <= 1 } ?? text.count
            pieces += text[start..<slot]
            start = slot + 1
            guard slot < text.count else { break }
            ends.append(Int32(pieces.count))
            if text[slot] == 1 {
                slots.append(Self.stringSlot)
            } else {
                slots.append(order.map { numberCount < $0.count ? $0[numberCount] : 0 } ?? Int32(numberCount))
                numberCount += 1
            }
        }
        greatestNumber = slots.max() ?? Self.stringSlot
    }

    /// The text and the numbers of a document whose string has its content in `string`; nil where the document, or the
    /// text before or behind the string, cannot be split.
    public static func split(_ document: [UInt8], string: Range<Int>?) -> (text: [UInt8], numbers: [Int64])? {
        var (text, numbers): ([UInt8], [Int64]) = ([], [])
        guard let string else {
            return Template.split(document, text: &text, numbers: &numbers) ? (text, numbers) : nil
        }
        guard string.lowerBound > 0, string.upperBound < document.count else { return nil }
        var (tail, tailNumbers): ([UInt8], [Int64]) = ([], [])
        // Without the quotes, so that neither part ends or begins within a string.
        guard Template.split(Array(document[..<(string.lowerBound - 1)]), text: &text, numbers: &numbers),
            Template.split(Array(document[(string.upperBound + 1)...]), text: &tail, numbers: &tailNumbers)
        else { return nil }
        text += [UInt8(ascii: "\""), 1, UInt8(ascii: "\"")]
        return (text + tail, numbers + tailNumbers)
    }

    /// Whether a document of this shape begins at `start`; `numbers` is replaced by its integers, or means nothing where it
    /// is of another shape. The string's content has no backslash and no control character; whether it is UTF-8 is not looked at.
    public func match(_ document: Span<UInt8>, from start: Int, numbers: inout [Int64]) -> Match? {
        if numbers.count != numberCount { numbers = [Int64](repeating: 0, count: numberCount) }
        var values = numbers.mutableSpan
        let (pieces, ends, slots) = (pieces.span, ends.span, slots.span)
        var (position, from, next) = (start, 0, 0)
        var string: Range<Int>?
        for index in ends.indices {
            let end = Int(ends[index])
            guard TemplateRendering.isEqual(pieces, from..<end, document, position) else { return nil }
            position += end - from
            from = end
            guard position < document.count else { return nil }
            if slots[index] == Self.stringSlot {
                let content = position
                // The opening quote is the byte before.
                position -= 1
                guard TemplateSplitter.skipString(document, &position) else { return nil }
                position -= 1
                string = content..<position
                for index in content..<position where document[index] == UInt8(ascii: "\\") { return nil }
            } else {
                guard let number = TemplateSplitter.integer(document, &position) else { return nil }
                values[next] = number
                next += 1
            }
        }
        guard TemplateRendering.isEqual(pieces, from..<pieces.count, document, position) else { return nil }
        return Match(end: position + pieces.count - from, string: string)
    }

    /// Writes the document that numbers and the string, a part of `source`, make of this shape over `output`. False, with
    /// nothing in `output`, where a number is missing.
    public func render(
        _ numbers: [Int64], string: Range<Int>, of source: Span<UInt8>, into output: inout [UInt8]
    ) -> Bool {
        guard numbers.count > Int(greatestNumber) else {
            output.removeAll(keepingCapacity: true)
            return false
        }
        let (pieces, ends, slots, numbers) = (pieces.span, ends.span, slots.span, numbers.span)
        TextWriter.fill(&output, limit: pieces.count + 20 * slots.count + string.count) { writer in
            var from = 0
            for index in ends.indices {
                let end = Int(ends[index])
                writer.append(pieces, from..<end)
                let slot = slots[index]
                if slot == Self.stringSlot {
                    writer.append(source, string)
                } else {
                    writer.append(decimal: numbers[Int(slot)])
                }
                from = end
            }
            writer.append(pieces, from..<pieces.count)
        }
        return true
    }
}
