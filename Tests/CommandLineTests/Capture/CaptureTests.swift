import CanonicalJSON
import Testing

/// `capture` against a simulated service in another process, whose time and whose asker's time stand still.
@Suite("capture")
struct CaptureTests {
    private static let keys = [
        "schema", "seq", "record", "player", "display_name", "board", "captured_at", "outcome", "snapshot", "progress",
        "http_status", "latency_ms", "attempt", "error", "redirect", "source", "agent", "run", "clock", "attempts",
        "previous", "diff", "exit",
    ]

    @Test("an answer is kept with its evidence; a set clock is marked")
    func stored() throws {
        let place = Workplace()
        let simulator = try Simulator(in: place)
        place.asks(simulator)
        let line = try place.run("capture", "--board", "main", "Lynx Titan", "--json").json
        #expect(line.keys == Self.keys)
        #expect(line.text("player") == "lynx_titan" && line.text("display_name") == "Lynx Titan")
        #expect(line.text("board") == "main" && line.text("outcome") == "stored")
        #expect(line.text("captured_at") == "2026-03-01T12:00:00.000Z")
        #expect(line.text("clock") == "set")
        #expect(line["http_status"] == .integer(200) && line["error"] == .null && line["redirect"] == .null)
        #expect(line.text("source") == simulator.endpoint)
        #expect(line.text("agent")?.hasPrefix("osrs-archive/") == true)
        #expect(line.text("run")?.utf8.count == 16)
        #expect((line.count("latency_ms") ?? -1) >= 0)
        #expect(line["attempt"] == .integer(1) && line["attempts"] == .integer(1) && line["exit"] == .integer(0))
        #expect(line["previous"] == .null && line.at("diff", "from") == .null)
        #expect(try place.run("cat", "lynx_titan").text.contains("Lynx Titan"))
        #expect(try place.run("log", "lynx_titan", "--json").json.text("clock") == "set")
        #expect(try place.run("log", "lynx_titan").text.contains("clock"))
    }

    @Test("without OSRS_ARCHIVE_NOW the time is the machine's, and nothing is marked")
    func realTime() throws {
        let place = Workplace()
        let simulator = try Simulator(in: place)
        place.environment["OSRS_HISCORES_URL"] = simulator.endpoint
        let line = try place.run("capture", "--board", "main", "zezima", "--json").json
        #expect(line["clock"] == .null)
        #expect((line.text("captured_at") ?? "") > "2026-01-01")
    }

