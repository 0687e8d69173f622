import CanonicalJSON
import TestSupport
import Testing

@Suite("Canonical form (RFC 8785)")
struct CanonicalFormTests {
    @Test(
        "the JCS test data come out byte for byte",
        .enabled(if: SharedFiles.exists("conformance"), "the shared test data are absent"),
        arguments: ["arrays", "french", "structures", "unicode", "values", "weird"])
    func testData(name: String) throws {
        let folder = "conformance/jcs/testdata"
        let input = try #require(SharedFiles.bytes("\(folder)/input/\(name).json"))
        let output = try #require(SharedFiles.bytes("\(folder)/output/\(name).json"))
        let hexadecimal = try #require(SharedFiles.bytes("\(folder)/outhex/\(name).txt"))
        let bytes = hexadecimal.split { $0 == 0x20 || $0 == 0x0A }
            .compactMap { UInt8(String(decoding: $0, as: UTF8.self), radix: 16) }
        #expect(bytes == output)
        #expect(try JSONDocument(parsing: input).root.canonicalBytes() == output)
        #expect(try JSONValue(parsing: input).canonicalBytes() == output)
    }

    @Test(
        "texts and their canonical form",
        arguments: [
            // Space and order.
            (" [ 1 , 2 ] ", "[1,2]"),
            ("{ }", "{}"),
            ("[ ]", "[]"),
            ("\t\r\n null", "null"),
            (#"{"b":1,"a":2}"#, #"{"a":2,"b":1}"#),
            (#"{"a":1,"b":2}"#, #"{"a":1,"b":2}"#),
            (#"{"a":1, "b":2}"#, #"{"a":1,"b":2}"#),
            (#"{"a":{"d":1,"c":[{"z":1,"y":2}]}}"#, #"{"a":{"c":[{"y":2,"z":1}],"d":1}}"#),
            (#"[{"b":1,"a":2},{"a":1,"b":2},{"b":1,"a":2}]"#, #"[{"a":2,"b":1},{"a":1,"b":2},{"a":2,"b":1}]"#),
            (#"{"aa":1,"a":2,"":3}"#, #"{"":3,"a":2,"aa":1}"#),
            (#"{"10":1,"9":2,"1":3}"#, #"{"1":3,"10":1,"9":2}"#),
            (#"{"\u0062":1,"a":2}"#, #"{"a":2,"b":1}"#),
            (#"{"\u0061":1,"b":2}"#, #"{"a":1,"b":2}"#),
            (#"{"a":1,"\n":2}"#, #"{"\n":2,"a":1}"#),
            // UTF-16 order: U+1F600 is a surrogate pair and comes before U+E000 and U+FFFD, after U+D7FF.
            (
                "{\"\u{FFFD}\":1,\"\u{E000}\":2,\"\u{1F600}\":3,\"\u{D7FF}\":4,\"\u{10FFFF}\":5}",
                "{\"\u{D7FF}\":4,\"\u{1F600}\":3,\"\u{10FFFF}\":5,\"\u{E000}\":2,\"\u{FFFD}\":1}"
            ),
            (#"{"\uFFFD":1,"\uD83D\uDE00":2}"#, "{\"\u{1F600}\":2,\"\u{FFFD}\":1}"),
            // Strings.
            (#""\/""#, #""/""#),
            (#""\u0041\u00e9\u20AC\uD834\uDD1E""#, "\"Aé€\u{1D11E}\""),
            (#""\u0000\u0001\u001f\u007f""#, "\"\\u0000\\u0001\\u001f\u{7F}\""),
            (#""\u0008\u0009\u000a\u000c\u000d\u0022\u005c""#, #""\b\t\n\f\r\"\\""#),
            (#""\u000b\u000E""#, #""\u000b\u000e""#),
            // Numbers.
            ("-0", "0"), ("-0.0", "0"), ("0e5", "0"), ("1.0", "1"), ("1E2", "100"), ("-1.50", "-1.5"),
            ("1e21", "1e+21"), ("1e20", "100000000000000000000"), ("123456789012345680000", "123456789012345680000"),
            ("1000000000000000000000", "1e+21"), ("1e-6", "0.000001"), ("1e-7", "1e-7"), ("1.5e-7", "1.5e-7"),
            ("4.5e300", "4.5e+300"), ("5e-324", "5e-324"), ("1e-400", "0"), ("123.456", "123.456"),
            ("9007199254740992", "9007199254740992"), ("-9007199254740994", "-9007199254740994"),
            ("1152921504606846976", "1152921504606847000"), ("1152921504606847000", "1152921504606847000"),
            ("999999999999999", "999999999999999"), ("4800000000", "4800000000"),
        ])
    func canonical(text: String, expected: String) throws {
        let bytes = Array(text.utf8)
        let canonical = try JSONDocument(parsing: bytes).root.canonicalBytes()
        #expect(String(decoding: canonical, as: UTF8.self) == expected)
        #expect(try JSONValue(parsing: bytes).canonicalBytes() == canonical)
        #expect(try JSONDocument(parsing: canonical).root.canonicalBytes() == canonical)
    }

    @Test("a member inside a document has its own canonical form")
    func inner() throws {
        let line = Array(#"{"player":"x","body":{"skills":[],"name":"x"}}"#.utf8)
        let body = try #require(try JSONDocument(parsing: line).root["body"])
        #expect(String(decoding: try body.canonicalBytes(), as: UTF8.self) == #"{"name":"x","skills":[]}"#)
        #expect(String(decoding: line[body.byteRange], as: UTF8.self) == #"{"skills":[],"name":"x"}"#)
    }

    @Test(
        "omitting a name drops its members at every depth and nothing else",
        arguments: [
            (#"{"rank":1}"#, "{}"),
            (#"{"a":1,"rank":{"rank":2},"z":"rank"}"#, #"{"a":1,"z":"rank"}"#),
            (
                #"{"z":[{"xp":5,"rank":1,"id":0},{"rank":-1}],"Rank":1,"ranks":2}"#,
                #"{"Rank":1,"ranks":2,"z":[{"id":0,"xp":5},{}]}"#
            ),
            (#"{"r\u0061nk":1,"a":"\u0061"}"#, #"{"a":"a"}"#),
            (#"["rank",1.0]"#, #"["rank",1]"#),
            ("7", "7"),
        ])
    func omitting(text: String, expected: String) throws {
        let root = try JSONDocument(parsing: Array(text.utf8)).root
        #expect(String(decoding: try root.canonicalBytes(omitting: "rank"), as: UTF8.self) == expected)
    }
}
