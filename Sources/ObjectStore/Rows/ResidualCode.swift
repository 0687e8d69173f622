/// How a number is cut in two: a *class* byte that says sign, size and the bits under the top one, which is worth coding
/// by frequency, and a *tail* of the bits below, which is noise.
///
/// | class | number |
/// |---|---|
/// | 0 | 0, no tail |
/// | 1 + 8k + 2m + s, k to 30 | negative where s is 1; magnitude between 2^k and 2^(k+1): m is the e = min(k, 2) bits under its top bit, the tail the k - e bits below |
/// | 249 + s | a magnitude of 2^31 and more: the tail is six bits of k, then the k bits under the top one |
enum ResidualCode {
    private static let escape: UInt8 = 249
    /// Appends a number's tail and returns its class.
    @inline(__always)
    static func encode(_ number: Int64, tails: inout BitWriter) -> UInt8 {
        guard number != 0 else { return 0 }
        let magnitude = number.magnitude
        let sign = UInt8(number < 0 ? 1 : 0)
        let size = 63 - magnitude.leadingZeroBitCount
        let below = magnitude & ((1 << UInt64(size)) - 1)
        guard size <= 30 else {
            tails.append(UInt64(size), bits: 6)
            tails.append(below, bits: size)
            return escape + sign
        }
        let inClass = min(size, 2)
        tails.append(below & ((1 << UInt64(size - inClass)) - 1), bits: size - inClass)
        return UInt8(1 + 8 * size) + UInt8(truncatingIfNeeded: below >> UInt64(size - inClass)) << 1 + sign
    }

    /// The number of a class, with its tail read; nil for a class that is none.
    @inline(__always)
    static func decode(_ symbol: UInt8, tails: inout BitReader, _ bytes: Span<UInt8>) -> Int64? {
        guard symbol > 0 else { return 0 }
        let magnitude: UInt64
        let sign: UInt64
        if symbol < escape {
            let fields = UInt64(symbol - 1)
            let size = fields >> 3
            let inClass = min(size, 2)
            let top = (fields >> 1) & 3
            guard top >> inClass == 0 else { return nil }
            magnitude = (1 << inClass | top) << (size - inClass) | tails.read(Int(size - inClass), bytes)
            sign = fields & 1
        } else {
            guard symbol <= escape + 1 else { return nil }
            let size = Int(tails.read(6, bytes))
            magnitude = 1 << UInt64(size) | tails.read(size, bytes)
            sign = UInt64(symbol - escape)
        }
        return Int64(bitPattern: (magnitude ^ (0 &- sign)) &+ sign)
    }
}

/// Packs bits into bytes, the lowest bit of a byte first.
struct BitWriter {
    /// The whole bytes so far.
    private(set) var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var pendingBits = 0

    /// Appends the lowest `bits` of `value`, 0 to 64 of them; the ones above are zero.
    @inline(__always)
    mutating func append(_ value: UInt64, bits: Int) {
        if bits > 32 { return appendLong(value, bits: bits) }
        pending |= value << UInt64(pendingBits)
        pendingBits += bits
        while pendingBits >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            pendingBits -= 8
        }
    }

    @inline(never)
    private mutating func appendLong(_ value: UInt64, bits: Int) {
        append(value & 0xFFFF_FFFF, bits: 32)
        append(value >> 32, bits: bits - 32)
    }

    /// The bytes, the last one filled up with zeros.
    consuming func finish() -> [UInt8] {
        if pendingBits > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
        return bytes
    }
}

/// A place in what `BitWriter` wrote. Beyond the end it reads zeros: `isAtEnd` tells.
struct BitReader {
    private var position = 0

    /// The next `bits`, 0 to 64 of them.
    @inline(__always)
    mutating func read(_ bits: Int, _ bytes: Span<UInt8>) -> UInt64 {
        if bits > 32 { return readLong(bits, bytes) }
        let word = ByteWord(bytes, at: position >> 3).bits >> UInt64(position & 7)
        position += bits
        return word & ((1 << UInt64(bits)) - 1)
    }

    @inline(never)
    private mutating func readLong(_ bits: Int, _ bytes: Span<UInt8>) -> UInt64 {
        let low = read(32, bytes)
        return low | read(bits - 32, bytes) << 32
    }

    /// Whether exactly the bytes were read, with nothing but zeros in the rest of the last one.
    func isAtEnd(of bytes: Span<UInt8>) -> Bool {
        guard (position + 7) >> 3 == bytes.count else { return false }
        return position & 7 == 0 || bytes[bytes.count - 1] >> UInt8(position & 7) == 0
    }
}
