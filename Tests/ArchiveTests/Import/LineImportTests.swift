import Archive
import CivilTime
import Hiscores
import ObjectStore
import Testing

@Suite("Importing lines") struct LineImportTests {
    private static let body = #"{"skills":[{"id":0,"name":"Overall","rank":5,"level":10,"xp":1000.0}]}"#

    private static func line(
        player: String = #""Zezima""#, board: String = #""main""#, at: String = #""2025-11-01T06:15:00.1239+02:00""#,
        more: String = ""
    ) -> String {
        #"{"player":\#(player),"board":\#(board),"captured_at":\#(at),"body":\#(body)\#(more)}"# + "\n"
    }

    @Test("a line becomes an observation with its canonical document and nothing invented")
    func line() throws {
        let bench = try ImportBench()
        #expect(try bench.run(Self.line()).counts == [1, 1, 0, 0])
        let observation = try #require(bench.observations.first)
        #expect(observation.capturedAt.description == "2025-11-01T04:15:00.123Z")
        #expect(observation.player.key == "zezima")
        #expect(observation.displayName == "Zezima")
        #expect(observation.evidence == Evidence())
        #expect(
            try bench.text(observation)
                == #"{"skills":[{"id":0,"level":10,"name":"Overall","rank":5,"xp":1000}]}"#)
        let progress = #"{"skills":[{"id":0,"level":10,"name":"Overall","xp":1000}]}"#
        #expect(observation.progress == SHA256.digest(Array(progress.utf8)))
    }

