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
