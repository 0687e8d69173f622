import CanonicalJSON
import Testing

@Suite("log")
struct LogTests {
    private static func rows(_ place: Workplace, _ arguments: String...) throws -> [String] {
        let answer = try place.run(Program.archive, ["log", "--json"] + arguments)
        #expect(answer.status == 0, "\(answer)")
        return try answer.lines.map {
            "\($0.text("board") ?? "")/\($0.text("player") ?? "") \($0.text("captured_at")?.prefix(13) ?? "") "
                + ($0.text("outcome") ?? "")
        }
    }

    @Test("a player's boards are merged, newest first, unchanged ones included; failures with the flag")
    func order() throws {
        let place = try Workplace.readingSamples()
        let all = [
            "main/alice 2026-01-06T00 stored", "main/alice 2026-01-05T10 unavailable",
            "ironman/alice 2026-01-04T00 stored", "main/alice 2026-01-03T00 stored",
            "main/alice 2026-01-02T12 unchanged", "main/alice 2026-01-01T00 stored",
        ]
        let successes = all.filter { !$0.contains("unavailable") }
        #expect(try Self.rows(place, "alice") == successes)
        #expect(try Self.rows(place, "alice", "--failures") == all)
        #expect(try Self.rows(place, "main/alice") == successes.filter { $0.hasPrefix("main") })
        #expect(try Self.rows(place, "alice", "--board", "ironman") == successes.filter { $0.hasPrefix("ironman") })
        #expect(try Self.rows(place, "alice", "-n", "2") == Array(successes.prefix(2)))
        #expect(try Self.rows(place, "alice", "-n", "2", "--failures") == Array(all.prefix(2)))
        #expect(try Self.rows(place, "alice", "-n", "0").isEmpty)
    }

    @Test("without a player the whole archive is listed; equal moments by board, then number, both descending")
    func whole() throws {
        let place = try Workplace.readingSamples()
        #expect(
            try Self.rows(place) == [
                "seasonal/carol 2026-01-09T00 stored", "main/alice 2026-01-06T00 stored",
                "ironman/carol 2026-01-05T00 stored", "ironman/alice 2026-01-04T00 stored",
                "main/alice 2026-01-03T00 stored", "main/alice 2026-01-02T12 unchanged",
                "main/dave 2026-01-02T00 stored", "main/carol 2026-01-02T00 stored",
                "ironman/dave 2026-01-02T00 stored", "main/alice 2026-01-01T00 stored",
            ])
        #expect(try Self.rows(place, "--failures").count == 13)
        #expect(try Self.rows(place, "--board", "seasonal") == ["seasonal/carol 2026-01-09T00 stored"])
    }

    @Test("--since and --until are inclusive; a bare date covers its day")
    func bounds() throws {
        let place = try Workplace.readingSamples()
        func hours(_ arguments: String...) throws -> [String] {
            let answer = try place.run(Program.archive, ["log", "main/alice", "--json"] + arguments)
            #expect(answer.status == 0, "\(answer)")
            return try answer.lines.map { String($0.text("captured_at")?.dropFirst(8).prefix(5) ?? "") }
        }
        #expect(try hours("--since", "2026-01-02", "--until", "2026-01-03") == ["03T00", "02T12"])
        #expect(try hours("--since", "2026-01-02T12:00:00Z") == ["06T00", "03T00", "02T12"])
        #expect(try hours("--since", "2026-01-02T12:00:00.001Z") == ["06T00", "03T00"])
        #expect(try hours("--until", "2026-01-02T12:00:00Z") == ["02T12", "01T00"])
        #expect(try hours("--until", "2026-01-02T11:59:59.999Z") == ["01T00"])
        #expect(try hours("--until", "2026-01-02T14:00:00+02:00") == ["02T12", "01T00"])
        #expect(try hours("--since", "102h") == ["06T00"])
        #expect(try hours("--since", "101h").isEmpty)
        #expect(try hours("--since", "1w") == ["06T00"])
        #expect(try hours("--until", "yesterday").count == 4)
    }

    @Test("a line has every key, null where unknown")
    func shape() throws {
        let place = try Workplace.readingSamples()
        let lines = try place.run("log", "main/alice", "--failures", "--json").lines
        for line in lines {
            #expect(
                line.keys == [
                    "schema", "seq", "record", "player", "display_name", "board", "captured_at", "outcome", "snapshot",
                    "progress", "http_status", "latency_ms", "attempt", "error", "redirect", "source", "agent", "run",
                    "clock",
                ])
        }
        let failure = try #require(lines.first { $0.text("outcome") == "unavailable" })
        #expect(failure["seq"] == .integer(4))
        #expect(failure["snapshot"] == .null && failure["progress"] == .null)
        #expect(failure["http_status"] == .integer(503))
        #expect(failure.text("error") == "the service answered 503")
        let first = try #require(lines.last)
        #expect(first.text("display_name") == "Alice")
        #expect(first.text("record")?.utf8.count == 64)
        // Imported ones take agent, run and source from their data alone.
        #expect(first["agent"] == .null && first["run"] == .null && first["source"] == .null && first["clock"] == .null)
        #expect(lines[1].text("progress") != lines[0].text("progress"))
        #expect(lines[2].text("progress") == lines[3].text("progress"))
        #expect(lines[2].text("snapshot") != lines[3].text("snapshot"))
    }

    @Test("an unknown player is 20; one with failures only is 0, with a hint on standard error")
    func nobody() throws {
        let place = try Workplace.readingSamples()
        let unknown = try place.run("log", "nobody", "--json")
        #expect(unknown.status == 20)
        #expect(try unknown.failure.text("code") == "player_not_found")
        let failed = try place.run("log", "bob")
        #expect(failed.status == 0 && failed.output.isEmpty)
        #expect(failed.errorText.contains("--failures"))
        #expect(try Self.rows(place, "bob", "--failures").count == 2)
        #expect(try place.run("log", "alice@{1}").status == 64)
    }

    @Test("text: blocks, one line each, totals, changes")
    func text() throws {
        let place = try Workplace.readingSamples()
        let id = String(try place.run("rev-parse", "alice").text.dropLast())
        let blocks = try place.run("log", "main/alice", "--failures").text
        #expect(blocks.contains(id))
        #expect(blocks.contains("2026-01-06 00:00:00 UTC"))
        #expect(blocks.contains("the service answered 503"))
        let lines = try place.run("log", "main/alice", "--oneline").text.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0].hasPrefix(id.prefix(12)))
        #expect(try place.run("log", "main/alice", "--stat", "-n", "1").text.contains("+5,000"))
        let changes = try place.run("log", "main/alice", "-p", "-n", "1").text
        #expect(changes.contains("Attack") && changes.contains("+5,000") && changes.contains("Sailing"))
    }
}
