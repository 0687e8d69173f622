import TestSupport

/// Makes JSON texts without white space for the property tests of templates.
struct RandomDocument {
    var random: SeededRandom

    /// A document with members in canonical order and canonical numbers, nested up to `depth`.
    mutating func canonical(depth: Int = 5) -> [UInt8] {
        var text = ""
        append(depth, to: &text)
        return Array(text.utf8)
    }

    /// Any bytes, most of them from JSON's alphabet.
    mutating func bytes() -> [UInt8] {
        let alphabet = Array("\"\\{}[],:0123456789-+.eEid na\"1234567890".utf8)
        return (0..<Int.random(in: 0...80, using: &random)).map { _ in
            Int.random(in: 0..<200, using: &random) == 0
                ? UInt8.random(in: 0...255, using: &random) : alphabet.randomElement(using: &random) ?? 0
        }
    }

    /// An integer of any size, the extremes among them.
    mutating func integer() -> Int64 {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: [Int64.min, .max, 0, -1, 99_999_999, 100_000_000, 1 << 53][Int.random(in: 0..<7, using: &random)]
        case 1...8: Int64.random(in: -2...2_000_000, using: &random)
        default: Int64(bitPattern: random.next()) >> Int64.random(in: 0...60, using: &random)
        }
    }

    private mutating func append(_ depth: Int, to text: inout String) {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 5), using: &random) {
        case 0: text += ["null", "true", "false", "1.5", "1e-7", "1e+30"].randomElement(using: &random) ?? ""
        case 1: text += string()
        // Within 2^53, where canonical form holds every integer.
        case 2...4: text += "\(integer() >> 11)"
        case 5...6:
            let names = Set((0..<Int.random(in: 0...5, using: &random)).map { _ in name() }).sorted {
                $0.utf16.lexicographicallyPrecedes($1.utf16)
            }
            text += "{"
            for (index, name) in names.enumerated() {
                text += index > 0 ? "," : ""
                text += "\(name):"
                append(depth - 1, to: &text)
            }
            text += "}"
        default:
            text += "["
            for index in 0..<Int.random(in: 0...4, using: &random) {
                text += index > 0 ? "," : ""
                append(depth - 1, to: &text)
            }
            text += "]"
        }
    }

    private mutating func name() -> String {
        let names = ["id", "name", "rank", "xp", "level", "i", "rank2", "", "a\\\"b", "\u{e9}"]
        return "\"\(names.randomElement(using: &random) ?? "")\""
    }

    private mutating func string() -> String {
        let pieces = ["12", ":5,", "\\\"", "\\\\", "rank", "{", "]", "-7", "\u{1F600}", "\\u001f", "\\n", "id"]
        return "\""
            + (0..<Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
            .joined() + "\""
    }
}
