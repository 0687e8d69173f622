/// Packs bits into bytes, the lowest bit of a byte first.
public struct BitWriter: Sendable {
    /// The whole bytes so far.
    public private(set) var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var pendingBits = 0

    /// No bits yet.
    public init() {}

    /// Appends the lowest `bits` of `value`, 0 to 64 of them; the ones above are zero.
    @inline(__always)
    public mutating func append(_ value: UInt64, bits: Int) {
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
    public consuming func finish() -> [UInt8] {
        if pendingBits > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
        return bytes
    }
}

/// A place in what `BitWriter` wrote. Beyond the end it reads zeros: `isAtEnd` tells.
public struct BitReader: Sendable {
    private var position = 0

    /// The beginning.
    public init() {}

    /// The next `bits`, 0 to 64 of them.
    @inline(__always)
    public mutating func read(_ bits: Int, _ bytes: Span<UInt8>) -> UInt64 {
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

    /// Whether more was read than there is.
    public func isPastEnd(of bytes: Span<UInt8>) -> Bool { position > 8 * bytes.count }

    /// Whether exactly the bytes were read, with nothing but zeros in the rest of the last one.
    public func isAtEnd(of bytes: Span<UInt8>) -> Bool {
        guard (position + 7) >> 3 == bytes.count else { return false }
        return position & 7 == 0 || bytes[bytes.count - 1] >> UInt8(position & 7) == 0
    }
}
