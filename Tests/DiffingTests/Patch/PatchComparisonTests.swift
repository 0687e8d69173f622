import CanonicalJSON
import TestSupport
import Testing

@testable import Diffing

@Suite("A patch between two documents")
struct PatchComparisonTests {
    /// The steps between two documents in one line each, checked to lead from one to the other.
    private func steps(_ from: String, _ to: String) throws -> [String] {
        let (old, new) = (try JSONValue(parsing: Array(from.utf8)), try JSONValue(parsing: Array(to.utf8)))
        let patch = JSONPatch.between(old, new)
        #expect(try patch.apply(to: old).canonicalBytes() == new.canonicalBytes())
        return patch.operations.map { operation in
            switch operation {
            case .add(let path, let value): "+\(path) \(String(decoding: value.compactBytes(), as: UTF8.self))"
            case .remove(let path): "-\(path)"
            case .replace(let path, let value): "=\(path) \(String(decoding: value.compactBytes(), as: UTF8.self))"
            case .move, .copy, .test: "unexpected"
            }
        }
    }

    @Test("Equivalent documents need no step")
    func nothing() throws {
        #expect(try steps(#"{"a":1,"b":[{"c":1,"d":2}]}"#, #"{"b":[{"d":2,"c":1}],"a":1.0}"#).isEmpty)
    }

    @Test("An inserted and renumbered row is one addition and the new numbers")
    func insertedRow() throws {
        let from = #"{"rows":[{"id":0,"name":"A","n":1},{"id":1,"name":"C","n":2},{"id":2,"name":"D","n":3}]}"#
        let to =
            #"{"rows":[{"id":0,"name":"A","n":1},{"id":1,"name":"B","n":9},{"id":2,"name":"C","n":2},{"id":3,"name":"D","n":4}]}"#
        #expect(
            try steps(from, to) == [
                #"+/rows/1 {"id":1,"name":"B","n":9}"#, "=/rows/2/id 2", "=/rows/3/id 3", "=/rows/3/n 4",
            ])
        #expect(
            try steps(to, from) == ["-/rows/1", "=/rows/1/id 1", "=/rows/2/id 2", "=/rows/2/n 3"])
    }

    @Test("Another row in the same place is replaced as a whole")
    func anotherRow() throws {
        #expect(
            try steps(#"[{"name":"A","n":1}]"#, #"[{"name":"B","n":1}]"#) == [#"=/0 {"name":"B","n":1}"#])
    }

    @Test("Rows of one name are matched the nth with the nth, and none is lost")
    func duplicateRows() throws {
        #expect(
            try steps(#"[{"name":"A","n":1},{"name":"A","n":2}]"#, #"[{"name":"A","n":1},{"name":"A","n":3}]"#)
                == ["=/1/n 3"])
        #expect(
            try steps(#"[{"name":"A","n":1}]"#, #"[{"name":"A","n":5},{"name":"A","n":6}]"#)
                == ["=/0/n 5", #"+/1 {"name":"A","n":6}"#])
    }

    @Test("Plain arrays keep what they share")
    func plainArrays() throws {
        #expect(try steps("[1,2,3,4]", "[1,9,3,4]") == ["=/1 9"])
        #expect(try steps("[1,2,3,4]", "[2,3,4]") == ["-/0"])
        #expect(try steps("[1,2,3]", "[0,1,2,7,3,8]") == ["+/0 0", "+/3 7", "+/5 8"])
        #expect(try steps("[1,1,1]", "[1,1]") == ["-/2"])
        #expect(try steps("[[1,2],[3]]", "[[1,2,5],[3,4]]") == ["+/0/2 5", "+/1/1 4"])
        #expect(try steps("[]", "[1]") == ["+/0 1"])
    }

    @Test("Member names with slash and tilde, and empty ones, are escaped")
    func escapedNames() throws {
        #expect(try steps(#"{"a/b":1,"m~n":1,"":1}"#, #"{"a/b":2,"m~n":2,"":2}"#) == ["=/a~1b 2", "=/m~0n 2", "=/ 2"])
        #expect(try steps(#"{"~1":1}"#, #"{"/":1}"#) == ["-/~01", "+/~1 1"])
    }

    @Test("A change of type, at the root too, is one replacement")
    func types() throws {
        #expect(try steps("[]", "{}") == ["= {}"])
        #expect(try steps(#""a""#, "null") == ["= null"])
        #expect(try steps(#"{"a":[1]}"#, #"{"a":{"0":1}}"#) == [#"=/a {"0":1}"#])
        #expect(try steps(#"{"a":null}"#, "{}") == ["-/a"])
    }

    @Test("An object with two members of one name is replaced as a whole")
    func duplicateMembers() throws {
        let old = JSONValue.object([JSONMember("a", .integer(1)), JSONMember("a", .integer(2))])
        let new = JSONValue.object([JSONMember("a", .integer(1)), JSONMember("a", .integer(3))])
        #expect(try JSONPatch.between(old, new).apply(to: old) == new)
        #expect(JSONPatch.between(old, old).operations.isEmpty)
        #expect(try JSONPatch.between(.array([old]), .array([new])).apply(to: .array([old])) == .array([new]))
    }

    @Test("Large arrays cost no square of their length", .timeLimit(.minutes(1)))
    func largeArrays() throws {
        let count = 50_000
        let numbers = (0..<count).map { JSONValue.integer($0) }
        var generator = SeededRandom(seed: 7)
        for other in [numbers.shuffled(using: &generator), numbers.reversed(), Array(numbers[1...] + [.null])] {
            let patch = JSONPatch.between(.array(numbers), .array(other))
            #expect(patch.operations.count <= 2)
            #expect(try patch.apply(to: .array(numbers)) == .array(other))
        }
        let equal = [JSONValue](repeating: .null, count: count)
        #expect(JSONPatch.between(.array(equal), .array(Array(equal.dropLast()))).operations.count == 1)
        func rows(_ names: some Sequence<Int>) -> JSONValue {
            .array(
                names.enumerated().map { id, name in
                    .object([JSONMember("id", .integer(id)), JSONMember("name", .text("row \(name)"))])
                })
        }
        let patch = JSONPatch.between(rows(0..<count), rows([-1] + Array(0..<count)))
        #expect(patch.operations.count == 1 + count)
        #expect(try patch.apply(to: rows(0..<count)) == rows([-1] + Array(0..<count)))
    }

    @Test("Large objects cost no square of their members", .timeLimit(.minutes(1)))
    func largeObjects() throws {
        func object(_ shift: Int) -> JSONValue {
            .object((0..<50_000).map { JSONMember(JSONText("member \($0)"), .integer($0 + shift)) })
        }
        let patch = JSONPatch.between(object(0), object(1))
        #expect(patch.operations.count == 1)
        #expect(try patch.apply(to: object(0)) == object(1))
    }
}
