import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore
import TestSupport

@testable import Archive

/// A record with what it is made of: what goes into a pack and must come out of it.
struct SampleRecord {
    let record: Record
    let bytes: [UInt8]
    /// The document that the archive keeps for it.
    let document: [UInt8]?

    init(_ record: Record, document: [UInt8]? = nil) throws {
        (self.record, self.document) = (record, document)
        bytes = try RecordFormat.encode(record)
    }

    /// The observation in it, if it is one.
    var observation: Observation? {
        if case .observation(let observation) = record { observation } else { nil }
    }

    /// Whose log it belongs to, if it is an observation.
    var series: SeriesKey? { observation.map { SeriesKey(player: $0.player, board: $0.board) } }
}

/// Makes records of everything that a pack has to hold: several players and boards, times in any order with ties,
/// failures, bodies kept and not, ranks alone, documents that repeat, change their layout or fit no template, tags and renames.
struct RandomRecords {
    var random: SeededRandom
    private let players: Int
    private let boards: Int
    /// Minutes that times are picked from; few make ties.
    private let minutes: Int
    private let isInterleaved: Bool
    private var clock = 0

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        players = Int.random(in: 1...4, using: &random)
        boards = Int.random(in: 1...3, using: &random)
        minutes = [3, 100, 100_000].randomElement(using: &random) ?? 3
        isInterleaved = Bool.random(using: &random)
    }

    mutating func records(_ count: Int) throws -> [SampleRecord] {
        var records: [SampleRecord] = []
        for _ in 0..<count { records.append(try record()) }
        return records
    }

    private mutating func isOnce(in times: Int) -> Bool { Int.random(in: 0..<times, using: &random) == 0 }

    private mutating func record() throws -> SampleRecord {
        clock += Int.random(in: 0...2, using: &random)
        let minute = isInterleaved ? clock : Int.random(in: 0..<minutes, using: &random)
        let player = SampleData.player("player \(Int.random(in: 0..<players, using: &random))")
        let board = Board.allCases[Int.random(in: 0..<boards, using: &random)]
        switch Int.random(in: 0..<20, using: &random) {
        case 0: return try other(player, board, minute)
        case 1...3: return try failure(player, board, minute)
        case 4: return try invalid(player, board, minute)
        case 5:
            return try SampleRecord(
                .observation(
                    try SampleData.ranksOnly(try document(), at: minute, player: player.key, board: board)))
        default:
            let document = try document()
            var observation = try SampleData.observation(document, at: minute, player: player.key, board: board)
            if isOnce(in: 4) {
                observation.displayName = ["Zézima", "a\u{A0}b", "\"\\\u{1}", ""].randomElement(using: &random)
            }
            observation.evidence.latencyMilliseconds = Int.random(in: 0...900, using: &random)
            if isOnce(in: 8) { observation.evidence = Evidence(provenance: ["derived"], suspicions: ["changed_hands"]) }
            return try SampleRecord(.observation(observation), document: document)
        }
    }

    private mutating func other(_ player: PlayerName, _ board: Board, _ minute: Int) throws -> SampleRecord {
        let moment = SampleData.moment(minute)
        if isOnce(in: 2) { return try SampleRecord(.tag(Tag(name: "t\(minute)", recordedAt: moment, target: nil))) }
        return try SampleRecord(
            .rename(
                RenameLink(
                    from: player, to: SampleData.player("new"), effectiveAt: moment, recordedAt: moment,
                    isUndone: false)))
    }

    private mutating func failure(_ player: PlayerName, _ board: Board, _ minute: Int) throws -> SampleRecord {
        var observation = SampleData.failure(
            [.notFound, .unavailable, .throttled].randomElement(using: &random) ?? .notFound, at: minute,
            player: player.key, board: board)
        if isOnce(in: 3) {
            let body = Array("<html>".utf8)
            observation.evidence.body = AnswerBody(
                contentType: "text/html", bytes: body.count, id: SHA256.digest(body), isKept: false)
        }
        return try SampleRecord(.observation(observation))
    }

    private mutating func invalid(_ player: PlayerName, _ board: Board, _ minute: Int) throws -> SampleRecord {
        // A body may be the bytes of a snapshot, too.
        let snapshot = SampleData.document(
            xp: Int.random(in: 0..<5, using: &random), rank: Int.random(in: 1...4, using: &random))
        let bodies = [[], Array("<oops>".utf8), [0, 1, 2, 255], snapshot, snapshot]
        var body = bodies.randomElement(using: &random) ?? []
        if isOnce(in: 3) { body = (0..<300).map { _ in UInt8.random(in: 0...255, using: &random) } }
        var observation = SampleData.failure(.invalid, at: minute, player: player.key, board: board)
        observation.evidence.body = AnswerBody(
            contentType: nil, bytes: body.count, id: SHA256.digest(body), isKept: true)
        return try SampleRecord(.observation(observation), document: body)
    }

    private mutating func document() throws -> [UInt8] {
        switch Int.random(in: 0..<12, using: &random) {
        case 0:
            // Another layout.
            let names = ["a", "rank", "score", "xp"].filter { _ in Bool.random(using: &random) }
            return Array(
                ("{" + names.map { "\"\($0)\":\(Int.random(in: -9...9, using: &random))" }.joined(separator: ",") + "}")
                    .utf8)
        case 1:
            let texts = ["[]", "7", "[1e+30,{\"rank\":[1,2]},9007199254740992]", "\"rank\"", "{\"rank\":{\"rank\":1}}"]
            return Array((texts.randomElement(using: &random) ?? "").utf8)
        case 2 where isOnce(in: 40):
            // More numbers than a template has slots.
            return Array(("[" + (0..<5000).map { "\($0 % 10)" }.joined(separator: ",") + "]").utf8)
        default:
            return SampleData.document(
                xp: Int.random(in: 0..<5, using: &random), rank: Int.random(in: 1...4, using: &random))
        }
    }
}
