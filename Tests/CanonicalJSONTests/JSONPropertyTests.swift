import CanonicalJSON
import TestSupport
import Testing

/// Makes JSON values of every shape, with members of different names.
struct RandomJSON {
    var generator: SeededRandom

    mutating func value(depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth < 4 ? 9 : 6), using: &generator) {
        case 0: .null
        case 1: .bool(.random(using: &generator))
        case 2: .integer(Int.random(in: -2_000_000_000...4_800_000_000, using: &generator))
        case 3: .number(number())
        case 4, 5: .string(text())
        case 6: .array((0..<Int.random(in: 0..<6, using: &generator)).map { _ in value(depth: depth + 1) })
        default: object(depth: depth)
        }
    }

    private mutating func object(depth: Int) -> JSONValue {
        var names: Set<JSONText> = []
        for _ in 0..<Int.random(in: 0..<12, using: &generator) { names.insert(text()) }
        // A set has no order of its own that repeats from run to run.
        let ordered = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.shuffled(using: &generator)
        return .object(ordered.map { JSONMember($0, value(depth: depth + 1)) })
    }

    private mutating func number() -> Double {
        while true {
            let value = Double(bitPattern: generator.next())
            if value.isFinite { return value }
        }
    }

    private mutating func text() -> JSONText {
        let ranges: [ClosedRange<UInt32>] = [
            0x61...0x63, 0x20...0x7F, 0...0x1F, 0x22...0x22, 0x5C...0x5C, 0x80...0x7FF, 0xD7F0...0xD7FF,
            0xE000...0xE00F,
            0xFFF0...0xFFFF, 0x10000...0x1000F, 0x10FFF0...0x10FFFF,
        ]
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<14, using: &generator) {
            let range = ranges[Int.random(in: ranges.indices, using: &generator)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)) { scalars.append(scalar) }
        }
        return JSONText(String(scalars))
    }
}

@Suite("Properties of random values; a failing case names its seed")
struct JSONPropertyTests {
    @Test("reading what was written gives the value back", arguments: 0..<40 as Range<UInt64>)
    func identity(seed: UInt64) throws {
        var random = RandomJSON(generator: SeededRandom(seed: seed))
        for _ in 0..<6 {
            let value = random.value()
            let compact = value.compactBytes()
            #expect(try JSONValue(parsing: compact) == value)
            #expect(try JSONValue(parsing: value.indentedBytes()) == value)
            #expect(try JSONValue(parsing: compact).compactBytes() == compact)
        }
    }

    @Test("canonical form is one for value and node, a fixed point, and ordered", arguments: 100..<140 as Range<UInt64>)
    func canonical(seed: UInt64) throws {
        var random = RandomJSON(generator: SeededRandom(seed: seed))
        for _ in 0..<6 {
            let value = random.value()
            let canonical = try value.canonicalBytes()
            #expect(try JSONDocument(parsing: value.compactBytes()).root.canonicalBytes() == canonical)
            #expect(try JSONDocument(parsing: value.indentedBytes()).root.canonicalBytes() == canonical)
            #expect(try JSONDocument(parsing: canonical).root.canonicalBytes() == canonical)
            // Without the parser's word for what is in order already: the same through a tree.
            #expect(try JSONValue(parsing: canonical).canonicalBytes() == canonical)
            if case .object(let members) = value, let dropped = members.first {
                let rest = members.dropFirst().filter { !Self.isNamed(dropped.name, inside: $0.value) }
                let node = try JSONDocument(parsing: JSONValue.object([dropped] + rest).compactBytes()).root
                #expect(
                    try node.canonicalBytes(omitting: dropped.name) == JSONValue.object(Array(rest)).canonicalBytes())
            }
            try Self.expectOrder(JSONValue(parsing: canonical))
        }
    }

    /// Names ascend by UTF-16 code units, as Swift's own UTF-16 view has them.
    static func expectOrder(_ value: JSONValue) throws {
        for element in value.array ?? [] { try expectOrder(element) }
        let members = value.object ?? []
        for member in members { try expectOrder(member.value) }
        for (first, second) in zip(members, members.dropFirst()) {
            #expect(Array(first.name.string.utf16).lexicographicallyPrecedes(Array(second.name.string.utf16)))
        }
    }

    static func isNamed(_ name: JSONText, inside value: JSONValue) -> Bool {
        (value.array ?? []).contains { isNamed(name, inside: $0) }
            || (value.object ?? []).contains { $0.name == name || isNamed(name, inside: $0.value) }
    }

    @Test("no cut and no changed byte of a document traps, and what is still read has its canonical form")
    func damage() throws {
        let text =
            #"{"name":"é\u00e9\ud83d\ude00\n","skills":[{"id":0,"rank":-1,"level":1,"xp":1.5e-3},null,true],"z":{}}"#
        let bytes = Array(text.utf8)
        for length in bytes.indices {
            #expect(throws: JSONError.self) { try JSONDocument(parsing: Array(bytes[..<length])) }
        }
        var generator = SeededRandom(seed: 7)
        for offset in bytes.indices {
            for bit in 0..<9 {
                var damaged = bytes
                damaged[offset] = bit < 8 ? bytes[offset] ^ 1 << bit : UInt8.random(in: 0...255, using: &generator)
                Self.exercise(damaged)
            }
        }
    }

    @Test("random bytes and random JSON characters never trap", arguments: 200..<204 as Range<UInt64>)
    func noise(seed: UInt64) {
        var generator = SeededRandom(seed: seed)
        let alphabet = Array(#"{}[]:,"\ue0123456789.-+truefalsn dD8c"#.utf8) + [0x80, 0xC3, 0xA9, 0xF0, 0x9F, 0x00]
        for _ in 0..<3000 {
            let count = Int.random(in: 0..<24, using: &generator)
            Self.exercise((0..<count).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] })
        }
    }

    /// Reads, writes and reads again; fails where the second reading disagrees.
    static func exercise(_ bytes: [UInt8]) {
        guard let document = try? JSONDocument(parsing: bytes) else { return }
        let value = document.root.value
        #expect((try? JSONValue(parsing: value.compactBytes())) == value)
        guard let canonical = try? document.root.canonicalBytes() else { return }
        #expect((try? value.canonicalBytes()) == canonical)
        #expect((try? JSONDocument(parsing: canonical).root.canonicalBytes()) == canonical)
    }
}