    @Test("the same answer again, at the same set time too, leaves one object and two records")
    func unchanged() throws {
        let place = Workplace()
        let simulator = try Simulator(in: place)
        place.asks(simulator)
        let first = try place.run("capture", "--board", "main", "zezima", "--json").json
        let second = try place.run("capture", "--board", "main", "zezima", "--json").json
        #expect(second.text("outcome") == "unchanged")
        #expect(second.text("snapshot") == first.text("snapshot"))
        #expect(second.text("previous") == first.text("snapshot"))
        #expect(second.at("diff", "identical") == .bool(true))
        #expect(second.text("captured_at") == "2026-03-01T12:00:00.001Z")
        #expect(second.text("run") != first.text("run"))
        let stats = try place.run("stats", "--json").json
        #expect(stats["observations"] == .integer(2) && stats["loose_objects"] == .integer(1))
        #expect(try place.files(below: "archive/objects").count == 1)
        let third = try place.run("capture", "--board", "main", "zezima")
        #expect(third.text.contains("unchanged") && third.status == 0)
        #expect(
            try place.run("log", "zezima", "--json").lines.map { $0.text("outcome") } == [
                "unchanged", "unchanged", "stored",
            ])
    }

    @Test("a later answer shows what changed since the one before")
    func changed() throws {
        let place = Workplace()
        let simulator = try Simulator(in: place)
        place.asks(simulator)
        let first = try place.run("capture", "--board", "main", "zezima", "--json").json
        try simulator.setTime("2026-03-15T12:00:00Z")
        place.setTime("2026-03-15T12:00:00Z")
        let second = try place.run("capture", "--board", "main", "zezima", "--json").json
        #expect(second.text("outcome") == "stored")
        #expect(second.text("previous") == first.text("snapshot"))
        #expect(second.at("diff", "elapsed_seconds") == .integer(14 * 86_400))
        #expect((second.at("diff", "totals", "xp_gained")?.integer ?? 0) > 0)
        #expect(second["diff"]?.keys == (try place.run("diff", "zezima", "--json").json.keys))
        try simulator.setTime("2026-03-29T12:00:00Z")
        place.setTime("2026-03-29T12:00:00Z")
        let text = try place.run("capture", "--board", "main", "zezima").text
        #expect(text.contains("zezima") && text.contains("+") && text.contains("XP"), "\(text)")
        #expect(try place.run("capture", "--board", "main", "zezima", "--color", "always").output.contains(0x1B))
    }

    @Test("several names are captured on the board that is named, under one run id")
    func several() throws {
        let place = Workplace()
        let simulator = try Simulator(in: place, players: ["Iron A:ironman", "Iron B:ironman", "Main C:regular"])
        place.asks(simulator)
        let answer = try place.run("capture", "Iron A", "iron_b", "--board", "ironman", "--json")
        #expect(answer.status == 0, "\(answer)")
        let lines = try answer.lines
        #expect(lines.compactMap { $0.text("player") }.sorted() == ["iron_a", "iron_b"])
        #expect(Set(lines.map { $0.text("board") }) == ["ironman"])
        #expect(Set(lines.map { $0.text("run") }).count == 1)
        // One of two is not on that board.
        let mixed = try place.run("capture", "iron a", "main c", "--board", "im", "--json")
        #expect(mixed.status == 3, "\(mixed)")
        #expect(try mixed.lines.compactMap { $0.count("exit") }.sorted() == [0, 20])
    }

    @Test("404 is 20; an outage is 21 and leaves a record; all failed differently is 21")
    func failures() throws {
        let place = Workplace()
        let simulator = try Simulator(in: place)
        place.asks(simulator)
        let missing = try place.run("capture", "--board", "main", "missing one", "--json")
        #expect(missing.status == 20)
        let line = try missing.json
        #expect(line.keys == Self.keys)
        #expect(line.text("outcome") == "not_found" && line["http_status"] == .integer(404))
        #expect(line["snapshot"] == .null && line["progress"] == .null && line["diff"] == .null)
        #expect(line["previous"] == .null && line["exit"] == .integer(20))
        try simulator.fail("503", "&player=zezima")
        let outage = try place.run("capture", "--board", "main", "zezima")
        #expect(outage.status == 21)
        #expect(outage.text.contains("503"), "\(outage)")
        #expect(try place.run("capture", "--board", "main", "missing two", "zezima").status == 21)
        #expect(try place.run("capture", "--board", "main", "missing two", "missing 3").status == 20)
        #expect(try place.run("log", "--failures", "--json").lines.count == 6)
        #expect(
            try place.run("log", "zezima", "--failures", "--json").lines.allSatisfy {
                $0.text("outcome") == "unavailable"
            })
        #expect(try place.run("verify").status == 0)
    }

    @Test("a service that cannot be reached is an outage, recorded")
    func unreachable() throws {
        let place = Workplace()
        for endpoint in ["http://127.0.0.1:9", "http://[::1]:9"] {
            let answer = try place.run(
                "capture", "--board", "main", "zezima", "--json", "--endpoint", endpoint, "--retries", "0")
            #expect(answer.status == 21, "\(answer)")
            #expect(try answer.json.text("outcome") == "unavailable")
            #expect(try answer.json["http_status"] == .null)
            #expect(try answer.json.text("source") == endpoint)
        }
        #expect(try place.run("stats", "--json").json["observations"] == .integer(2))
    }

    @Test("in an archive that is damaged nothing is captured: 12")
    func damaged() throws {
        let place = Workplace()
        let simulator = try Simulator(in: place)
        place.asks(simulator)
        for _ in 0..<3 { try place.run("capture", "--board", "main", "zezima") }
        var journal = try place.bytes(of: "archive/journal")
        journal[journal.count / 2] ^= 1
        try place.write(journal, to: "archive/journal")
        let asked = try simulator.requests
        let answer = try place.run("capture", "--board", "main", "zezima", "--json")
        #expect(answer.status == 12, "\(answer)")
        #expect(try place.bytes(of: "archive/journal") == journal)
        #expect(try simulator.requests == asked, "an answer was asked for that could not be kept")
    }

    @Test("whoever reads the lines may go, or the disk that takes them be full: everybody is captured all the same")
    func readerGone() throws {
        let place = Workplace()
        let simulator = try Simulator(in: place)
        place.asks(simulator)
        let closed = try place.run(
            "/bin/bash",
            ["-c", #""$0" capture --board main a b c d | head -c 1; exit ${PIPESTATUS[0]}"#, Program.archive])
        #expect(closed.status == 0, "\(closed)")
        #expect(try place.run("stats", "--json").json["observations"] == .integer(4))
        let full = try place.run(
            "/bin/bash", ["-c", #""$0" capture --board main a b c d > /dev/full"#, Program.archive])
        #expect(full.status == 2, "\(full)")
        #expect(try place.run("stats", "--json").json["observations"] == .integer(8))
    }

    @Test("a damaged snapshot before costs its comparison, not the captures: 3")
    func damagedBefore() throws {
        let place = Workplace()
        let simulator = try Simulator(in: place)
        place.asks(simulator)
        try place.run("capture", "--board", "main", "a", "b")
        let id = try place.run("rev-parse", "a").text.filter { !$0.isWhitespace }
        try place.write([0], to: "archive/objects/\(id.prefix(2))/\(id.dropFirst(2))")
        try simulator.setTime("2026-03-20T12:00:00Z")
        place.setTime("2026-03-20T12:00:00Z")
        let answer = try place.run("capture", "--board", "main", "a", "b", "--json")
        #expect(answer.status == 3, "\(answer)")
        let lines = try answer.lines
        #expect(lines.count == 2)
        let damaged = lines.first { $0.text("player") == "a" }
        #expect(damaged?["diff"] == .null && damaged?.text("outcome") == "stored")
    }

    @Test("a name spelled three ways is asked for once, and a passphrase that nothing uses is refused: 13")
    func onceAndPlain() throws {
        let place = Workplace()
        let simulator = try Simulator(in: place)
        place.asks(simulator)
        #expect(try place.run("capture", "--board", "main", "Lynx Titan", "lynx_titan", "LYNX-TITAN").status == 0)
        #expect(try simulator.requests == 1)
        place.environment["OSRS_ARCHIVE_PASSWORD"] = "secret"
        let refused = try place.run("init", "--archive", "other", "--json")
        #expect(refused.status == 13, "\(refused)")
        #expect(!refused.errorText.contains("secret"))
    }
}
