/// How member names are ordered in canonical form: by UTF-16 code units (RFC 8785, section 3.2.3).
enum CanonicalOrder {
    /// Negative where `first` comes before `second`, zero where they are equal, positive otherwise. Both are UTF-8.
    ///
    /// Bytes of UTF-8 sort as code points do, and code points as UTF-16 does, but for one thing: the characters above
    /// U+FFFF (first byte F0 to F4) are surrogates in UTF-16 and come before U+E000 to U+FFFF (first byte EE or EF).
    /// Two texts that differ in a later byte of a character share its first, so exchanging these two ranges of first
    /// bytes is enough.
    @inline(__always)
    static func compare(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Int {
        let shared = min(first.count, second.count)
        var index = 0
        while index < shared {
            let (left, right) = (first[index], second[index])
            if left != right {
                return left < 0xEE || right < 0xEE ? Int(left) - Int(right) : weight(left) - weight(right)
            }
            index += 1
        }
        return first.count - second.count
    }

    private static func weight(_ firstByte: UInt8) -> Int {
        firstByte >= 0xF0 ? Int(firstByte) - 0x10 : Int(firstByte)
    }
}
