import Archive
import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@Suite struct RecordFormatTests {
    private static let id = SHA256.digest([])

    /// One record of each kind and its bytes for good.
    static let golden: [(Record, String)] = [
        (
            .observation(
                Observation(
                    board: .hardcoreIronman, player: SampleData.player("Iron Man"), displayName: "Iron Man",
                    capturedAt: SampleData.start, result: .ok, snapshot: id, progress: id,
                    evidence: Evidence(
                        httpStatus: 200, latencyMilliseconds: 12, attempt: 1, source: "https://example.org",
                        agent: "osrs-archive/0.1.0", run: "00ff", clockIsSet: true,
                        suspicions: ["changed_hands"]))),
            #"{"agent":"osrs-archive/0.1.0","attempt":1,"board":"hardcore_ironman","captured_at":1767225600000,"clock":"set","display_name":"Iron Man","http_status":200,"kind":"observation","latency_ms":12,"player":"iron_man","progress":"\#(id.hex)","result":"ok","run":"00ff","snapshot":"\#(id.hex)","source":"https://example.org","suspicions":["changed_hands"]}"#
        ),
        (
            .observation(
                Observation(
                    board: .main, player: SampleData.player("x"), displayName: nil, capturedAt: SampleData.start,
                    result: .invalid,
                    evidence: Evidence(
                        error: "no snapshot", redirect: "https://example.org/",
                        body: AnswerBody(contentType: "text/plain", bytes: 0, id: id, isKept: true),
                        provenance: ["derived"]))),
            #"{"board":"main","body":{"bytes":0,"content_type":"text/plain","id":"\#(id.hex)","kept":true},"captured_at":1767225600000,"error":"no snapshot","kind":"observation","player":"x","provenance":["derived"],"redirect":"https://example.org/","result":"invalid"}"#
        ),
        (
            .tag(
                Tag(
                    name: "before", recordedAt: SampleData.start,
                    target: Moment(
                        snapshot: id,
                        sighting: .init(board: .main, player: SampleData.player("x"), capturedAt: SampleData.start)))),
            #"{"board":"main","captured_at":1767225600000,"kind":"tag","name":"before","player":"x","recorded_at":1767225600000,"snapshot":"\#(id.hex)"}"#
        ),
        (
            .tag(Tag(name: "before", recordedAt: SampleData.start, target: nil)),
            #"{"kind":"tag","name":"before","recorded_at":1767225600000}"#
        ),
        (
            .rename(
                RenameLink(
                    from: SampleData.player("a"), to: SampleData.player("b"), effectiveAt: SampleData.start,
                    recordedAt: SampleData.start, isUndone: false)),
            #"{"effective_at":1767225600000,"from":"a","kind":"rename","recorded_at":1767225600000,"to":"b","undone":false}"#
        ),
        (
            .tombstone(
                Tombstone(
                    player: SampleData.player("a"), board: nil, capturedAt: nil, count: 3, reason: "asked to",
                    recordedAt: SampleData.start)),
            #"{"count":3,"kind":"tombstone","player":"a","reason":"asked to","recorded_at":1767225600000}"#
        ),
        (
            .loss(
                Loss(
                    Affected(
                        player: SampleData.player("a"), board: .main, from: SampleData.start, to: SampleData.start),
                    count: 3, reason: "a block was damaged", recordedAt: SampleData.start)),
            #"{"board":"main","count":3,"from":1767225600000,"kind":"loss","player":"a","reason":"a block was damaged","recorded_at":1767225600000,"to":1767225600000}"#
        ),
        (
            .loss(
                Loss(
                    Affected(player: nil, board: nil, from: nil, to: nil), count: 2, forgotten: 1,
                    reason: "a pack is gone", recordedAt: SampleData.start)),
            #"{"count":2,"forgotten":1,"kind":"loss","reason":"a pack is gone","recorded_at":1767225600000}"#
        ),
    ]

    @Test(arguments: golden.indices) func aRecordHasOneFormForGood(index: Int) throws {
        let (record, text) = Self.golden[index]
        #expect(String(decoding: try RecordFormat.encode(record), as: UTF8.self) == text)
        #expect(try RecordFormat.decodeExactly(Array(text.utf8)) == record)
    }

    @Test func truncatedAndDamagedRecordsNeverTrap() throws {
        var random = SeededRandom(seed: 11)
        for (record, _) in Self.golden {
            let bytes = try RecordFormat.encode(record)
            for count in bytes.indices {
                #expect(throws: RecordFormatError.self) { try RecordFormat.decode(Array(bytes[..<count])) }
            }
            for _ in 0..<500 {
                var damaged = bytes
                damaged[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
                _ = try? RecordFormat.decode(damaged)
            }
        }
    }

    @Test(arguments: [
        #"{"kind":"observation"}"#, #"{"kind":"tag","name":"x"}"#, #"[]"#, #"{}"#,
        #"{"board":"main","captured_at":1,"kind":"observation","player":"x","result":"ok"}"#,
        #"{"board":"main","captured_at":1e300,"kind":"observation","player":"x","result":"not_found"}"#,
        #"{"board":"nowhere","captured_at":1,"kind":"observation","player":"x","result":"not_found"}"#,
        #"{"board":"main","captured_at":1,"kind":"observation","player":"--","result":"not_found"}"#,
        #"{"board":"main","captured_at":1,"http_status":-1,"kind":"observation","player":"x","result":"not_found"}"#,
    ])
    func whatIsNoRecordIsRefused(text: String) {
        #expect(throws: RecordFormatError.self) { try RecordFormat.decode(Array(text.utf8)) }
    }

    @Test func aNewKindIsToldFromDamage() {
        #expect(throws: RecordFormatError.unknownKind("pact")) {
            try RecordFormat.decode(Array(#"{"kind":"pact"}"#.utf8))
        }
    }

    @Test func anotherFormOfARecordIsNoRecordFromOutside() {
        let text = #"{"kind":"tag","name":"before","recorded_at":1767225600000,"x":1}"#
        #expect(throws: RecordFormatError.self) { try RecordFormat.decodeExactly(Array(text.utf8)) }
        #expect(throws: RecordFormatError.self) { try RecordFormat.decodeExactly(Array((text + " ").utf8)) }
    }

    @Test(arguments: [
        (String(repeating: "x", count: 2048), 2048), (String(repeating: "x", count: 2047) + "é", 2047),
        (String(repeating: "x", count: 2045) + "🐉🐉", 2045), (String(repeating: "é", count: 1025), 2048),
    ])
    func aTextIsCutBetweenCharactersAndNoEarlier(text: String, bytes: Int) throws {
        var observation = SampleData.failure(.unavailable, at: 0)
        observation.displayName = text
        let record = try RecordFormat.decodeExactly(RecordFormat.encode(.observation(observation)))
        guard case .observation(let read) = record else {
            Issue.record("another kind")
            return
        }
        #expect(read.displayName.map { Array($0.utf8) } == Array(text.utf8.prefix(bytes)))
    }

    @Test func longTextsOfAHostileAnswerAreCut() throws {
        var observation = SampleData.failure(.unavailable, at: 0)
        observation.displayName = String(repeating: "ä", count: 100_000)
        observation.evidence.redirect = String(repeating: "x", count: 100_000)
        let bytes = try RecordFormat.encode(.observation(observation))
        #expect(bytes.count < 3 * RecordFormat.textLimit)
        guard case .observation(let read) = try RecordFormat.decodeExactly(bytes) else {
            Issue.record("another kind")
            return
        }
        #expect(read.identity == observation.identity)
    }
}
