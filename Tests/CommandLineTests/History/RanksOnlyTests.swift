import CanonicalJSON
import Testing

/// Observations whose documents a rank policy let go, as every command sees them.
@Suite("ranks_only")
struct RanksOnlyTests {
    private static let absent = String(repeating: "ab", count: 32)

    /// A snapshot, then one of which ranks alone were new.
    private static let lines = [
        SampleArchive.line("Alice", "main", "2026-01-01T00:00:00Z", SampleArchive.first),
        #"{"player":"Alice","board":"main","captured_at":"2026-01-01T06:00:00Z","result":"ranks_only","#
            + #""snapshot":"\#(absent)","progress":"\#(absent)","http_status":200}"#,
        SampleArchive.failure("Alice", "2026-01-01T07:00:00Z", "unavailable", 503),
    ]

    @Test("log lists it, nothing resolves to it, verify does not miss it", arguments: [false, true])
    func commands(isSealed: Bool) throws {
        let place = Workplace()
        #expect(try place.run("import", "-", input: Self.lines.joined(separator: "\n")).status == 0)
        if isSealed { try place.run("gc") }
        let log = try place.run("log", "alice", "--json").lines
        #expect(log.map { $0.text("outcome") } == ["ranks_only", "stored"])
        #expect(log[0].text("snapshot") == Self.absent && log[0].text("progress") == Self.absent)
        #expect(try place.run("log", "alice", "--failures", "--json").lines.count == 3)
        #expect(try place.run("log", "alice", "-p").status == 0)
        #expect(try place.run("log", "alice", "--stat").text.contains("(not kept)"))
        #expect(try place.run("log", "alice", "--oneline").text.hasPrefix("------------ 2026-01-01 06:00:00 UTC"))
        #expect(try place.run("rev-parse", "alice", "--json").json.text("captured_at") == "2026-01-01T00:00:00.000Z")
        #expect(try place.run("show", "alice@{2026-01-01}").status == 0)
        #expect(try place.run("show", "alice@{1}").status == 20)
        #expect(try place.run("cat", Self.absent).status == 20)
        #expect(try place.run("diff", "alice").status == 0)
        #expect(try place.run("verify").status == 0)
        let board = try #require(try place.run("players", "--json").json["boards"]?.array?.first)
        #expect(board.count("observations") == 3 && board.count("snapshots") == 1)
        #expect(board.text("last_ok") == "2026-01-01T06:00:00.000Z")
        #expect(board.at("last_failure", "outcome") == .text("unavailable"))
        #expect(try place.run("players").text.contains("the service answered 503"))

        // Exported and imported into an empty archive it is what it was.
        let lines = try place.run("export", "--format", "jsonl").text
        try place.run("import", "-", "--archive", "copy", input: lines)
        let copied = try place.run("log", "--failures", "--json", "--archive", "copy").text
        #expect(try copied == place.run("log", "--failures", "--json").text)
        #expect(try place.run("export", "--format", "csv").text.contains("2026-01-01T06") == false)
    }
}
