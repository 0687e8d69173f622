/// Strings as they stand in a JSON text (RFC 8259, section 7): checked once by `scan`, then read by `unescaped`.
enum StringScanner {
    /// Passes a string whose opening quote stands at `position`, up to after its closing quote. True where its bytes are
    /// its canonical form, which is so without any escape.
    @inline(__always)
    static func scan(_ source: Span<UInt8>, _ position: inout Int) throws(JSONError) -> Bool {
        position += 1
        while let word = ByteWord(source, at: position) {
            position += word.plainCharacters
            if word.plainCharacters < 8 { break }
        }
        while position < source.count {
            let byte = source[position]
            if byte == JSONCharacter.quote {
                position += 1
                return true
            }
            if byte < 0x20 || byte >= 0x80 || byte == JSONCharacter.backslash {
                return try scanUncommon(source, &position)
            }
            position += 1
        }
        throw JSONError(.unexpectedEnd, offset: position)
    }

    /// The rest of a string from its first byte that is an escape, beyond ASCII, or wrong.
    @inline(never)
    private static func scanUncommon(_ source: Span<UInt8>, _ position: inout Int) throws(JSONError) -> Bool {
        var hasEscape = false
        while position < source.count {
            let byte = source[position]
            switch byte {
            case JSONCharacter.quote:
                position += 1
                return !hasEscape
            case JSONCharacter.backslash:
                hasEscape = true
                position = try scanEscape(source, position)
            case 0..<0x20:
                throw JSONError(.syntax, offset: position, detail: "a control character in a string")
            case 0x80...:
                let length = UTF8Sequence.length(source, position)
                guard length > 0 else { throw JSONError(.invalidUTF8, offset: position) }
                position += length
            default:
                position += 1
            }
        }
        throw JSONError(.unexpectedEnd, offset: position)
    }

    /// The offset after the escape that begins at `start`; a surrogate pair counts as one.
    private static func scanEscape(_ source: Span<UInt8>, _ start: Int) throws(JSONError) -> Int {
        guard start + 1 < source.count else { throw JSONError(.unexpectedEnd, offset: start + 1) }
        switch source[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return start + 2
        case UInt8(ascii: "u"):
            let unit = try scanHexadecimal(source, start + 2)
            guard (0xD800...0xDFFF).contains(unit) else { return start + 6 }
            guard unit < 0xDC00, start + 7 < source.count, source[start + 6] == JSONCharacter.backslash,
                source[start + 7] == UInt8(ascii: "u")
            else { throw JSONError(.loneSurrogate, offset: start) }
            guard (0xDC00...0xDFFF).contains(try scanHexadecimal(source, start + 8)) else {
                throw JSONError(.loneSurrogate, offset: start)
            }
            return start + 12
        default:
            throw JSONError(.syntax, offset: start, detail: "an unknown escape")
        }
    }

    private static func scanHexadecimal(_ source: Span<UInt8>, _ start: Int) throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for position in start..<start + 4 {
            guard position < source.count else { throw JSONError(.unexpectedEnd, offset: source.count) }
            guard let digit = hexadecimalDigit(source[position]) else {
                throw JSONError(.syntax, offset: position, detail: "expected a hexadecimal digit")
            }
            unit = unit << 4 | digit
        }
        return unit
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// Whether a scanned string stands for that UTF-8. It allocates only where there are escapes.
    @inline(__always)
    static func content(of node: TapeNode, _ source: [UInt8], equals utf8: [UInt8]) -> Bool {
        let content = node.content
        guard node.isCanonical else { return unescaped(source[content]) == utf8 }
        guard content.count == utf8.count else { return false }
        var index = 0
        while index < utf8.count {
            if source[content.lowerBound + index] != utf8[index] { return false }
            index += 1
        }
        return true
    }

    /// The UTF-8 that the content of a scanned string stands for.
    static func unescaped(_ content: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(content.count)
        var position = content.startIndex
        /// Only called where `scan` found four digits.
        func codeUnit(at start: Int) -> UInt32 {
            content[start..<start + 4].reduce(0) { $0 << 4 | (hexadecimalDigit($1) ?? 0) }
        }
        while position < content.endIndex {
            guard content[position] == JSONCharacter.backslash else {
                text.append(content[position])
                position += 1
                continue
            }
            let letter = content[position + 1]
            position += 2
            switch letter {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"):
                var scalar = codeUnit(at: position)
                position += 4
                if (0xD800...0xDBFF).contains(scalar) {
                    scalar = 0x10000 + (scalar - 0xD800) << 10 + (codeUnit(at: position + 2) - 0xDC00)
                    position += 6
                }
                UTF8Sequence.append(scalar, to: &text)
            default: text.append(letter)
            }
        }
        return text
    }
}
