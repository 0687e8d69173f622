/// Numbers as they stand in a JSON text (RFC 8259, section 6), each taken for a double as RFC 8785 does.
enum NumberScanner {
    /// Integers of up to this many digits are exact doubles and their own canonical form.
    private static let shortInteger = 15

    /// Passes the number that begins at `position`. True where its bytes are known to be its canonical form.
    ///
    /// Refuses what no double can stand for: a number that rounds to infinity, and an integer literal (no fraction, no
    /// exponent) that a double does not hold. One spelling is accepted beside the exact ones: the canonical text of the
    /// nearest double, such as 1152921504606847000 for 2^60, since canonical form would otherwise not be a fixed point.
    /// Without `checked` only the grammar counts.
    @inline(__always)
    static func scan(_ source: Span<UInt8>, _ position: inout Int, checked: Bool) throws(JSONError) -> Bool {
        let start = position
        let isNegative = source[position] == JSONCharacter.minus
        if isNegative { position += 1 }
        let firstDigit = position
        skipDigits(source, &position)
        let digits = position - firstDigit
        if position < source.count, isFractionOrExponent(source[position]) || digits == 0 {
            try scanRest(source, start, firstDigit, &position, checked: checked)
            return false
        }
        guard digits > 0 else { throw JSONError(.unexpectedEnd, offset: position) }
        if source[firstDigit] == JSONCharacter.zero {
            guard digits == 1 else { throw leadingZero(firstDigit) }
            return !isNegative
        }
        guard digits > shortInteger else { return true }
        if checked { try checkInteger(source, start..<position) }
        return false
    }

    /// The double that a scanned number stands for, correctly rounded.
    static func double(_ number: ArraySlice<UInt8>) -> Double {
        integer(number).map(Double.init) ?? Double(String(decoding: number, as: UTF8.self)) ?? 0
    }

    /// The value of a short integer literal other than -0, nil for any other number.
    static func integer(_ number: ArraySlice<UInt8>) -> Int64? {
        let isNegative = number.first == JSONCharacter.minus
        let digits = isNegative ? number.dropFirst() : number
        guard digits.count <= shortInteger else { return nil }
        var magnitude: Int64 = 0
        for byte in digits {
            guard JSONCharacter.zero...JSONCharacter.nine ~= byte else { return nil }
            magnitude = magnitude &* 10 &+ Int64(byte &- JSONCharacter.zero)
        }
        if isNegative && magnitude == 0 { return nil }
        return isNegative ? -magnitude : magnitude
    }

    @inline(__always)
    private static func skipDigits(_ source: Span<UInt8>, _ position: inout Int) {
        while let word = ByteWord(source, at: position) {
            position += word.digits
            if word.digits < 8 { return }
        }
        while position < source.count, source[position] &- JSONCharacter.zero < 10 { position += 1 }
    }

    @inline(__always)
    private static func isFractionOrExponent(_ byte: UInt8) -> Bool {
        byte == JSONCharacter.point || byte | 0x20 == UInt8(ascii: "e")
    }

    /// A number that is no integer literal, from the end of its integer digits.
    @inline(never)
    private static func scanRest(
        _ source: Span<UInt8>, _ start: Int, _ firstDigit: Int, _ position: inout Int, checked: Bool
    ) throws(JSONError) {
        try requireDigits(source, firstDigit, position)
        if source[firstDigit] == JSONCharacter.zero, position - firstDigit > 1 { throw leadingZero(firstDigit) }
        if position < source.count, source[position] == JSONCharacter.point {
            position += 1
            let fraction = position
            skipDigits(source, &position)
            try requireDigits(source, fraction, position)
        }
        if position < source.count, source[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < source.count, source[position] == UInt8(ascii: "+") || source[position] == JSONCharacter.minus
            {
                position += 1
            }
            let exponent = position
            skipDigits(source, &position)
            try requireDigits(source, exponent, position)
        }
        guard checked else { return }
        let literal = text(source, start..<position)
        guard let value = Double(literal), value.isFinite else { throw overflow(start, literal) }
    }

    private static func requireDigits(_ source: Span<UInt8>, _ start: Int, _ end: Int) throws(JSONError) {
        guard end == start else { return }
        guard end < source.count else { throw JSONError(.unexpectedEnd, offset: end) }
        throw JSONError(.syntax, offset: end, detail: "expected a digit")
    }

    /// Checks a long integer literal.
    @inline(never)
    private static func checkInteger(_ source: Span<UInt8>, _ range: Range<Int>) throws(JSONError) {
        let literal = text(source, range)
        guard let value = Double(literal), value.isFinite else { throw overflow(range.lowerBound, literal) }
        if isExact(literal) { return }
        var canonical: [UInt8] = []
        NumberText.append(value, to: &canonical)
        guard canonical.elementsEqual(literal.utf8) else {
            throw JSONError(.inexactInteger, offset: range.lowerBound, detail: shortened(literal))
        }
    }

    /// Whether a double holds an integer literal of at most 309 digits: whether no more than 53 bits lie between its
    /// highest and lowest set bit.
    private static func isExact(_ literal: String) -> Bool {
        var limbs: [UInt32] = []
        for digit in literal.utf8 where digit != JSONCharacter.minus {
            var carry = UInt64(digit &- JSONCharacter.zero)
            for index in limbs.indices {
                carry += UInt64(limbs[index]) * 10
                limbs[index] = UInt32(truncatingIfNeeded: carry)
                carry >>= 32
            }
            if carry > 0 { limbs.append(UInt32(truncatingIfNeeded: carry)) }
        }
        guard let highest = limbs.last, let lowest = limbs.firstIndex(where: { $0 != 0 }) else { return true }
        let bits = limbs.count * 32 - highest.leadingZeroBitCount
        return bits - (lowest * 32 + limbs[lowest].trailingZeroBitCount) <= 53
    }

    private static func text(_ source: Span<UInt8>, _ range: Range<Int>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        for position in range { bytes.append(source[position]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func leadingZero(_ offset: Int) -> JSONError {
        JSONError(.syntax, offset: offset, detail: "a number with a leading zero")
    }

    private static func overflow(_ offset: Int, _ literal: String) -> JSONError {
        JSONError(.numberOverflow, offset: offset, detail: shortened(literal))
    }

    /// A literal short enough for a message.
    private static func shortened(_ literal: String) -> String {
        literal.utf8.count <= 40 ? literal : "\(literal.prefix(40))..."
    }
}
