/// Eight bytes of a JSON text looked at in one step, the first one lowest. Names and numbers are mostly shorter than
/// that, so a scanner takes the same branches for each of them, which is most of its speed.
struct ByteWord {
    var bits: UInt64

    private static let lowBits: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// The eight bytes from `offset`, zeros beyond the end.
    @inline(__always)
    init(_ source: Span<UInt8>, at offset: Int) {
        if offset >= 0, offset <= source.count - 8 {
            // Within bounds, as just checked; any bits are a UInt64.
            bits = unsafe source.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
                .littleEndian
        } else {
            bits = 0
            var index = 0
            while index < 8, offset + index < source.count {
                bits |= UInt64(source[offset + index]) << UInt64(8 * index)
                index += 1
            }
        }
    }

    /// How many bytes come before the first quote, backslash or control character. A subtraction borrows only from
    /// higher bytes, so the lowest mark is always right.
    @inline(__always)
    var plainBytes: Int {
        let quotes = bits ^ Self.lowBits &* UInt64(UInt8(ascii: "\""))
        let backslashes = bits ^ Self.lowBits &* UInt64(UInt8(ascii: "\\"))
        let marks =
            (quotes &- Self.lowBits) & ~quotes | (backslashes &- Self.lowBits) & ~backslashes
            | (bits &- Self.lowBits &* 0x20) & ~bits
        return (marks & Self.highBits).trailingZeroBitCount >> 3
    }

    /// How many bytes come before the first that is no digit. An addition carries only into higher bytes.
    @inline(__always)
    var digitCount: Int {
        let values = bits ^ Self.lowBits &* 0x30
        return ((values &+ Self.lowBits &* 0x76 | values) & Self.highBits).trailingZeroBitCount >> 3
    }

    /// The number that the first `count` bytes spell, which are digits; `count` is 1 to 8.
    @inline(__always)
    func number(digits count: Int) -> UInt64 {
        // Shifted up so that leading zeros fill the word, then pairs, fours and eights of digits are joined.
        var value = (bits & 0x0F0F_0F0F_0F0F_0F0F) << UInt64(64 - 8 * count)
        value = (value &* 10 &+ value >> 8) & 0x00FF_00FF_00FF_00FF
        value = (value &* 100 &+ value >> 16) & 0x0000_FFFF_0000_FFFF
        return (value &* 10_000 &+ value >> 32) & 0xFFFF_FFFF
    }

    /// The eight digits of a number below 10^8, leading zeros as zero bytes rather than characters.
    @inline(__always)
    init(digitsOf value: UInt32) {
        let fours = UInt64(value / 10_000) | UInt64(value % 10_000) << 32
        let hundreds = ((fours &* 10_486) >> 20) & 0x7F_0000_007F
        let pairs = hundreds | (fours &- 100 &* hundreds) << 16
        let tens = ((pairs &* 103) >> 10) & 0x000F_000F_000F_000F
        bits = tens | (pairs &- 10 &* tens) << 8
    }
}
