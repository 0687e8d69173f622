import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@testable import Archive

/// Many logs in one order.
@Suite struct MergedRowsTests {
    @Test(arguments: 0..<60) func rowsComeNewestFirstByMomentBoardAndNumber(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let samples = (0..<Int.random(in: 0...9, using: &random)).map { index in
            RandomLog(
                RandomLog.Shape.allCases.randomElement(using: &random) ?? .apart, seed: 100 * seed + UInt64(index),
                player: SampleData.player("p\(index)"), board: Board.allCases.randomElement(using: &random) ?? .main)
        }
        let failures = Bool.random(using: &random)
        let since = Bool.random(using: &random) ? SampleData.moment(.random(in: -5...160, using: &random)) : nil
        let until = Bool.random(using: &random) ? SampleData.moment(.random(in: -5...160, using: &random)) : nil
        typealias Key = (moment: Timestamp, board: String, number: Int)
        let expected = samples.flatMap { failures ? $0.entries : $0.successes }
            .map { Key($0.observation.capturedAt, $0.observation.board.rawValue, $0.sequenceNumber) }
            .filter { $0.moment >= since ?? .earliest && $0.moment <= until ?? .latest }
            .sorted { $0 > $1 }
        var rows = MergedRows(of: samples.map(\.log), failures: failures, since: since, until: until)
        var found: [Key] = []
        while let (log, row) = try rows.next() {
            found.append(Key(row.capturedAt, log.board.rawValue, row.sequenceNumber))
        }
        #expect(found.map { "\($0)" } == expected.map { "\($0)" })
        #expect(try rows.next() == nil)
    }

    @Test func theFirstRowsLoadTheNewestSegmentsAlone() throws {
        var logs: [RefLog] = []
        var segments: [[CountedSegment]] = []
        for index in 0..<50 {
            let player = "p\(index)"
            let parts = (0..<4).map { part in
                CountedSegment(
                    (0..<5).map { row in
                        let minute = 1_000 * index + 10 * part + row
                        return LogEntry(
                            sequenceNumber: minute, record: SHA256.digest([0]),
                            observation: SampleData.failure(.notFound, at: minute, player: player))
                    })
            }
            segments.append(parts)
            logs.append(RefLog(board: .main, player: SampleData.player(player), segments: parts))
        }
        var rows = MergedRows(of: logs, failures: true)
        for _ in 0..<5 { _ = try rows.next() }
        let loads = segments.map { $0.map(\.loads) }
        #expect(loads.dropLast().allSatisfy { $0 == [0, 0, 0, 0] })
        #expect(loads.last == [0, 0, 0, 1])
        // A log that is not wanted is not loaded at all.
        var successes = MergedRows(of: logs, failures: false)
        #expect(try successes.next() == nil)
        #expect(segments.map { $0.map(\.loads) } == loads)
    }
}