    @Test("bad lines are named by file and line, and the others go on")
    func badLines() throws {
        let bench = try ImportBench()
        let text =
            Self.line() + "\n" + "{\"player\":\n" + Self.line(at: #""2025-11-01""#)
            + Self.line(board: #""gim""#) + Self.line(player: #""far too long a name""#)
            + Self.line(at: "null") + "[1]\n"
            + #"{"player":"a","board":"main","captured_at":"2025-11-01T00:00:00Z","body":{"a":1}}"# + "\n"
            + #"{"player":"a","board":"main","captured_at":"2025-11-01T00:00:00Z"}"# + "\n"
            + #"{"player":"a","board":"main","captured_at":"2025-11-01T00:00:00Z","body":{"skills":[],"x":1,"x":2}}"#
            + "\n" + Self.line(more: #","http_status":"200""#)
            + #"{"player":"a","board":"main","captured_at":"2025-11-01T00:00:00Z","csv":"1,2"}"# + "\n"
            + Self.line(at: #""2025-11-02T00:00:00Z""#).dropLast()
        let summary = try bench.run(text)
        #expect(summary.counts == [13, 2, 0, 11])
        #expect(bench.rejections.map(\.line) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
        #expect(
            bench.rejections.map(\.code) == [
                .malformed, .malformed, .malformed, .malformed, .needsPlaceAndTime, .malformed, .notASnapshot,
                .notASnapshot, .malformed, .malformed, .malformed,
            ])
        #expect(bench.rejections[0].description.hasPrefix("input:3: "))
        #expect(summary.rejections[.notASnapshot] == 2)
    }

    @Test("options fill in what a line does not say, and never overrule it")
    func options() throws {
        let bench = try ImportBench()
        let options = ImportOptions(
            player: "Other", board: .ironman, capturedAt: Timestamp(date: "2025-01-01"))
        try bench.run(Self.line() + #"{"body":\#(Self.body),"captured_at":null}"#, options)
        #expect(
            try bench.observations.map { "\($0.player) \($0.board) \($0.capturedAt.dateText)" } == [
                "other ironman 2025-01-01", "zezima main 2025-11-01",
            ])
    }

    @Test("a damaged first line does not hide that the rest are lines")
    func damagedFirstLine() throws {
        let bench = try ImportBench()
        #expect(try bench.run("{\"player\":\"x\n" + Self.line()).counts == [2, 1, 0, 1])
    }

    @Test("an index_lite.ws text is named by the layout of its time, a cut-off one refused, more rows kept and noted")
    func csv() throws {
        let bench = try ImportBench()
        let moment = try #require(Timestamp(rfc3339: "2026-03-15T04:15:00Z"))
        let layout = try Layout.inForce(at: moment)
        func line(_ player: String, _ rows: Int) -> String {
            let skills = layout.skills.map { _ in #"1,2,3\n"# }.joined()
            let activities = (0..<rows).map { _ in #"-1,-1\n"# }.joined()
            return
                #"{"player":"\#(player)","board":"main","captured_at":"\#(moment)","csv":"\#(skills)\#(activities)"}"#
                + "\n"
        }
        let whole = layout.activities.count
        let summary = try bench.run(line("a", whole) + line("b", whole - 1) + line("c", whole + 1))
        #expect(summary.counts == [3, 2, 0, 1])
        #expect(bench.rejections.first?.line == 2)
        #expect(bench.rejections.first?.reason.contains("cut off") == true)
        #expect(bench.notes.count == 1)
        #expect(bench.notes.first?.hasPrefix("input:3: ") == true)
        #expect(try bench.text(bench.observations.last)?.contains(#""name":"unknown:\#(whole)""#) == true)
        #expect(
            try bench.text(bench.observations.first)?.contains(
                #""name":"a","skills":[{"id":0,"level":2,"name":"Overall","#) == true)
    }

    @Test("failures and answers that were no snapshot come in with their evidence")
    func failures() throws {
        let bench = try ImportBench()
        let id = SHA256.digest(Array("{}".utf8)).hex
        let place = #""player":"a","board":"main","captured_at":"2025-11-01T00:00:00Z""#
        let text = [
            #"{\#(place),"result":"unavailable","http_status":302,"redirect":"https://x","error":"down","clock":"set"}"#,
            #"{\#(place),"result":"invalid","answer":{"bytes":2,"id":"\#(id)","kept":true},"body_base64":"e30="}"#,
            #"{\#(place),"result":"invalid","answer":{"bytes":3,"id":"\#(id)","kept":true},"body_base64":"e30="}"#,
            #"{\#(place),"result":"invalid","answer":{"bytes":2,"id":"\#(id)","kept":true}}"#,
            #"{\#(place),"result":"invalid","body_base64":"e3"}"#,
            #"{\#(place),"result":"not_found","body":{"skills":[]}}"#,
            #"{\#(place),"result":"lost"}"#,
            #"{\#(place),"snapshot":"\#(id)","body":{"skills":[]}}"#,
        ]
        #expect(try bench.run(text.joined(separator: "\n")).counts == [8, 2, 0, 6])
        let codes: [ImportRejection.Code] = [.damaged, .damaged, .malformed, .malformed, .malformed, .damaged]
        #expect(bench.rejections.map(\.code) == codes)
        let down = try #require(bench.observations.first { $0.result == .unavailable })
        #expect(down.evidence.redirect == "https://x")
        #expect(down.evidence.clockIsSet)
        let invalid = try #require(bench.observations.first { $0.result == .invalid })
        #expect(try bench.archive.document(#require(invalid.documentID)) == Array("{}".utf8))
    }

    @Test("lines over the limit are refused, wherever chunks end, and the next one is read")
    func longLines() throws {
        let bench = try ImportBench()
        var text = Array(Self.line().utf8)
        text += [UInt8](repeating: UInt8(ascii: " "), count: (64 << 20) + (2 << 20)) + [UInt8(ascii: "\n")]
        text += Array(Self.line(at: #""2025-12-01T00:00:00Z""#).utf8)
        #expect(try bench.run(text).counts == [3, 2, 0, 1])
        #expect(bench.rejections.first?.line == 2)
        #expect(bench.rejections.first?.code == .tooLarge)
    }

    @Test("a stream that gives one byte at a time, and one that fails, are read as far as they go")
    func streams() throws {
        let bench = try ImportBench()
        let text = Array((Self.line() + Self.line(at: #""2025-12-01T00:00:00Z""#)).utf8)
        var position = 0
        let slow = ImportSource.stream(name: "-") { _ in
            defer { position += 1 }
            return position < text.count ? [text[position]] : []
        }
        #expect(try bench.run([slow]).counts == [2, 2, 0, 0])
        var isFirst = true
        let failing = ImportSource.stream(name: "-") { _ throws(StorageError) in
            defer { isFirst = false }
            guard isFirst else { throw StorageError(.io, operation: "read", path: "-", cause: "broken") }
            return text
        }
        #expect(try bench.run([failing], ImportOptions(format: .jsonl)).counts == [3, 0, 2, 1])
        #expect(bench.rejections.first?.code == .unreadable)
    }

    @Test("what a record cannot hold is refused before it reaches a batch")
    func records() throws {
        let bench = try ImportBench()
        let many = (0..<40_000).map { _ in #""x""# }.joined(separator: ",")
        let text = Self.line(more: #","provenance":[\#(many)]"#) + Self.line()
        #expect(try bench.run(text).counts == [2, 1, 0, 1])
        #expect(bench.rejections.first?.code == .tooLarge)
    }
}
