import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@testable import Archive

/// A history of several sources answers as one of all their records.
@Suite struct HistorySourcesTests {
    private typealias Numbered = (number: Int, id: ObjectID, record: Record)

    private static let players = ["ann", "bob", "cyd", "dan"].map(SampleData.player)

    private static func records(_ random: inout SeededRandom) -> [Numbered] {
        (0..<120).map { number in
            let player = players.randomElement(using: &random) ?? SampleData.player("eve")
            let minute = Int.random(in: 0..<60, using: &random)
            let record: Record
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                let isSet = Bool.random(using: &random)
                record = .tag(
                    Tag(
                        name: "tag\(Int.random(in: 0..<4, using: &random))", recordedAt: SampleData.moment(number),
                        target: isSet ? Moment(snapshot: SHA256.digest([1]), sighting: nil) : nil))
            case 1:
                record = .rename(
                    RenameLink(
                        from: player, to: SampleData.player("zoe"), effectiveAt: SampleData.start,
                        recordedAt: SampleData.moment(number), isUndone: false))
            default:
                let board = Board.allCases.prefix(4).randomElement(using: &random) ?? .main
                let isOk = Int.random(in: 0..<3, using: &random) > 0
                let snapshot = SHA256.digest([UInt8.random(in: 0..<20, using: &random)])
                var observation = Observation(
                    board: board, player: player, displayName: Bool.random(using: &random) ? "N\(number)" : nil,
                    capturedAt: SampleData.moment(minute), result: isOk ? .ok : .invalid,
                    snapshot: isOk ? snapshot : nil, progress: isOk ? snapshot : nil)
                if !isOk {
                    observation.evidence.body = AnswerBody(
                        contentType: nil, bytes: 1, id: SHA256.digest([200 + UInt8(minute % 50)]),
                        isKept: Bool.random(using: &random))
                }
                record = .observation(observation)
            }
            return (number, SHA256.digest([UInt8(number)]), record)
        }
    }

    @Test(arguments: 0..<20) func severalSourcesAnswerAsOne(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let records = Self.records(&random)
        let whole = History()
        whole.append(records)
        let cuts = (0..<3).map { _ in Int.random(in: 0...records.count, using: &random) }.sorted()
        let parts = zip([0] + cuts, cuts + [records.count]).map { start, end in
            let part = JournalHistory()
            part.append(Array(records[start..<end]))
            return part
        }
        let history = History(sealed: parts.dropLast(), journal: parts[3])
        #expect(history.observationCount == whole.observationCount)
        #expect(history.tags == whole.tags && history.declarations == whole.declarations)
        for name in (0..<4).map({ "tag\($0)" }) { #expect(history.tag(name) == whole.tags[name]) }
        #expect(try history.players() == whole.players())
        for player in Self.players {
            #expect(try history.displayName(of: player) == whole.displayName(of: player))
            #expect(
                try History.principalLog(among: history.logs(of: player))?.board
                    == History.principalLog(among: whole.logs(of: player))?.board)
            #expect(try history.logs(of: player).map(\.board) == whole.logs(of: player).map(\.board))
        }
        for (log, expected) in zip(try history.allLogs(), try whole.allLogs()) {
            #expect(log.player == expected.player && log.board == expected.board)
            #expect(try log.entries() == expected.entries())
        }
        let everything = try #require(ObjectID.ids(startingWith: ""))
        #expect(try history.ids(in: everything) == whole.ids(in: everything))
        for byte in UInt8.min...UInt8.max {
            let id = SHA256.digest([byte])
            #expect(try history.names(id) == whole.names(id))
            #expect(try history.sighting(of: id) == whole.sighting(of: id))
        }
        for case (_, _, .observation(let observation)) in records { #expect(try history.contains(observation)) }
        let selection = ExportSelection(players: [Self.players[0], Self.players[1]], until: SampleData.moment(40))
        let expected = records.compactMap { number, _, record -> Int? in
            guard case .observation(let observation) = record, selection.includes(observation) else { return nil }
            return number
        }
        let entries = history.entriesInSequenceOrder(selection)
        var found: [Int] = []
        while let entry = try entries.next() { found.append(entry.sequenceNumber) }
        #expect(found == expected)
    }
}
