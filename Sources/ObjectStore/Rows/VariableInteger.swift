/// Integers in as few bytes as they need: seven bits a byte, lowest first, the high bit set on all but the last (LEB128).
/// Signed ones are first folded so that small magnitudes are small: 0, -1, 1, -2 become 0, 1, 2, 3.
extension [UInt8] {
    /// Appends an unsigned number in 1 to 10 bytes.
    mutating func append(varint value: UInt64) {
        var rest = value
        while rest > 0x7F {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    /// Appends a signed number in 1 to 10 bytes.
    mutating func append(signedVarint value: Int64) {
        append(varint: UInt64(bitPattern: value << 1 ^ value >> 63))
    }
}

/// Reads numbers and parts from bytes that may be anything.
struct ByteReader {
    /// What is not read yet.
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next unsigned number.
    mutating func readVarint() throws(RowBlockError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        var position = rest.startIndex
        while position < rest.endIndex, shift < 64 {
            let byte = rest[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 {
                guard shift < 70 || byte < 2 else { break }
                rest = rest[position...]
                return value
            }
        }
        throw RowBlockError(.corrupt, "a number has no end or is over 64 bits")
    }

    /// The next unsigned number, which is at most `limit`.
    mutating func readCount(upTo limit: Int) throws(RowBlockError) -> Int {
        let value = try readVarint()
        guard value <= UInt64(limit) else { throw RowBlockError(.corrupt, "a count of \(value) is over \(limit)") }
        return Int(value)
    }

    /// The next signed number.
    mutating func readSigned() throws(RowBlockError) -> Int64 {
        let value = try readVarint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// The next byte.
    mutating func readByte() throws(RowBlockError) -> UInt8 {
        guard let byte = rest.first else { throw RowBlockError(.corrupt, "it ends too early") }
        rest = rest.dropFirst()
        return byte
    }

    /// The next bytes.
    mutating func read(_ count: Int) throws(RowBlockError) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw RowBlockError(.corrupt, "it ends too early") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// Passes bytes that were read by other means.
    mutating func skip(_ count: Int) { rest = rest.dropFirst(count) }
}
