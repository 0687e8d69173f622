import Archive
import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

/// Observations are written straight as bytes; the tree of values is the other way to the same bytes.
@Suite struct ObservationFormatTests {
    @Test(arguments: UInt64(0)..<8) func anObservationIsTheCanonicalFormOfItsMembers(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        print("seed \(seed)")
        for _ in 0..<500 {
            let observation = Self.observation(&random)
            // What would not be read back is never written.
            guard Self.isReadBack(observation) else {
                #expect(throws: RecordFormatError.self) { try RecordFormat.encode(.observation(observation)) }
                continue
            }
            let bytes = try RecordFormat.encode(.observation(observation))
            #expect(bytes == (try Self.tree(observation).canonicalBytes()))
            #expect(try RecordFormat.decodeExactly(bytes) == .observation(observation))
        }
    }

    @Test func membersAreFoundInAnyOrderAndUnknownOnesPassedOver() throws {
        var random = SeededRandom(seed: 21)
        for _ in 0..<200 {
            var observation = Self.observation(&random)
            while !Self.isReadBack(observation) { observation = Self.observation(&random) }
            guard case .object(var members) = Self.tree(observation) else { continue }
            members += [JSONMember("later", .array([.null])), JSONMember("zz", .object([]))]
            members.shuffle(using: &random)
            let record = try RecordFormat.decode(JSONValue.object(members).compactBytes())
            #expect(record == .observation(observation))
        }
    }

    private static func isReadBack(_ observation: Observation) -> Bool {
        let evidence = observation.evidence
        return [evidence.httpStatus, evidence.latencyMilliseconds, evidence.attempt, evidence.body?.bytes]
            .allSatisfy { ($0 ?? 0) >= 0 && ($0 ?? 0) <= 1 << 53 }
    }

    private static func text(_ random: inout SeededRandom) -> String {
        let characters: [Character] = [
            "a", "Z", "0", " ", "/", "\"", "\\", "\u{0}", "\u{1}", "\u{8}", "\t", "\n", "\u{B}", "\u{C}", "\r",
            "\u{1F}", "\u{7F}", "\u{A0}", "é", "€", "\u{FFFD}", "🐉", "\u{2028}",
        ]
        let plain = Bool.random(using: &random)
        let count = Int.random(in: 0...40, using: &random)
        return String((0..<count).map { _ in plain ? "x" : characters.randomElement(using: &random) ?? "x" })
    }

    private static func id(_ random: inout SeededRandom) -> ObjectID {
        SHA256.digest((0..<8).map { _ in UInt8.random(in: 0...255, using: &random) })
    }

    private static func some<Value>(
        _ random: inout SeededRandom, _ value: (inout SeededRandom) -> Value
    ) -> Value? {
        Bool.random(using: &random) ? value(&random) : nil
    }

    private static func number(_ random: inout SeededRandom) -> Int {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: Int.random(in: .min ... .max, using: &random)
        case 1: [0, 1 << 53, 1 << 53 - 1, .max, .min][Int.random(in: 0..<5, using: &random)]
        default: Int.random(in: 0...1000, using: &random)
        }
    }

    private static func observation(_ random: inout SeededRandom) -> Observation {
        let result = Observation.Result.allCases.randomElement(using: &random) ?? .ok
        let milliseconds = Int64.random(
            in: Timestamp.earliest.millisecondsSinceEpoch...Timestamp.latest.millisecondsSinceEpoch, using: &random)
        return Observation(
            board: Board.allCases.randomElement(using: &random) ?? .main,
            player: PlayerName(normalising: text(&random)) ?? SampleData.player("x"), displayName: some(&random, text),
            capturedAt: Timestamp(millisecondsSinceEpoch: milliseconds) ?? SampleData.start, result: result,
            snapshot: result.isServed ? id(&random) : nil, progress: result.isServed ? id(&random) : nil,
            evidence: Evidence(
                httpStatus: some(&random, number), latencyMilliseconds: some(&random, number),
                attempt: some(&random, number), error: some(&random, text), redirect: some(&random, text),
                source: some(&random, text), agent: some(&random, text), run: some(&random, text),
                clockIsSet: Bool.random(using: &random),
                body: some(&random) { random in
                    AnswerBody(
                        contentType: some(&random, text), bytes: number(&random), id: id(&random),
                        isKept: Bool.random(using: &random))
                },
                provenance: (0..<Int.random(in: 0...2, using: &random)).map { _ in text(&random) },
                suspicions: (0..<Int.random(in: 0...2, using: &random)).map { _ in text(&random) }))
    }

    /// The members in no order.
    private static func tree(_ observation: Observation) -> JSONValue {
        let evidence = observation.evidence
        let members: [(JSONText, JSONValue?)] = [
            ("kind", .text("observation")), ("board", .text(observation.board.rawValue)),
            ("player", .text(observation.player.key)), ("display_name", observation.displayName.map(JSONValue.text)),
            ("captured_at", .integer(observation.capturedAt.millisecondsSinceEpoch)),
            ("result", .text(observation.result.rawValue)), ("snapshot", observation.snapshot.map { .text($0.hex) }),
            ("progress", observation.progress.map { .text($0.hex) }),
            ("http_status", evidence.httpStatus.map { .integer($0) }),
            ("latency_ms", evidence.latencyMilliseconds.map { .integer($0) }),
            ("attempt", evidence.attempt.map { .integer($0) }), ("error", evidence.error.map(JSONValue.text)),
            ("redirect", evidence.redirect.map(JSONValue.text)), ("source", evidence.source.map(JSONValue.text)),
            ("agent", evidence.agent.map(JSONValue.text)), ("run", evidence.run.map(JSONValue.text)),
            ("clock", evidence.clockIsSet ? .text("set") : nil), ("body", evidence.body.map(tree)),
            ("provenance", evidence.provenance.isEmpty ? nil : .array(evidence.provenance.map(JSONValue.text))),
            ("suspicions", evidence.suspicions.isEmpty ? nil : .array(evidence.suspicions.map(JSONValue.text))),
        ]
        return .object(members.compactMap { name, value in value.map { JSONMember(name, $0) } })
    }

    private static func tree(_ body: AnswerBody) -> JSONValue {
        var members = [
            JSONMember("kept", .bool(body.isKept)), JSONMember("id", .text(body.id.hex)),
            JSONMember("bytes", .integer(body.bytes)),
        ]
        if let type = body.contentType { members.append(JSONMember("content_type", .text(type))) }
        return .object(members)
    }
}
