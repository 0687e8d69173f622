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

    /// The indices of the name nodes of the object at `index` in canonical order, all different.
    static func sortedNames(
        of index: Int, _ source: [UInt8], _ tape: Span<TapeNode>
    ) throws(JSONError) -> [Int] {
        let end = Int(tape[index].next)
        var names: [Int] = []
        names.reserveCapacity(8)
        var name = index + 1
        while name < end {
            names.append(name)
            name = Int(tape[name + 1].next)
        }
        names.sort { compareNames(tape[$0], tape[$1], source) < 0 }
        for (first, second) in zip(names, names.dropFirst()) where compareNames(tape[first], tape[second], source) == 0
        {
            let later = tape[max(first, second)]
            throw JSONError(
                .duplicateName, offset: Int(later.start),
                detail: String(decoding: StringScanner.unescaped(source[later.content]), as: UTF8.self))
        }
        return names
    }

    @inline(__always)
    private static func compareNames(_ first: TapeNode, _ second: TapeNode, _ source: [UInt8]) -> Int {
        if first.isCanonical && second.isCanonical {
            return compare(source.span.extracting(first.content), source.span.extracting(second.content))
        }
        return compare(
            StringScanner.unescaped(source[first.content]).span, StringScanner.unescaped(source[second.content]).span)
    }
}
