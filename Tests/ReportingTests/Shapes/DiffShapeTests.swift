import CanonicalJSON
import Diffing
import Hiscores
import ObjectStore
import Reporting
import Testing

@Suite("The shape of diff")
struct DiffShapeTests {
    private let change = ["from", "to", "change"]

    @Test("Every key of the contract is there, in its order")
    func keys() {
        let json = DiffShape.json(Samples.diff, Samples.ends)
        #expect(
            json.keys == [
                "schema", "from", "to", "elapsed_seconds", "identical", "progress_identical", "overall", "totals",
                "skills", "activities", "rank_only_changes", "layout",
            ])
        for end in ["from", "to"] as [JSONText] {
            #expect(json[end]?.keys == ["ref", "player", "board", "captured_at", "snapshot"])
        }
        #expect(json["overall"]?.keys == ["rank", "level", "xp"])
        #expect(json["overall"]?["rank"]?.keys == change)
        #expect(json["totals"]?.keys == ["xp_gained", "levels_gained"])
        #expect(json["skills"]?.array?.first?.keys == ["name", "status", "rank", "level", "xp"])
        #expect(json["skills"]?.array?.first?["level"]?.keys == change)
        #expect(json["activities"]?.array?.first?.keys == ["name", "status", "rank", "score"])
        #expect(json["activities"]?.array?.first?["score"]?.keys == change)
        #expect(json["layout"]?.keys == ["added", "removed", "renumbered"])
    }

    @Test("Ends, times and sums")
    func values() {
        let json = DiffShape.json(Samples.diff, Samples.ends)
        #expect(
            json["from"]?.text
                == #"{"ref":"lynx_titan~1","player":"lynx_titan","board":"main","#
                + #""captured_at":"2026-01-01T00:00:00.000Z","snapshot":"\#(Samples.id(0xA1).hex)"}"#)
        #expect(json["elapsed_seconds"]?.text == "604800")
        #expect((json["identical"], json["progress_identical"]) == (.bool(false), .bool(false)))
        #expect(
            json["overall"]?.text
                == #"{"rank":{"from":83183,"to":83063,"change":-120},"level":{"from":2277,"to":2278,"change":1},"#
                + #""xp":{"from":4599987655,"to":4600000000,"change":12345}}"#)
        #expect(json["totals"]?.text == #"{"xp_gained":12345,"levels_gained":1}"#)
        #expect(json["rank_only_changes"] == .integer(2))
        #expect(
            json["layout"]?.text
                == #"{"added":["Sailing","Grid Points"],"removed":["Old Row"],"renumbered":["LMS - Rank","Mimic"]}"#)
    }

    @Test("Rows stand without Overall, as served, null where absent; more of them when asked for")
    func rows() {
        let json = DiffShape.json(Samples.diff, Samples.ends)
        #expect(json["skills"]?.names == ["Magic", "Mining", "Hunter", "Sailing"])
        #expect(json["activities"]?.names == ["Grid Points", "LMS - Rank", "Mimic", "Zulrah", "Old Row"])
        #expect(
            json["skills"]?.array?[2].text
                == #"{"name":"Hunter","status":"ranked","rank":{"from":-1,"to":1999999,"change":null},"#
                + #""level":{"from":1,"to":20,"change":null},"xp":{"from":0,"to":4470,"change":null}}"#)
        #expect(
            json["activities"]?.array?[4].text
                == #"{"name":"Old Row","status":"removed","rank":{"from":3,"to":null,"change":null},"#
                + #""score":{"from":12,"to":null,"change":null}}"#)
        let ranks = DiffShape.json(Samples.diff, Samples.ends, rows: .playAndRanks)
        #expect(ranks["skills"]?.names == ["Magic", "Mining", "Hunter", "Cooking", "Sailing"])
        #expect(ranks["activities"]?.array?[3]["status"] == .text("rank_only"))
        let all = DiffShape.json(Samples.diff, Samples.ends, rows: .all)
        #expect(all["activities"]?.names.count == 7)
    }

    @Test("With nothing before, from is null and nothing is identical")
    func first() {
        let json = DiffShape.json(HiscoreDiff(from: nil, to: Samples.after), Samples.first)
        #expect((json["from"], json["elapsed_seconds"]) == (.null, .null))
        #expect((json["identical"], json["progress_identical"]) == (.bool(false), .bool(false)))
        #expect(json["overall"]?["xp"]?.text == #"{"from":null,"to":4600000000,"change":null}"#)
    }

    @Test("Elapsed seconds have a sign and milliseconds; what is not known is null")
    func unknown() {
        var ends = DiffEnds(
            from: Samples.snapshot("a", 1, at: "2026-01-01T00:00:01.5Z"),
            to: Samples.snapshot("b", 2, at: "2026-01-01T00:00:00.25Z"))
        #expect(DiffShape.json(Samples.diff, ends)["elapsed_seconds"]?.text == "-1.25")
        let stray = ReportedSnapshot(
            ref: "id", player: nil, board: nil, capturedAt: nil, snapshot: Samples.id(3), progress: nil)
        ends = DiffEnds(from: stray, to: Samples.ends.to)
        let json = DiffShape.json(Samples.diff, ends)
        #expect((json["elapsed_seconds"], json["progress_identical"]) == (.null, .null))
        #expect(json["from"]?["player"] == .null && json["from"]?["captured_at"] == .null)
        #expect(json["overall"]?["rank"]?.keys == change)
    }

    @Test("Identical by id, and by the id without ranks")
    func identical() {
        let same = DiffShape.json(Samples.diff, DiffEnds(from: Samples.ends.to, to: Samples.ends.to))
        #expect((same["identical"], same["progress_identical"]) == (.bool(true), .bool(true)))
        var moved = Samples.snapshot("a", 1, at: "2026-01-01T00:00:00Z")
        moved.progress = Samples.ends.to.progress
        let ranks = DiffShape.json(Samples.diff, DiffEnds(from: moved, to: Samples.ends.to))
        #expect((ranks["identical"], ranks["progress_identical"]) == (.bool(false), .bool(true)))
    }
}

extension JSONValue {
    /// The names of an object's members, in their order.
    var keys: [String] { object?.map(\.name.string) ?? [] }

    /// The `name` of each element.
    var names: [String] { array?.compactMap { $0["name"]?.string } ?? [] }

    /// Compact text.
    var text: String { String(decoding: compactBytes(), as: UTF8.self) }
}
