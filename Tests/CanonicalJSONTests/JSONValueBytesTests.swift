import CanonicalJSON
import Testing

@Suite("Values to text")
struct JSONValueBytesTests {
    static let value = JSONValue.object([
        JSONMember("z", .array([.integer(1), .object([]), .array([]), .null])),
        JSONMember("a", .object([JSONMember("é\u{7}", .number(-0.0)), JSONMember("b", .bool(false))])),
        JSONMember("z", .number(1e21)),
    ])

    @Test("compact text keeps the order and repeated names")
    func compact() throws {
        let text = #"{"z":[1,{},[],null],"a":{"é\u0007":0,"b":false},"z":1e+21}"#
        #expect(String(decoding: Self.value.compactBytes(), as: UTF8.self) == text)
        #expect(try JSONValue(parsing: Array(text.utf8)) == Self.value)
    }

    @Test("indented text has a line for each member and element")
    func indented() throws {
        let text = """
            {
              "z": [
                1,
                {},
                [],
                null
              ],
              "a": {
                "é\\u0007": 0,
                "b": false
              },
              "z": 1e+21
            }
            """
        #expect(String(decoding: Self.value.indentedBytes(), as: UTF8.self) == text)
        #expect(String(decoding: JSONValue.array([.null]).indentedBytes(indent: 0), as: UTF8.self) == "[\nnull\n]")
        #expect(try JSONValue(parsing: Self.value.indentedBytes(indent: 7)) == Self.value)
    }

    @Test("a number that is not finite becomes null")
    func notFinite() {
        #expect(JSONValue.array([.number(.nan), .number(-.infinity)]).compactBytes() == Array("[null,null]".utf8))
    }
}
