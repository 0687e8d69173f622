/// Writes bytes one after the other over an array's storage: the inner loop of splitting and rendering. A plain append
/// looks at capacity and uniqueness each time, which costs more than the few bytes it copies.
///
/// It copies in steps of up to 32 bytes and so writes as many past what it was given; these are overwritten by what comes
/// next. Every write is checked against the storage.
@safe struct TextWriter: ~Copyable {
    private let output: UnsafeMutableRawBufferPointer
    /// How many bytes are written.
    private(set) var count = 0

    /// Bytes that the storage must have beyond the text.
    static let slack = 32

    /// Replaces the contents of `output` with what `body` writes, which is at most `limit` bytes. Allocates only where
    /// `output` has never been that long.
    @inline(__always)
    static func fill(_ output: inout [UInt8], limit: Int, _ body: (inout TextWriter) -> Void) {
        let room = limit + slack
        if output.count < room { output.append(contentsOf: repeatElement(0, count: room - output.count)) }
        let count = unsafe output.withUnsafeMutableBytes { bytes in
            var writer = unsafe TextWriter(output: bytes)
            body(&writer)
            return writer.count
        }
        output.removeLast(output.count - count)
    }

    private init(output: UnsafeMutableRawBufferPointer) { unsafe self.output = unsafe output }

    /// Writes one byte.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        unsafe precondition(count < output.count, "a text is longer than its writer was told")
        unsafe output[count] = byte
        count += 1
    }

    /// Writes the first `bytes` of a word, 0 to 8 of them.
    @inline(__always)
    mutating func append(_ word: UInt64, bytes: Int) {
        unsafe precondition(count + 8 <= output.count, "a text is longer than its writer was told")
        unsafe output.storeBytes(of: word.littleEndian, toByteOffset: count, as: UInt64.self)
        count += bytes
    }

    /// Writes a part of `source`.
    @inline(__always)
    mutating func append(_ source: Span<UInt8>, _ range: Range<Int>) {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let rest = range.upperBound - offset
            // Most pieces between two numbers are shorter than this, so the loop takes the same way for each of them.
            if offset >= 0, offset <= source.count - Self.slack, unsafe count <= output.count - Self.slack {
                // Within bounds, as just checked; any bits are words.
                let words = unsafe source.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: FourWords.self)
                unsafe output.storeBytes(of: words, toByteOffset: count, as: FourWords.self)
                count += min(Self.slack, rest)
                offset += Self.slack
            } else {
                append(ByteWord(source, at: offset).bits, bytes: min(8, rest))
                offset += 8
            }
        }
    }

    private typealias FourWords = (UInt64, UInt64, UInt64, UInt64)

    /// Writes an integer in decimal.
    @inline(__always)
    mutating func append(decimal number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        let magnitude = number.magnitude
        if magnitude < 100_000_000 {
            appendLeading(UInt32(truncatingIfNeeded: magnitude))
        } else {
            appendLong(magnitude)
        }
    }

    @inline(never)
    private mutating func appendLong(_ magnitude: UInt64) {
        let (high, low) = magnitude.quotientAndRemainder(dividingBy: 100_000_000)
        if high < 100_000_000 {
            appendLeading(UInt32(high))
        } else {
            appendLeading(UInt32(high / 100_000_000))
            appendEight(UInt32(high % 100_000_000))
        }
        appendEight(UInt32(low))
    }

    /// Up to eight digits without leading zeros.
    @inline(__always)
    private mutating func appendLeading(_ number: UInt32) {
        let digits = ByteWord(digitsOf: number).bits
        let zeros = min(7, digits.trailingZeroBitCount >> 3)
        append((digits | 0x3030_3030_3030_3030) >> UInt64(8 * zeros), bytes: 8 - zeros)
    }

    @inline(__always)
    private mutating func appendEight(_ number: UInt32) {
        append(ByteWord(digitsOf: number).bits | 0x3030_3030_3030_3030, bytes: 8)
    }
}
