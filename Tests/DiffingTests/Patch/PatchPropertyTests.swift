import CanonicalJSON
import TestSupport
import Testing

@testable import Diffing

@Suite("The patch between any two documents leads from one to the other")
struct PatchPropertyTests {
    @Test("Random documents", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func randomDocuments(seed: UInt64) throws {
        var generator = RandomDocuments(seed: seed)
        for round in 0..<1_000 {
            let from = generator.value(depth: 4)
            let to = round.isMultiple(of: 3) ? generator.value(depth: 4) : generator.variation(of: from, depth: 4)
            let patch = try JSONPatch(parsing: JSONValue(parsing: JSONPatch.between(from, to).document.compactBytes()))
            let (result, wanted) = (try patch.apply(to: from).canonicalBytes(), try to.canonicalBytes())
            #expect(result == wanted, "seed \(seed), round \(round): \(from) -> \(to)")
            #expect(try patch.operations.isEmpty == (from.canonicalBytes() == wanted), "seed \(seed), round \(round)")
        }
    }

    @Test(
        "Real captures: all consecutive ones and random pairs", .enabled(if: Capture.areThere, "no shared files"),
        arguments: Capture.seriesNames)
    func realCaptures(name: String) throws {
        let bodies = try (Capture.series(name) + Capture.series("ArchonBorn")).map(\.body)
        let canonical = try bodies.map { try $0.canonicalBytes() }
        var generator = SeededRandom(seed: 20_251_115)
        let random = (0..<100).map { _ in
            (Int.random(in: bodies.indices, using: &generator), Int.random(in: bodies.indices, using: &generator))
        }
        for (from, to) in zip(bodies.indices, bodies.indices.dropFirst()) + random {
            let result = try JSONPatch.between(bodies[from], bodies[to]).apply(to: bodies[from])
            #expect(try result.canonicalBytes() == canonical[to], "\(name), captures \(from) and \(to)")
        }
    }

    @Test(
        "The arrival of a row in a real series is one addition, and no row is rewritten",
        .enabled(if: Capture.areThere, "no shared files"),
        arguments: [
            ("2025-05-15", "/activities/82"), ("2025-10-17", "/activities/0"), ("2025-11-20", "/skills/24"),
            ("2026-02-26", "/activities/26"), ("2026-08-03", "/activities/54"),
        ])
    func realLayoutChange(day: String, place: String) throws {
        let (before, after) = try Capture.around(day, in: "vaOPA")
        for operation in JSONPatch.between(before.body, after.body).operations {
            switch operation {
            case .add(let path, _): #expect(path.description == place)
            case .replace(let path, _): #expect(path.tokens.count == 3, "\(path)")
            default: Issue.record("unexpected: \(operation)")
            }
        }
    }
}

/// Random JSON with what makes patches hard: awkward names, rows of equal names, repeated values, changed types.
private struct RandomDocuments {
    private var generator: SeededRandom
    private static let names: [JSONText] = ["", "a", "b", "name", "/", "~", "~1", "0", "-", "é", "e\u{301}", "id"]

    init(seed: UInt64) { generator = SeededRandom(seed: seed) }

    mutating func value(depth: Int) -> JSONValue {
        switch below(depth > 0 ? 9 : 5) {
        case 0: .null
        case 1: .bool(below(2) == 0)
        case 2: .number([-1, 0, -0.0, 1, 2.5, 1e21, 4_800_000_000][below(7)])
        case 3: .integer(below(4))
        case 4: .string(Self.names[below(Self.names.count)])
        case 5: .array((0..<below(6)).map { _ in value(depth: depth - 1) })
        case 6: .array((0..<below(7)).map { row($0, depth: depth - 1) })
        default: object(depth: depth - 1)
        }
    }

    /// The same value with some parts changed, inserted, removed or moved.
    mutating func variation(of value: JSONValue, depth: Int) -> JSONValue {
        if below(8) == 0 { return self.value(depth: depth) }
        switch value {
        case .array(var elements):
            for index in elements.indices where below(3) == 0 {
                elements[index] = variation(of: elements[index], depth: depth - 1)
            }
            if below(2) == 0 { elements.insert(self.value(depth: depth - 1), at: below(elements.count + 1)) }
            if below(3) == 0, !elements.isEmpty { elements.remove(at: below(elements.count)) }
            if below(6) == 0 { elements.shuffle(using: &generator) }
            return .array(elements)
        case .object(var members):
            for index in members.indices where below(3) == 0 {
                members[index].value = variation(of: members[index].value, depth: depth - 1)
            }
            if below(3) == 0, !members.isEmpty { members.remove(at: below(members.count)) }
            if let name = Self.names.first(where: { name in !members.contains { $0.name == name } }), below(3) == 0 {
                members.append(JSONMember(name, self.value(depth: depth - 1)))
            }
            members.shuffle(using: &generator)
            return .object(members)
        default: return value
        }
    }

    private mutating func row(_ id: Int, depth: Int) -> JSONValue {
        .object([
            JSONMember("id", .integer(id)), JSONMember("name", .string(["A", "B", "C", "D"][below(4)])),
            JSONMember("value", value(depth: depth)),
        ])
    }

    private mutating func object(depth: Int) -> JSONValue {
        var names = Self.names.shuffled(using: &generator).prefix(below(5))
        names.sort { $0.string < $1.string }
        return .object(names.map { JSONMember($0, value(depth: depth)) })
    }

    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }
}
