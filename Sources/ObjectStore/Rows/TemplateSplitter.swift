/// Finds the integers of a document in one pass.
enum TemplateSplitter {
    /// Writes the text of the document's template and appends its integers. False where it meets a control byte, a
    /// string without end or more integers than a template has slots.
    static func split(_ source: Span<UInt8>, text: inout TextWriter, numbers: inout [Int64]) -> Bool {
        var position = 0
        var copied = 0
        /// Where the last string's opening quote stands.
        var lastString = -1
        while position < source.count {
            let byte = source[position]
            if byte == UInt8(ascii: "\"") {
                lastString = position
                guard skipString(source, &position) else { return false }
            } else if byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-") {
                let start = position
                guard let number = integer(source, &position), !isIdentifier(source, start, lastString) else {
                    continue
                }
                guard numbers.count < Template.maximumSlots else { return false }
                numbers.append(number)
                text.append(source, copied..<start)
                text.append(0)
                copied = position
            } else if byte < 0x20 {
                return false
            } else {
                position += 1
            }
        }
        text.append(source, copied..<source.count)
        return true
    }

    /// Passes a string whose opening quote stands at `position`. False where it has a control byte or no end.
    @inline(__always)
    static func skipString(_ source: Span<UInt8>, _ position: inout Int) -> Bool {
        position += 1
        while position < source.count {
            let plain = ByteWord(source, at: position).plainBytes
            position += plain
            if plain == 8 { continue }
            guard position < source.count else { return false }
            switch source[position] {
            case UInt8(ascii: "\""):
                position += 1
                return true
            case UInt8(ascii: "\\"):
                guard position + 1 < source.count, source[position + 1] >= 0x20 else { return false }
                position += 2
            default: return false
            }
        }
        return false
    }

    /// Passes a number literal, a run of digits, signs, points and exponents; its value where it is the canonical text of
    /// a 64-bit integer.
    @inline(__always)
    static func integer(_ source: Span<UInt8>, _ position: inout Int) -> Int64? {
        let isNegative = source[position] == UInt8(ascii: "-")
        let first = isNegative ? position + 1 : position
        let word = ByteWord(source, at: first)
        let count = word.digitCount
        let end = first + count
        // Most literals: up to eight digits and no leading zero.
        if count > 0, end >= source.count || !isNumberByte(source[end]) {
            position = end
            if word.bits & 0xFF == 0x30 { return count == 1 && !isNegative ? 0 : nil }
            let magnitude = Int64(word.number(digits: count))
            return isNegative ? -magnitude : magnitude
        }
        return uncommonInteger(source, &position, isNegative)
    }

    @inline(never)
    private static func uncommonInteger(_ source: Span<UInt8>, _ position: inout Int, _ isNegative: Bool) -> Int64? {
        let first = isNegative ? position + 1 : position
        var value: Int64 = 0
        var isCanonical = first < source.count && source[first] != UInt8(ascii: "0")
        position = first
        while position < source.count, isNumberByte(source[position]) {
            let digit = source[position] &- UInt8(ascii: "0")
            if digit < 10 {
                let (tens, tooLong) = value.multipliedReportingOverflow(by: 10)
                // Counted downwards for a negative one: the least 64-bit integer has no positive twin.
                let (next, tooLarge) = tens.addingReportingOverflow(isNegative ? -Int64(digit) : Int64(digit))
                value = next
                isCanonical = isCanonical && !tooLong && !tooLarge
            } else {
                isCanonical = false
            }
            position += 1
        }
        return isCanonical && position > first ? value : nil
    }

    @inline(__always)
    static func isNumberByte(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e")
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
    }

    /// Whether the value that starts there belongs to a member called `id`.
    @inline(__always)
    private static func isIdentifier(_ source: Span<UInt8>, _ start: Int, _ lastString: Int) -> Bool {
        lastString >= 0 && lastString == start - 5 && source[start - 1] == UInt8(ascii: ":")
            && source[start - 2] == UInt8(ascii: "\"") && source[start - 3] == UInt8(ascii: "d")
            && source[start - 4] == UInt8(ascii: "i")
    }
}
