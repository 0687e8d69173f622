import CanonicalJSON
import Testing

@Suite("gains")
struct GainsTests {
    private func rows(_ place: Workplace, _ arguments: String...) throws -> [String] {
        let answer = try place.run(Program.archive, ["gains", "--json"] + arguments)
        #expect(answer.status == 0, "\(answer)")
        return try answer.lines.map {
            "\($0.text("board") ?? "-")/\($0.text("player") ?? "") \($0.count("gained").map(String.init) ?? "-") "
                + ($0.text("coverage") ?? "")
        }
    }

    @Test("everybody with snapshots on the board that a bare player means, the largest gain first")
    func everybody() throws {
        let place = try Workplace.readingSamples()
        #expect(
            try rows(place, "--since", "2026-01-02") == [
                "main/alice 6200 full", "ironman/carol 0 since_first_capture", "main/dave 0 full",
            ])
        #expect(try rows(place).count == 3)
        #expect(
            try rows(place, "--board", "seasonal", "--since", "2026-01-01") == ["seasonal/carol 0 since_first_capture"])
    }

    @Test("a metric, a span and an order; named ones each once, failures alone included")
    func options() throws {
        let place = try Workplace.readingSamples()
        #expect(
            try rows(place, "alice", "Alice", "--metric", "vorkath", "--since", "2026-01-01T00:00:00Z")
                == ["main/alice -2 full"])
        #expect(
            try rows(place, "alice", "--metric", "Cooking", "--since", "2026-01-02", "--until", "2026-01-05")
                == ["main/alice - full"])
        #expect(try rows(place, "bob") == ["main/bob - no_capture"])
        #expect(
            try rows(place, "carol", "alice", "--sort", "player", "--since", "30d").map { $0.prefix(12) }
                == ["main/alice 6", "ironman/caro"])
        #expect(try rows(place, "--until", "2025-01-01").allSatisfy { $0.hasSuffix("no_capture") })
    }

    @Test("formats")
    func formats() throws {
        let place = try Workplace.readingSamples()
        let csv = try place.run("gains", "alice", "--format", "csv", "--since", "2026-01-01T00:00:00Z")
        #expect(csv.text.split(separator: "\n").count == 2 && csv.text.hasPrefix("player,display_name,board,metric,"))
        let table = try place.run("gains", "alice", "--since", "2025-12-01")
        #expect(table.text.contains("+6,200") && table.text.contains("since first capture"), "\(table)")
        #expect(try place.run("gains", "--format", "markdown").text.hasPrefix("### Gained: Overall\n"))
        #expect(try place.run("gains", "--json", "--format", "csv").status == 64)
    }

    @Test("what cannot be answered has its code")
    func refused() throws {
        let place = try Workplace.readingSamples()
        func code(_ arguments: String...) throws -> String {
            let answer = try place.run(Program.archive, ["gains", "--json"] + arguments)
            return "\(try answer.failure.text("code") ?? "") \(answer.status)"
        }
        #expect(try code("nobody") == "player_not_found 20")
        #expect(try code("--metric", "zulra") == "unknown_metric 64")
        #expect(try code("--sort", "nothing") == "unknown_metric 64")
        #expect(try code("--since", "2026-02-01", "--until", "2026-01-01") == "usage 64")
        #expect(try code("--since", "5m") == "malformed_ref 64")
    }
}
