import Glibc

extension [UInt8] {
    /// The first place at or behind `start` where a byte stands (memchr).
    public func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        guard start >= 0, start < count else { return nil }
        return unsafe withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let found = unsafe memchr(base + start, CInt(byte), count - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    /// Whether these are the same bytes as others (memcmp): `==` compares large arrays one by one.
    public func isSame(as other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        return unsafe withUnsafeBytes { bytes in
            unsafe other.withUnsafeBytes { others in
                guard let left = bytes.baseAddress, let right = others.baseAddress else { return true }
                return unsafe left == right || memcmp(left, right, count) == 0
            }
        }
    }

    /// How many first bytes these have in common with others. O(that many).
    public func commonPrefix(with other: [UInt8]) -> Int {
        let (bytes, others) = (span, other.span)
        let limit = Swift.min(bytes.count, others.count)
        var length = 0
        while length < limit, bytes[length] == others[length] { length += 1 }
        return length
    }

    /// How many last bytes these have in common with others, `limit` at most, which neither is shorter than. O(that many).
    public func commonSuffix(with other: [UInt8], atMost limit: Int) -> Int {
        let (bytes, others) = (span, other.span)
        var length = 0
        while length < limit, bytes[bytes.count - 1 - length] == others[others.count - 1 - length] { length += 1 }
        return length
    }
}
