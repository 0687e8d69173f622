import CanonicalJSON
import Testing

@testable import Diffing

@Suite("JSON Pointer (RFC 6901)")
struct JSONPointerTests {
    @Test(
        "The examples of section 5 are read and written back",
        arguments: [
            ("", []), ("/foo", ["foo"]), ("/foo/0", ["foo", "0"]), ("/", [""]), ("/a~1b", ["a/b"]), ("/c%d", ["c%d"]),
            ("/i\\j", ["i\\j"]), ("/k\"l", ["k\"l"]), ("/ ", [" "]), ("/m~0n", ["m~n"]), ("/~01", ["~1"]),
            ("//", ["", ""]), ("/a/", ["a", ""]),
        ])
    func roundTrip(text: String, tokens: [String]) throws {
        let pointer = try #require(JSONPointer(parsing: JSONText(text)))
        #expect(pointer.tokens.map(\.string) == tokens)
        #expect(pointer.description == text)
    }

    @Test("A text without a leading slash and a stray tilde are refused", arguments: ["foo", " /", "/~", "/~2", "/a~"])
    func malformed(text: String) {
        #expect(JSONPointer(parsing: JSONText(text)) == nil)
    }

    @Test("Only digits without a leading zero are an index")
    func indices() {
        #expect(JSONText("0").arrayIndex == 0)
        #expect(JSONText("10").arrayIndex == 10)
        for text in ["", "00", "01", "-", "-1", "+1", "1e0", "1.0", " 1", "٣", "99999999999999999999"] {
            #expect(JSONText(text).arrayIndex == nil, "\(text)")
        }
    }
}
