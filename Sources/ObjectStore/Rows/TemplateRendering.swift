/// The text of a template, or a part of it, cut at its slots: what is copied and which number follows.
public struct TemplateRendering: Sendable {
    /// The pieces of text one after the other, without the slots.
    private var pieces: [UInt8] = []
    /// Where in `pieces` the text before each slot ends.
    private var ends: [Int32] = []
    /// Which number each slot takes.
    private var slots: [Int32] = []
    /// How many numbers a row has.
    private(set) var numberCount = 0

    /// The text without the given ranges, which are in order and apart.
    init(_ text: [UInt8], leavingOut ranges: [Range<Int>]) {
        pieces.reserveCapacity(text.count)
        var start = 0
        for range in ranges {
            append(text, start..<range.lowerBound)
            numberCount += text[range].count { $0 == 0 }
            start = range.upperBound
        }
        append(text, start..<text.count)
    }

    /// Takes in a part of the text.
    private mutating func append(_ text: [UInt8], _ range: Range<Int>) {
        var start = range.lowerBound
        while let slot = text.firstIndex(of: 0, from: start), slot < range.upperBound {
            pieces += text[start..<slot]
            ends.append(Int32(pieces.count))
            slots.append(Int32(numberCount))
            numberCount += 1
            start = slot + 1
        }
        pieces += text[start..<range.upperBound]
    }

    /// Writes the text with the numbers of a whole row over `output`. False, with nothing in `output`, where the row does
    /// not have as many numbers as the template has slots.
    @discardableResult
    public func render(_ numbers: [Int64], into output: inout [UInt8]) -> Bool {
        guard numbers.count == numberCount else {
            output.removeAll(keepingCapacity: true)
            return false
        }
        let (pieces, ends, slots, numbers) = (pieces.span, ends.span, slots.span, numbers.span)
        TextWriter.fill(&output, limit: pieces.count + 20 * slots.count) { writer in
            var start = 0
            for index in ends.indices {
                let end = Int(ends[index])
                writer.append(pieces, start..<end)
                writer.append(decimal: numbers[Int(slots[index])])
                start = end
            }
            writer.append(pieces, start..<pieces.count)
        }
        return true
    }

    /// Whether a document is this text with a canonical integer in each slot; appends the integers, in part where not.
    func matches(_ document: Span<UInt8>, numbers: inout [Int64]) -> Bool {
        let (pieces, ends) = (pieces.span, ends.span)
        var position = 0
        var start = 0
        for index in ends.indices {
            let end = Int(ends[index])
            guard Self.isEqual(pieces, start..<end, document, position) else { return false }
            position += end - start
            start = end
            guard position < document.count,
                let number = TemplateSplitter.integer(document, &position)
            else { return false }
            numbers.append(number)
        }
        return document.count - position == pieces.count - start
            && Self.isEqual(pieces, start..<pieces.count, document, position)
    }

    /// Whether a part of `piece` stands at `position` of a document.
    @inline(__always)
    static func isEqual(
        _ piece: Span<UInt8>, _ range: Range<Int>, _ document: Span<UInt8>, _ position: Int
    ) -> Bool {
        let (start, count) = (range.lowerBound, range.count)
        guard position >= 0, count <= document.count - position else { return false }
        guard count >= 8 else {
            let differing = ByteWord(piece, at: start).bits ^ ByteWord(document, at: position).bits
            return count == 0 || differing << UInt64(64 - 8 * count) == 0
        }
        // The last word overlaps the one before, so none reaches beyond the range.
        var offset = 0
        while offset < count - 8 {
            guard ByteWord(piece, at: start + offset).bits == ByteWord(document, at: position + offset).bits else {
                return false
            }
            offset += 8
        }
        return ByteWord(piece, at: start + count - 8).bits == ByteWord(document, at: position + count - 8).bits
    }
}
