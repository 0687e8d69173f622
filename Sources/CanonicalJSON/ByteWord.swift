/// Eight bytes looked at in one step. Strings and numbers here are mostly shorter than that, so a scanner takes the same
/// branches for each of them, which is most of its speed.
struct ByteWord {
    private let bits: UInt64

    private static let lowBits: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// The bytes from `position`, or nil where fewer than eight are left.
    @inline(__always)
    init?(_ source: Span<UInt8>, at position: Int) {
        guard position >= 0, position <= source.count - 8 else { return nil }
        bits =
            UInt64(source[position]) | UInt64(source[position + 1]) << 8 | UInt64(source[position + 2]) << 16
            | UInt64(source[position + 3]) << 24 | UInt64(source[position + 4]) << 32
            | UInt64(source[position + 5]) << 40 | UInt64(source[position + 6]) << 48
            | UInt64(source[position + 7]) << 56
    }

    /// How many bytes come before the first that is no plain string character: a quote, a backslash, a control character
    /// or one beyond ASCII. A subtraction borrows only from higher bytes, so the lowest mark is always right.
    @inline(__always)
    var plainCharacters: Int {
        let quotes = bits ^ Self.lowBits &* UInt64(JSONCharacter.quote)
        let backslashes = bits ^ Self.lowBits &* UInt64(JSONCharacter.backslash)
        let controls = bits &- Self.lowBits &* 0x20
        let marks = (quotes &- Self.lowBits) & ~quotes | (backslashes &- Self.lowBits) & ~backslashes | controls & ~bits
        return ((marks | bits) & Self.highBits).trailingZeroBitCount >> 3
    }

    /// How many bytes come before the first that is no digit. An addition carries only into higher bytes.
    @inline(__always)
    var digits: Int {
        let values = bits ^ Self.lowBits &* UInt64(JSONCharacter.zero)
        return ((values &+ Self.lowBits &* 0x76 | values) & Self.highBits).trailingZeroBitCount >> 3
    }
}
