/// Numbers in ECMAScript's form (RFC 8785, section 3.2.2.3; ECMA-262, Number::toString).
enum NumberText {
    /// The integers below this magnitude are exact, and their decimal digits are their shortest form.
    private static let exactIntegers = Double(1 << 53)

    /// Appends the text of a finite number.
    static func append(_ value: Double, to text: inout [UInt8]) {
        if value.magnitude < exactIntegers, let integer = Int64(exactly: value) {
            append(integer, to: &text)
            return
        }
        if value < 0 { text.append(JSONCharacter.minus) }
        let (digits, point) = shortestDigits(value.magnitude)
        switch point {
        case digits.count...21:
            text += digits
            text += repeatElement(JSONCharacter.zero, count: point - digits.count)
        case 1...21:
            text += digits[..<point]
            text.append(JSONCharacter.point)
            text += digits[point...]
        case -5...0:
            text += [JSONCharacter.zero, JSONCharacter.point]
            text += repeatElement(JSONCharacter.zero, count: -point)
            text += digits
        default:
            text += digits[..<1]
            if digits.count > 1 {
                text.append(JSONCharacter.point)
                text += digits[1...]
            }
            text += [UInt8(ascii: "e"), point > 0 ? UInt8(ascii: "+") : JSONCharacter.minus]
            append(Int64(abs(point - 1)), to: &text)
        }
    }

    private static func append(_ value: Int64, to text: inout [UInt8]) {
        if value < 0 { text.append(JSONCharacter.minus) }
        let first = text.count
        var rest = value.magnitude
        repeat {
            text.append(JSONCharacter.zero + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        text[first...].reverse()
    }

    /// The shortest digits that identify a positive number, without zeros at either end, and the place of the decimal
    /// point: the number is 0.digits × 10^point. Swift's own description chooses the same digits as ECMAScript, the
    /// nearest among the shortest, and lays them out differently.
    private static func shortestDigits(_ value: Double) -> (digits: [UInt8], point: Int) {
        var digits: [UInt8] = []
        digits.reserveCapacity(24)
        var point: Int?
        var (exponent, hasExponent, isNegativeExponent) = (0, false, false)
        for byte in value.description.utf8 {
            switch byte {
            case JSONCharacter.point: point = digits.count
            case UInt8(ascii: "e"): hasExponent = true
            case JSONCharacter.minus: isNegativeExponent = true
            case UInt8(ascii: "+"): break
            default:
                if hasExponent {
                    exponent = exponent * 10 + Int(byte - JSONCharacter.zero)
                } else {
                    digits.append(byte)
                }
            }
        }
        let leadingZeros = digits.prefix { $0 == JSONCharacter.zero }.count
        let place = (point ?? digits.count) - leadingZeros + (isNegativeExponent ? -exponent : exponent)
        digits.removeFirst(leadingZeros)
        while digits.last == JSONCharacter.zero { digits.removeLast() }
        return (digits, place)
    }
}
