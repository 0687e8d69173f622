import CivilTime
import Diffing
import Hiscores
import ObjectStore
import Reporting

@testable import Archive

/// Made-up documents, observations and ends.
enum Samples {
    static let before = HiscoreDocument(
        name: "Lynx Titan",
        skills: [
            SkillRow(id: 0, name: "Overall", rank: 83_183, level: 2_277, xp: 4_599_987_655),
            SkillRow(id: 1, name: "Magic", rank: 1_000, level: 70, xp: 737_627),
            SkillRow(id: 2, name: "Mining", rank: 500, level: 40, xp: 37_224),
            SkillRow(id: 3, name: "Hunter", rank: -1, level: 1, xp: 0),
            SkillRow(id: 4, name: "Cooking", rank: 7, level: 99, xp: 200_000_000),
        ],
        activities: [
            ActivityRow(id: 0, name: "LMS - Rank", rank: 41, score: 957),
            ActivityRow(id: 1, name: "Mimic", rank: 12_345, score: 3),
            ActivityRow(id: 2, name: "Old Row", rank: 3, score: 12),
            ActivityRow(id: 3, name: "Vorkath", rank: -1, score: -1),
            ActivityRow(id: 4, name: "Yama", rank: 90, score: 10),
            ActivityRow(id: 5, name: "Zulrah", rank: 20, score: 1_200),
        ])

    /// A week later: gains, falls, rows that enter and leave the table, and another layout.
    static let after = HiscoreDocument(
        name: "Lynx Titan",
        skills: [
            SkillRow(id: 0, name: "Overall", rank: 83_063, level: 2_278, xp: 4_600_000_000),
            SkillRow(id: 1, name: "Magic", rank: 900, level: 71, xp: 750_072),
            SkillRow(id: 2, name: "Mining", rank: 512, level: 40, xp: 37_124),
            SkillRow(id: 3, name: "Hunter", rank: 1_999_999, level: 20, xp: 4_470),
            SkillRow(id: 4, name: "Cooking", rank: 8, level: 99, xp: 200_000_000),
            SkillRow(id: 5, name: "Sailing", rank: 1_500_000, level: 12, xp: 1_500),
        ],
        activities: [
            ActivityRow(id: 0, name: "Grid Points", rank: -1, score: -1),
            ActivityRow(id: 1, name: "LMS - Rank", rank: 44, score: 950),
            ActivityRow(id: 2, name: "Mimic", rank: -1, score: 0),
            ActivityRow(id: 3, name: "Vorkath", rank: -1, score: 0),
            ActivityRow(id: 4, name: "Yama", rank: 91, score: 10),
            ActivityRow(id: 5, name: "Zulrah", rank: 19, score: 1_215),
        ])

    static let diff = HiscoreDiff(from: before, to: after)
    static let ends = DiffEnds(
        from: snapshot("lynx_titan~1", 0xA1, at: "2026-01-01T00:00:00Z"),
        to: snapshot("lynx_titan", 0xB2, at: "2026-01-08T00:00:00Z"))
    static let first = DiffEnds(from: nil, to: ends.to)

    static func moment(_ text: String) -> Timestamp { Timestamp(rfc3339: text) ?? .earliest }

    /// An id whose bytes are all the same.
    static func id(_ byte: UInt8) -> ObjectID { ObjectID(bytes: Array(repeating: byte, count: 32)) ?? id(byte) }

    static func player(_ name: String = "lynx_titan") -> PlayerName { PlayerName(normalising: name) ?? player() }

    static func snapshot(
        _ ref: String, _ byte: UInt8, at time: String, player name: String = "lynx_titan",
        displayName: String? = "Lynx Titan", board: Board = .main
    ) -> ReportedSnapshot {
        ReportedSnapshot(
            ref: ref, player: player(name), displayName: displayName, board: board, capturedAt: moment(time),
            snapshot: id(byte), progress: id(byte ^ 0xFF))
    }

    static func success(
        _ byte: UInt8 = 0xB2, at time: String = "2026-01-08T00:00:00Z", number: Int = 7, board: Board = .main,
        evidence: Evidence = Evidence(
            httpStatus: 200, latencyMilliseconds: 1_120, attempt: 1, source: "https://example.org", agent: "test/1",
            run: "r1")
    ) -> LogEntry {
        LogEntry(
            sequenceNumber: number, record: id(0xEE),
            observation: Observation(
                board: board, player: player(), displayName: "Lynx Titan", capturedAt: moment(time), result: .ok,
                snapshot: id(byte), progress: id(byte ^ 0xFF), evidence: evidence))
    }

    static func failure(
        _ result: Observation.Result, at time: String = "2026-01-09T12:30:15.250Z", number: Int = 8,
        evidence: Evidence = Evidence(
            httpStatus: 503, latencyMilliseconds: 80, attempt: 3, error: "the service answered 503")
    ) -> LogEntry {
        LogEntry(
            sequenceNumber: number, record: id(0xDD),
            observation: Observation(
                board: .main, player: player(), displayName: "lynx_titan", capturedAt: moment(time), result: result,
                evidence: evidence))
    }

    /// A player with a history on main, and a failure on ironman.
    static var overview: PlayerOverview {
        get throws {
            let history = History()
            var iron = failure(.notFound, number: 3).observation
            iron.board = .ironman
            let observations = [
                success(0xA1, at: "2026-01-01T00:00:00Z").observation, success(0xB2).observation,
                success(0xB2, at: "2026-01-08T06:00:00Z").observation, iron,
            ]
            history.append(
                observations.enumerated().map { (number: $0.offset, id: id(0xEE), record: .observation($0.element)) })
            return try PlayerOverview(player(), in: history)
        }
    }

    static let statistics = ArchiveStatistics(
        players: 3, observations: 1_458, snapshots: 1_204, bytesTotal: 1_234_567, packs: 0, looseObjects: 1_204,
        head: SequenceHead(digest: id(0xCC)))

    static let damaged: VerificationReport = {
        var report = VerificationReport()
        report.snapshots = 2
        report.observations = 1
        report.findings = [
            .init(
                kind: .object, id: id(0xB2), file: "archive/objects/b2/b2", offset: nil, failure: .missing,
                detail: "no such file",
                affects: [
                    Affected(
                        player: player(), board: .main, from: moment("2026-01-01T00:00:00Z"),
                        to: moment("2026-01-08T00:00:00Z"))
                ]),
            .init(
                kind: .journal, id: nil, file: "archive/journal", offset: 4_096, failure: .corrupt,
                detail: "its checksum is wrong", affects: [Affected(player: nil, board: nil, from: nil, to: nil)]),
        ]
        report.notes = ["1 object belongs to no record"]
        return report
    }()
}
