import CanonicalJSON
import Testing

@Suite("Refusals")
struct JSONErrorTests {
    /// What parsing refuses, and the offset of the first wrong byte or token.
    static let refused: [(text: String, code: JSONError.Code, offset: Int)] = [
        ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("[", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2),
        ("[1,", .unexpectedEnd, 3), ("{", .unexpectedEnd, 1), (#"{"a""#, .unexpectedEnd, 4),
        (#"{"a":"#, .unexpectedEnd, 5), (#"{"a":1"#, .unexpectedEnd, 6), (#"{"a":1,"#, .unexpectedEnd, 7),
        (#""ab"#, .unexpectedEnd, 3), (#""\"#, .unexpectedEnd, 2), (#""\u12"#, .unexpectedEnd, 5),
        ("tru", .unexpectedEnd, 3),
        (#""é"#, .unexpectedEnd, 3), ("-", .unexpectedEnd, 1), ("1.", .unexpectedEnd, 2), ("1e", .unexpectedEnd, 2),
        ("1e+", .unexpectedEnd, 3),

        ("x", .syntax, 0), ("[x]", .syntax, 1), ("[1,]", .syntax, 3), ("[,1]", .syntax, 1), ("[1 2]", .syntax, 3),
        ("[1}", .syntax, 2), (#"{"a":1]"#, .syntax, 6), ("{1:2}", .syntax, 1), (#"{"a" 1}"#, .syntax, 5),
        (#"{"a":1,}"#, .syntax, 7), (#"{"a":}"#, .syntax, 5), ("nul1", .syntax, 3), ("True", .syntax, 0),
        ("01", .syntax, 0), ("-01", .syntax, 1), ("00.5", .syntax, 0), ("+1", .syntax, 0), (".5", .syntax, 0),
        ("-x", .syntax, 1),
        ("1.e5", .syntax, 2), ("1.x", .syntax, 2), ("1ex", .syntax, 2), ("[1e+]", .syntax, 4),
        ("[\"a\nb\"]", .syntax, 3), ("\"é\u{1}\"", .syntax, 3), (#"["\x"]"#, .syntax, 2), (#"["\u12g4"]"#, .syntax, 6),
        ("'a'", .syntax, 0), ("\u{FEFF}1", .syntax, 0), ("NaN", .syntax, 0), ("[1\u{A0}]", .syntax, 2),
        ("/**/1", .syntax, 0),

        ("1 2", .trailingBytes, 2), ("{}x", .trailingBytes, 2), ("[] ]", .trailingBytes, 3),
        ("null\0", .trailingBytes, 4),
        ("1x", .trailingBytes, 1),

        (#"["\uD800"]"#, .loneSurrogate, 2), (#"["ab\uDC00"]"#, .loneSurrogate, 4),
        (#""\uD800\uD800""#, .loneSurrogate, 1),
        (#""\uD83D\n""#, .loneSurrogate, 1), (#"{"\uDFFF":1}"#, .loneSurrogate, 2),
        (#""\uD83Dx\uDE00""#, .loneSurrogate, 1),

        ("[1e309]", .numberOverflow, 1), ("-1e999999999999999999999", .numberOverflow, 0),
        ("1.8e308", .numberOverflow, 0),
        ("1" + String(repeating: "0", count: 309), .numberOverflow, 0),

        ("[9007199254740993]", .inexactInteger, 1), ("18446744073709551615", .inexactInteger, 0),
        ("-9007199254740993", .inexactInteger, 0), ("1152921504606846977", .inexactInteger, 0),
        ("1152921504606847001", .inexactInteger, 0), ("100000000000000000000000", .inexactInteger, 0),
        ("10000000000000000999", .inexactInteger, 0),
    ]

    @Test("what parsing refuses, with the offset", arguments: refused)
    func refusedText(text: String, code: JSONError.Code, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: Array(text.utf8)) }
        #expect(error?.code == code)
        #expect(error?.offset == offset)
        let valueError = #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
        #expect(valueError == error)
    }

    @Test(
        "bytes that are not UTF-8, with the offset of the sequence",
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xC3], [0xE2, 0x82],
            [0xF0, 0x9F, 0x98], [0xE2, 0x28, 0xA1], [0xF0, 0x9F, 0x28, 0x80], [0xF0, 0x9F, 0x98, 0x28],
        ] as [[UInt8]])
    func invalidUTF8(sequence: [UInt8]) {
        for text in [Array("[\"aé".utf8) + sequence + Array("\"]".utf8), Array("[\"aé".utf8) + sequence] {
            let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: text) }
            #expect(error?.code == .invalidUTF8)
            #expect(error?.offset == 5)
        }
    }

    @Test("what ends or breaks a string or a number is seen at every offset")
    func everyOffset() throws {
        for length in 0..<20 {
            for (plain, broken) in [(0x23, 0x1F), (0x5D, 0x80), (0x20, 0x00), (0x7F, 0xFF)] as [(UInt8, UInt8)] {
                let before = [UInt8(ascii: "\"")] + Array(repeating: plain, count: length)
                for after in [0, 3, 12] {
                    let rest = Array(repeating: plain, count: after)
                    let error = #expect(throws: JSONError.self) {
                        try JSONDocument(parsing: before + [broken] + rest + [UInt8(ascii: "\"")])
                    }
                    #expect(error?.offset == length + 1)
                }
                let whole = before + [UInt8(ascii: "\"")]
                #expect(try JSONDocument(parsing: whole).root.text?.utf8 == Array(repeating: plain, count: length))
                let trailing = #expect(throws: JSONError.self) { try JSONDocument(parsing: whole + before) }
                #expect(trailing == JSONError(.trailingBytes, offset: length + 2))
            }
            for (stop, code) in [("/", JSONError.Code.trailingBytes), (":", .trailingBytes), (".", .syntax)] {
                let text = Array(("1" + String(repeating: "0", count: length) + stop + "////////").utf8)
                let error = #expect(throws: JSONError.self) { try JSONDocument(parsing: text) }
                #expect(error?.code == code)
                #expect(error?.offset == length + (code == .syntax ? 2 : 1))
            }
        }
    }

    @Test("the edges of UTF-8 are read")
    func validUTF8() throws {
        for character in [
            "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}",
        ] {
            let text = "[\"\(character)\"]"
            #expect(try JSONDocument(parsing: Array(text.utf8)).root.canonicalBytes() == Array(text.utf8))
        }
    }

    @Test("integers that doubles hold are read, however long")
    func exactIntegers() throws {
        let twoTo1000 =
            "10715086071862673209484250490600018105614048117055336074437503883703510511249361224931983788156958"
            + "58127594672917553146825187145285692314043598457757469857480393456777482423098542107460506237114187795418215"
            + "30464749835819412673987675591655439460770629145711964776865421676604298316526243868372056680" + "69376"
        for (text, value) in [
            ("9007199254740992", 0x1p53), ("9007199254740994", 0x1p53 + 2), ("-9223372036854775808", -0x1p63),
            ("18446744073709551616", 0x1p64), ("10000000000000000000000", 1e22), (twoTo1000, 0x1p1000),
            ("1152921504606847000", 0x1p60), ("18446744073709552000", 0x1p64),
        ] {
            #expect(try JSONValue(parsing: Array(text.utf8)) == .number(value))
        }
    }

    @Test("where numbers are not checked any that the grammar allows is read, and no other")
    func anyNumber() throws {
        let limits = JSONLimits(checksNumbers: false)
        for text in ["123456789012345678", "-9007199254740993", "1e999", "0.1000000000000000000001", "7"] {
            #expect(try JSONDocument(parsing: Array(text.utf8), limits: limits).root.number == Double(text))
        }
        for text in ["01", "1.", "-", "1e", "+1", ".5"] {
            #expect(throws: JSONError.self) { try JSONDocument(parsing: Array(text.utf8), limits: limits) }
        }
    }

    @Test("nesting is allowed up to the limit and no further")
    func depth() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array(repeating: UInt8(ascii: "["), count: depth) + Array(repeating: UInt8(ascii: "]"), count: depth)
        }
        #expect(try JSONDocument(parsing: nested(512)).root.canonicalBytes() == nested(512))
        #expect(try JSONValue(parsing: nested(512)).canonicalBytes() == nested(512))
        #expect(try JSONDocument(parsing: nested(3), limits: JSONLimits(depth: 3)).root.kind == .array)
        let deepest = JSONLimits.greatestDepth
        let document = try JSONDocument(parsing: nested(deepest), limits: JSONLimits(depth: deepest))
        #expect(try document.root.canonicalBytes(omitting: "x") == nested(deepest))
        #expect(try document.root.value.canonicalBytes() == document.root.value.compactBytes())
        for (depth, limit, offset) in [(513, 512, 512), (4, 3, 3), (1, 0, 0), (100_000, 1 << 40, 1024)] {
            let error = #expect(throws: JSONError.self) {
                try JSONDocument(parsing: nested(depth), limits: JSONLimits(depth: limit))
            }
            #expect(error?.code == .tooDeep)
            #expect(error?.offset == offset)
        }
        let objects = Array(String(repeating: #"{"a":"#, count: 100_000).utf8)
        #expect(throws: JSONError.self) { try JSONDocument(parsing: objects) }
        #expect(try JSONDocument(parsing: Array("7".utf8), limits: JSONLimits(depth: 0)).root.integer == 7)
    }

    @Test("texts over the limit are refused unread")
    func length() throws {
        #expect(try JSONDocument(parsing: Array("[1]".utf8), limits: JSONLimits(bytes: 3)).root.kind == .array)
        let error = #expect(throws: JSONError.self) {
            try JSONDocument(parsing: Array("[1] ".utf8), limits: JSONLimits(bytes: 3))
        }
        #expect(error?.code == .tooLong)
        #expect(error?.offset == 3)
    }

    @Test(
        "canonical form refuses a repeated name, at its second place",
        arguments: [
            (#"{"a":1,"a":1}"#, 7, "a"), (#"[{"b":1,"a":2,"b":3}]"#, 14, "b"), (#"{"a":1,"\u0061":1}"#, 7, "a"),
            (#"{"x":{"rank":1,"rank":2}}"#, 15, "rank"), (#"{"":1,"":2}"#, 6, ""),
        ])
    func duplicateName(text: String, offset: Int, name: String) throws {
        let document = try JSONDocument(parsing: Array(text.utf8))
        for omitted in [nil, "rank"] as [JSONText?] {
            let error = #expect(throws: JSONError.self) { try document.root.canonicalBytes(omitting: omitted) }
            #expect(error == JSONError(.duplicateName, offset: offset, detail: name))
        }
        let error = #expect(throws: JSONError.self) { try document.root.value.canonicalBytes() }
        #expect(error?.code == .duplicateName)
        #expect(error?.detail == name)
    }

    @Test("values built by hand that have no canonical form")
    func values() {
        func refusal(_ value: JSONValue) -> JSONError? {
            #expect(throws: JSONError.self) { try value.canonicalBytes() }
        }
        #expect(refusal(.array([.null, .number(.infinity)])) == JSONError(.numberOverflow, offset: 6, detail: "inf"))
        #expect(refusal(.number(.nan)) == JSONError(.numberOverflow, offset: 0, detail: "nan"))
        let twice = [JSONMember("a", .null), JSONMember("b", .null), JSONMember("a", .null)]
        #expect(refusal(.object(twice)) == JSONError(.duplicateName, offset: 10, detail: "a"))
        let deep = (0..<JSONLimits.greatestDepth).reduce(JSONValue.array([])) { value, _ in .array([value]) }
        #expect(refusal(deep) == JSONError(.tooDeep, offset: 1024))
    }

    @Test("messages say what is wrong and where")
    func messages() {
        func message(_ text: String) -> String? {
            #expect(throws: JSONError.self) { try JSONDocument(parsing: Array(text.utf8)) }?.description
        }
        #expect(
            message("[9007199254740993]")
                == "an integer that a double does not hold exactly at byte 1: 9007199254740993")
        #expect(message("\u{FEFF}{}") == "not JSON at byte 0: a byte order mark")
        #expect(message("[1;2]") == "not JSON at byte 2: expected a comma or ]")
        #expect(message("[1") == "the JSON text ends too early at byte 2")
    }

    @Test("every code has a test here")
    func codes() {
        let elsewhere: Set<JSONError.Code> = [.invalidUTF8, .tooDeep, .tooLong, .duplicateName]
        #expect(elsewhere.union(Self.refused.map(\.code)) == Set(JSONError.Code.allCases))
    }
}
