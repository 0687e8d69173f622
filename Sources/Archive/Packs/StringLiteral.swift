/// String literals in canonical JSON, and in templates made of it.
enum StringLiteral {
    /// The index behind the quote that closes the string whose opening quote stands at `start`; nil where none does, or a
    /// control byte comes first.
    static func end(in text: Span<UInt8>, from start: Int) -> Int? {
        var index = start + 1
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""): return index + 1
            case UInt8(ascii: "\\"): index += 2
            case ..<0x20: return nil
            default: index += 1
            }
        }
        return nil
    }
}
