/// Reads numbers and stretches one after the other from bytes that may be anything: every read is checked against what
/// is left.
///
/// A **varint** is an unsigned number in groups of seven bits, the lowest first, each byte but the last with its highest
/// bit set (LEB128). A **signed varint** is `n << 1` for n ≥ 0 and `(-n << 1) - 1` otherwise, as a varint (zigzag).
public struct BinaryReader: Sendable {
    /// Why a read failed.
    public enum Failure: Error, Hashable, Sendable {
        /// Fewer bytes are left than were asked for.
        case ends(at: Int)
        /// A number is longer than 64 bits, or over its limit.
        case tooLarge(at: Int)
    }

    private let bytes: ArraySlice<UInt8>
    /// The index of the next byte.
    public private(set) var offset: Int

    /// A reader at the beginning of a slice; offsets are the slice's own indices.
    public init(_ bytes: ArraySlice<UInt8>) { (self.bytes, offset) = (bytes, bytes.startIndex) }

    /// A reader at the beginning of an array.
    public init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    /// Whether every byte was read.
    public var isAtEnd: Bool { offset == bytes.endIndex }

    /// How many bytes are left.
    public var remaining: Int { bytes.endIndex - offset }

    /// What is not read yet.
    public var rest: ArraySlice<UInt8> { bytes[offset...] }

    /// The next byte.
    @inline(__always)
    public mutating func byte() throws(Failure) -> UInt8 {
        guard offset < bytes.endIndex else { throw .ends(at: offset) }
        defer { offset += 1 }
        return bytes[offset]
    }

    /// The next varint, at most 64 bits.
    @inline(__always)
    public mutating func varint64() throws(Failure) -> UInt64 {
        let start = offset
        var (value, shift): (UInt64, UInt64) = (0, 0)
        while true {
            let next = try byte()
            guard shift < 63 || next <= 1 else { throw .tooLarge(at: start) }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    /// The next varint, at most `limit`; none is where that is negative, as what is left after other numbers may be.
    @inline(__always)
    public mutating func varint(limit: Int) throws(Failure) -> Int {
        let start = offset
        let value = try varint64()
        guard limit >= 0, value <= UInt64(limit) else { throw .tooLarge(at: start) }
        return Int(value)
    }

    /// The next `count` varints, for tables of many: some times faster than one by one.
    public mutating func varints(_ count: Int) throws(Failure) -> [UInt64] {
        guard count >= 0, count <= remaining else { throw .ends(at: offset) }
        let bytes = self.bytes
        let span = bytes.span
        var numbers: [UInt64] = []
        numbers.reserveCapacity(count)
        var index = offset - bytes.startIndex
        for _ in 0..<count {
            let start = index
            var (value, shift): (UInt64, UInt64) = (0, 0)
            while true {
                guard index < span.count else { throw .ends(at: bytes.endIndex) }
                let next = span[index]
                index += 1
                guard shift < 63 || next <= 1 else { throw .tooLarge(at: bytes.startIndex + start) }
                value |= UInt64(next & 0x7F) << shift
                if next < 0x80 { break }
                shift += 7
            }
            numbers.append(value)
        }
        offset = bytes.startIndex + index
        return numbers
    }

    /// The next signed varint.
    @inline(__always)
    public mutating func signedVarint() throws(Failure) -> Int64 {
        let value = try varint64()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// The next `count` bytes.
    public mutating func take(_ count: Int) throws(Failure) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw .ends(at: offset) }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    /// Four bytes, the lowest first.
    public mutating func littleEndian32() throws(Failure) -> UInt32 {
        try take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Eight bytes, the lowest first.
    public mutating func littleEndian64() throws(Failure) -> UInt64 {
        try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// 32 bytes as an id.
    public mutating func id() throws(Failure) -> ObjectID {
        guard let id = ObjectID(bytes: Array(try take(ObjectID.byteCount))) else { throw .ends(at: offset) }
        return id
    }
}

extension [UInt8] {
    /// Appends a varint (see `BinaryReader`).
    @inline(__always)
    public mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest > 0x7F {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Appends a varint; the number is not negative.
    @inline(__always)
    public mutating func appendVarint(_ value: Int) { appendVarint(UInt64(value)) }

    /// Appends a signed varint (see `BinaryReader`).
    @inline(__always)
    public mutating func appendSignedVarint(_ value: Int64) {
        appendVarint(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    /// Appends eight bytes, the lowest first.
    public mutating func appendLittleEndian(_ value: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { append(UInt8(truncatingIfNeeded: value >> UInt64(shift))) }
    }
}
