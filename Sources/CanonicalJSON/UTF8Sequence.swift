/// Characters beyond ASCII as bytes (Unicode 16, section 3.9).
enum UTF8Sequence {
    /// The length in bytes of the well-formed sequence (table 3-7) of two or more bytes at `start`; 0 where there is
    /// none.
    static func length(_ source: Span<UInt8>, _ start: Int) -> Int {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch source[start] {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard length <= source.count - start, second.contains(source[start + 1]) else { return 0 }
        for position in start + 2..<start + length where source[position] & 0xC0 != 0x80 { return 0 }
        return length
    }

    /// Appends the UTF-8 of a scalar value: not a surrogate, at most U+10FFFF.
    static func append(_ scalar: UInt32, to text: inout [UInt8]) {
        func continuation(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: scalar >> shift & 0x3F) }
        switch scalar {
        case 0..<0x80:
            text.append(UInt8(truncatingIfNeeded: scalar))
        case 0x80..<0x800:
            text.append(0xC0 | UInt8(truncatingIfNeeded: scalar >> 6))
            text.append(continuation(0))
        case 0x800..<0x10000:
            text.append(0xE0 | UInt8(truncatingIfNeeded: scalar >> 12))
            text.append(continuation(6))
            text.append(continuation(0))
        default:
            text.append(0xF0 | UInt8(truncatingIfNeeded: scalar >> 18))
            text.append(continuation(12))
            text.append(continuation(6))
            text.append(continuation(0))
        }
    }
}
