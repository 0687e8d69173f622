import CanonicalJSON
import CivilTime
import Diffing
import Hiscores
import ObjectStore
import Reporting
import Testing

@testable import Archive

@Suite("The shapes of log, capture, rev-parse, tag, players and show")
struct HistoryShapeTests {
    private let logKeys = [
        "schema", "seq", "record", "player", "display_name", "board", "captured_at", "outcome", "snapshot", "progress",
        "http_status", "latency_ms", "attempt", "error", "redirect", "source", "agent", "run", "clock",
    ]

    @Test("A line of log: whole, as far as known")
    func log() {
        let line = LogShape.json(Samples.success(), outcome: .stored)
        #expect(line.keys == logKeys)
        #expect(
            line.text
                == #"{"schema":1,"seq":7,"record":"\#(Samples.id(0xEE).hex)","player":"lynx_titan","#
                + #""display_name":"Lynx Titan","board":"main","captured_at":"2026-01-08T00:00:00.000Z","#
                + #""outcome":"stored","snapshot":"\#(Samples.id(0xB2).hex)","progress":"\#(Samples.id(0x4D).hex)","#
                + #""http_status":200,"latency_ms":1120,"attempt":1,"error":null,"redirect":null,"#
                + #""source":"https://example.org","agent":"test/1","run":"r1","clock":null}"#)
    }

    @Test("A failure has no snapshot; a redirect and a set clock show")
    func failure() {
        let evidence = Evidence(
            httpStatus: 302, error: "redirected", redirect: "https://example.org/", clockIsSet: true)
        let line = LogShape.json(Samples.failure(.notFound, evidence: evidence), outcome: .notFound)
        #expect(line.keys == logKeys)
        #expect((line["outcome"], line["snapshot"], line["progress"]) == (.text("not_found"), .null, .null))
        #expect(line["captured_at"] == .text("2026-01-09T12:30:15.250Z"))
        #expect((line["redirect"], line["clock"]) == (.text("https://example.org/"), .text("set")))
        #expect((line["latency_ms"], line["source"], line["run"]) == (.null, .null, .null))
    }

    @Test("A line of capture is a line of log and four members more")
    func capture() {
        let diff = DiffShape.json(Samples.diff, Samples.ends)
        let line = CaptureShape.json(
            Samples.success(), outcome: .stored, attempts: 2, previous: Samples.id(0xA1), diff: diff, exit: 0)
        #expect(line.keys == logKeys + ["attempts", "previous", "diff", "exit"])
        #expect((line["attempts"], line["exit"]) == (.integer(2), .integer(0)))
        #expect((line["previous"], line["diff"]) == (.text(Samples.id(0xA1).hex), diff))
        let failed = CaptureShape.json(
            Samples.failure(.unavailable), outcome: .unavailable, attempts: 3, previous: nil, diff: nil, exit: 21)
        #expect(failed.keys == line.keys)
        #expect((failed["previous"], failed["diff"], failed["exit"]) == (.null, .null, .integer(21)))
    }

    @Test("What a reference stands for, with and without a place in history")
    func revision() {
        let entry = Samples.success()
        let found = RevParseShape.json(
            Revision(ref: "lynx_titan", snapshot: Samples.id(0xB2), entry: entry, log: nil))
        #expect(
            found.text
                == #"{"schema":1,"ref":"lynx_titan","snapshot":"\#(Samples.id(0xB2).hex)","board":"main","#
                + #""player":"lynx_titan","captured_at":"2026-01-08T00:00:00.000Z","seq":7}"#)
        let stray = RevParseShape.json(Revision(ref: "b2b2b2b2", snapshot: Samples.id(0xB2), entry: nil, log: nil))
        #expect(
            stray.text
                == #"{"schema":1,"ref":"b2b2b2b2","snapshot":"\#(Samples.id(0xB2).hex)","board":null,"#
                + #""player":null,"captured_at":null,"seq":null}"#)
    }

