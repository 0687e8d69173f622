import CanonicalJSON
import Testing

@Suite("Nodes of a parsed document")
struct JSONNodeTests {
    static func root(_ text: String) throws -> JSONNode { try JSONDocument(parsing: Array(text.utf8)).root }

    @Test("members are found by name and passed in the order of the text")
    func members() throws {
        let root = try Self.root(#"{"a":{"b":1},"b":[2,{"b":3}],"\u0063\n":true,"b":null}"#)
        #expect(root.kind == .object)
        #expect(root["a"]?["b"]?.integer == 1)
        #expect(root["b"]?.kind == .array)
        #expect(root["c\n"]?.bool == true)
        #expect(root["c"] == nil)
        #expect(root[""] == nil)
        #expect(root.members.map(\.name) == ["a", "b", "c\n", "b"])
        #expect(root.members.map(\.value.kind) == [.object, .array, .bool, .null])
        #expect(root.members.map { $0.hasName("b") } == [false, true, false, true])
        #expect(Array(root.elements).isEmpty)
    }

    @Test("names are compared by bytes")
    func names() throws {
        let root = try Self.root("{\"e\u{301}\":1,\"\u{E9}\":2}")
        #expect(root["\u{E9}"]?.integer == 2)
        #expect(root["e\u{301}"]?.integer == 1)
    }

    @Test("elements are passed in order, whatever lies inside them")
    func elements() throws {
        let root = try Self.root(#"[[], {}, [1, [2]], {"a": [3]}, "x", 4]"#)
        #expect(root.elements.map(\.kind) == [.array, .object, .array, .object, .string, .number])
        #expect(Array(root.elements.map { $0.elements.map(\.kind) }[2]) == [.number, .array])
        #expect(Array(root.members).isEmpty)
        #expect(root["a"] == nil)
        #expect(try Array(Self.root("[]").elements).isEmpty)
        #expect(try Array(Self.root("{}").members).isEmpty)
    }

    @Test("a value has one kind, and is nil as any other")
    func kinds() throws {
        let nodes = Array(try Self.root(#"[null,true,false,1.5,"é\"",[],{}]"#).elements)
        #expect(nodes.map(\.isNull) == [true, false, false, false, false, false, false])
        #expect(nodes.map(\.bool) == [nil, true, false, nil, nil, nil, nil])
        #expect(nodes.map(\.number) == [nil, nil, nil, 1.5, nil, nil, nil])
        #expect(nodes.map(\.integer) == [nil, nil, nil, nil, nil, nil, nil])
        #expect(nodes.map(\.string) == [nil, nil, nil, nil, "é\"", nil, nil])
        #expect(nodes.map(\.text) == [nil, nil, nil, nil, "é\"", nil, nil])
        #expect(
            nodes.map(\.value) == [
                .null, .bool(true), .bool(false), .number(1.5), .text("é\""), .array([]), .object([]),
            ])
    }

    @Test(
        "whole numbers are integers however they are spelled",
        arguments: [
            ("0", 0), ("-0", 0), ("-1", -1), ("4800000000", 4_800_000_000), ("1.0", 1), ("25e1", 250), ("1e-400", 0),
            ("999999999999999", 999_999_999_999_999), ("-999999999999999", -999_999_999_999_999),
            ("9007199254740992", 1 << 53), ("1152921504606847000", 1 << 60), ("-9223372036854775808", Int64.min),
            ("9223372036854775808", nil), ("1e300", nil), ("0.5", nil), ("100000000000000000000", nil),
        ] as [(String, Int64?)])
    func integers(text: String, expected: Int64?) throws {
        let root = try Self.root(text)
        #expect(root.integer == expected)
        #expect(root.value.integer == expected)
        #expect(root.number == Double(text))
    }

    @Test("byte ranges point into the bytes that were parsed")
    func ranges() throws {
        let text = #" {"a": [1, "x\n"] , "b":-2.5e1} "#
        let root = try Self.root(text)
        func slice(_ node: JSONNode?) -> String? {
            node.map { String(decoding: Array(text.utf8)[$0.byteRange], as: UTF8.self) }
        }
        #expect(slice(root) == #"{"a": [1, "x\n"] , "b":-2.5e1}"#)
        #expect(slice(root["a"]) == #"[1, "x\n"]"#)
        #expect(root["a"]?.elements.map(slice) == ["1", #""x\n""#])
        #expect(slice(root["b"]) == "-2.5e1")
    }
}
