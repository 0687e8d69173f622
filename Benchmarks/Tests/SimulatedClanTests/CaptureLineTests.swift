import CanonicalJSON
import CivilTime
import Hiscores
import SimulatedPlayers
import Testing

@testable import SimulatedClan

@Suite struct CaptureLineTests {
    private func makeClan(_ size: Int = 7, days: Int = 20, roundsADay: Int = 3, seed: UInt64 = 5) throws -> Clan {
        // Spans three changes of layout.
        let start = try #require(Timestamp(date: "2025-10-10"))
        return Clan(
            size: size, schedule: Clan.Schedule(start: start, days: days, roundsADay: roundsADay), seed: seed)
    }

    private func lines(_ clan: Clan, _ order: Clan.Order, hasEvidence: Bool = false) -> [[UInt8]] {
        var writer = CaptureLineWriter(clan, hasEvidence: hasEvidence)
        var lines: [[UInt8]] = []
        clan.forEachCapture(in: order) { capture in
            var line: [UInt8] = []
            if writer.append(capture, to: &line) { lines.append(line) }
        }
        return lines
    }

    /// One writer over all captures, so that prepared rows meet other layouts and other players.
    @Test(arguments: Clan.Order.allCases)
    func bodiesAreByteForByteWhatTheSimulatorServes(order: Clan.Order) throws {
        let clan = try makeClan(days: 50, roundsADay: 1)
        var writer = CaptureLineWriter(clan, hasEvidence: false)
        var lengths: Set<Int> = []
        try clan.forEachCapture(in: order) { capture in
            var line: [UInt8] = []
            #expect(writer.append(capture, to: &line))
            let player = try #require(SimulatedPlayer(name: "Member \(capture.member)", kind: .regular, seed: 5))
            let document = try #require(player.document(board: .main, at: capture.capturedAt))
            let beginning =
                #"{"player":"Member \#(capture.member)","board":"main","captured_at":"\#(capture.capturedAt)","body":"#
            #expect(line == Array(beginning.utf8) + document.compactBytes() + Array("}\n".utf8))
            lengths.insert(try #require(document["activities"]?.array).count)
        }
        #expect(lengths.count > 2)
    }

    @Test func bothOrdersHaveTheSameLines() throws {
        let clan = try makeClan()
        let (byPlayer, byTime) = (lines(clan, .player), lines(clan, .time))
        #expect(byPlayer.count == 7 * 20 * 3)
        #expect(byPlayer != byTime && Set(byPlayer) == Set(byTime))
    }

    @Test func theOrdersAreThoseOfPlayerAndTime() throws {
        let clan = try makeClan()
        var captures: [Clan.Order: [Clan.Capture]] = [:]
        for order in Clan.Order.allCases { clan.forEachCapture(in: order) { captures[order, default: []].append($0) } }
        let (byPlayer, byTime) = (try #require(captures[.player]), try #require(captures[.time]))
        let moments = byTime.map(\.capturedAt)
        #expect(moments == moments.sorted())
        #expect(byPlayer.map(\.member) == byPlayer.map(\.member).sorted())
        for (one, next) in zip(byPlayer, byPlayer.dropFirst()) where one.member == next.member {
            #expect(one.capturedAt < next.capturedAt)
        }
    }

    @Test func timesAreUnevenAndRoundsDoNotOverlap() throws {
        let clan = try makeClan(40, days: 2, roundsADay: 1440)
        var captures: [Clan.Capture] = []
        clan.forEachCapture(in: .time) { captures.append($0) }
        #expect(captures.map(\.round) == captures.map(\.round).sorted())
        let first = captures.filter { $0.member == 0 }.map(\.capturedAt)
        #expect(Set(zip(first, first.dropFirst()).map { $1.milliseconds(since: $0) }).count > 100)
        #expect(Set(captures.prefix(80).map(\.member)) == Set(0..<40))
        #expect(captures.prefix(40).map(\.member) != Array(0..<40))
    }

    @Test func equalSeedsGiveEqualLines() throws {
        #expect(lines(try makeClan(), .time) == lines(try makeClan(), .time))
        #expect(lines(try makeClan(), .time) != lines(try makeClan(seed: 6), .time))
    }

    @Test func evidenceIsJSONBesideTheSameBody() throws {
        let clan = try makeClan(2, days: 2)
        for (plain, full) in zip(lines(clan, .time), lines(clan, .time, hasEvidence: true)) {
            let (plain, full) = (try JSONValue(parsing: plain), try JSONValue(parsing: full))
            #expect(full["body"] == plain["body"] && full["captured_at"] == plain["captured_at"])
            #expect(full["result"]?.string == "ok" && full["run"]?.string?.utf8.count == 16)
            #expect((120..<900).contains(full["latency_ms"]?.integer ?? 0))
        }
    }

    @Test func documentsThatTheFastWayDoesNotKnowAreWrittenAllTheSame() {
        let skill = SkillRow(id: 0, name: "Over\"all", rank: -1, level: 1, xp: 0)
        let activity = ActivityRow(id: 0, name: "é", rank: 10, score: 4_900_000_000)
        var documents = [HiscoreDocument(name: "a\\b", skills: [skill], activities: [activity])]
        documents.append(HiscoreDocument(name: nil, skills: [skill], activities: []))
        documents.append(HiscoreDocument(name: "a", skills: [], activities: [], extra: [JSONMember("x", .null)]))
        for change in [\SkillRow.id, \.rank, \.level, \.xp] {
            var row = skill
            row[keyPath: change] = nil
            documents.append(HiscoreDocument(name: "a", skills: [skill, row], activities: [activity]))
        }
        var text = HiscoreText()
        for document in documents {
            var bytes: [UInt8] = [1]
            text.append(document, to: &bytes)
            #expect(bytes == [1] + document.documentValue.compactBytes())
        }
    }
}