    @Test("A snapshot is named from a revision, and from an ok observation only")
    func reportedSnapshot() {
        let revision = Revision(ref: "b2", snapshot: Samples.id(2), entry: nil, log: nil)
        #expect(ReportedSnapshot(revision, progress: Samples.id(9)).progress == Samples.id(9))
        let seen = Revision(ref: "x", snapshot: Samples.id(0xB2), entry: Samples.success(), log: nil)
        let named = ReportedSnapshot(seen, progress: Samples.id(9))
        #expect(named == ReportedSnapshot(Samples.success(), ref: "x"))
        #expect((named.progress, named.displayName, named.board) == (Samples.id(0x4D), "Lynx Titan", .main))
        #expect(ReportedSnapshot(Samples.failure(.invalid), ref: "x") == nil)
    }

    @Test("A tag, with and without a place in history")
    func tag() {
        let moment = Moment(
            snapshot: Samples.id(0xB2),
            sighting: .init(
                board: .ultimate, player: Samples.player(), capturedAt: Samples.moment("2026-01-08T00:00:00Z")))
        #expect(
            TagShape.json(Tag(name: "maxed", recordedAt: .earliest, target: moment)).text
                == #"{"schema":1,"name":"maxed","snapshot":"\#(Samples.id(0xB2).hex)","board":"ultimate","#
                + #""player":"lynx_titan","captured_at":"2026-01-08T00:00:00.000Z"}"#)
        let bare = Tag(name: "x", recordedAt: .earliest, target: Moment(snapshot: Samples.id(1), sighting: nil))
        #expect(TagShape.json(bare).keys == ["schema", "name", "snapshot", "board", "player", "captured_at"])
        #expect(TagShape.json(bare)["player"] == .null)
    }

    @Test("A player's boards: observations, distinct snapshots, first and last ok, last failure")
    func players() throws {
        let overview = try Samples.overview
        #expect(
            PlayersShape.json(overview).text
                == #"{"schema":1,"player":"lynx_titan","display_name":"Lynx Titan","boards":["#
                + #"{"board":"main","observations":3,"snapshots":2,"first":"2026-01-01T00:00:00.000Z","#
                + #""last_ok":"2026-01-08T06:00:00.000Z","last_failure":null},"#
                + #"{"board":"ironman","observations":1,"snapshots":0,"first":null,"last_ok":null,"#
                + #""last_failure":{"at":"2026-01-09T12:30:15.250Z","outcome":"not_found"}}]}"#)
        #expect(overview.hasSnapshots)
        let stranger = try PlayerOverview(Samples.player("nobody"), in: History())
        #expect(!stranger.hasSnapshots && stranger.displayName == nil)
    }

    @Test("A snapshot: rows as served with kind and rank, unknown rows too, and what else the document has")
    func show() {
        var document = HiscoreDocument(
            name: nil,
            skills: [SkillRow(id: nil, name: "Magic", rank: -1, level: 1, xp: nil)],
            activities: [
                ActivityRow(id: 3, name: "Zulrah", rank: 5, score: 4_600_000_000),
                ActivityRow(id: 4, name: "A New Row", rank: nil, score: 0),
            ])
        document.extra = [JSONMember("season", .integer(5))]
        let json = ShowShape.json(document, of: Samples.ends.to)
        #expect(
            json.text
                == #"{"schema":1,"ref":"lynx_titan","player":"lynx_titan","display_name":"Lynx Titan","board":"main","#
                + #""captured_at":"2026-01-08T00:00:00.000Z","snapshot":"\#(Samples.id(0xB2).hex)","#
                + #""progress":"\#(Samples.id(0x4D).hex)","#
                + #""skills":[{"id":null,"name":"Magic","rank":-1,"level":1,"xp":null,"ranked":false}],"#
                + #""activities":[{"id":3,"name":"Zulrah","kind":"boss","rank":5,"score":4600000000,"ranked":true},"#
                + #"{"id":4,"name":"A New Row","kind":null,"rank":null,"score":0,"ranked":false}],"#
                + #""extra":{"season":5}}"#)
        #expect(ShowShape.json(Samples.after, of: Samples.ends.to)["extra"] == .object([]))
    }
}
