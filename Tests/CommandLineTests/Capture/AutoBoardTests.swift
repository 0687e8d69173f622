import CanonicalJSON
import Testing

@Suite("Boards that are found out")
struct AutoBoardTests {
    private let place = Workplace()

    private func simulator(_ players: String...) throws -> Simulator {
        let simulator = try Simulator(in: place, players: players)
        place.asks(simulator)
        return simulator
    }

    private func boards(_ answer: Answer) throws -> [String] {
        try answer.lines.map { "\($0.text("board") ?? "") \($0.text("outcome") ?? "")" }
    }

    @Test("a player who was never seen is asked about on four boards under one run; the next time on those it has")
    func neverSeen() throws {
        let simulator = try simulator("Iron Oak:ironman", "Old Elm:regular")
        place.makeFolder("config")
        let first = try place.run("capture", "Iron Oak", "--json")
        #expect(first.status == 0)
        #expect(
            try boards(first) == ["main stored", "ironman stored", "hardcore_ironman not_found", "ultimate not_found"])
        #expect(try Set(first.lines.map { $0.text("run") }).count == 1)
        #expect(try boards(place.run("capture", "iron_oak", "--json")) == ["main unchanged", "ironman unchanged"])
        #expect(try place.text(of: "config/mode_cache.json").contains("\"iron_oak\""))
        #expect(try boards(place.run("capture", "Iron Oak", "--board", "main", "--json")) == ["main unchanged"])
        let text = try place.run("capture", "Old Elm").text
        #expect(text.contains("ironman/old_elm not listed there") && !text.contains("check the spelling"), "\(text)")
        // The cache may be lost: a player who was seen is asked about where that was.
        try place.write("nonsense", to: "config/mode_cache.json")
        let again = try place.run("capture", "Old Elm", "--json")
        #expect(try boards(again) == ["main unchanged"])
        #expect(again.errorText.contains("mode_cache.json is ignored"))
        _ = simulator
    }

    @Test("all four answer 404: 20; the service is out: 21, and nothing is learned")
    func failures() throws {
        let simulator = try simulator("Old Elm:regular")
        place.makeFolder("config")
        let missing = try place.run("capture", "Nobody Here", "--json")
        #expect(try missing.status == 20 && missing.lines.count == 4)
        try simulator.fail("503", "&count=1")
        let partly = try place.run("capture", "Old Elm", "--json")
        #expect(partly.status == 21 || partly.status == 20)
        #expect(!place.has("config/mode_cache.json"))
    }

    @Test("a hardcore ironman who died: the board that stopped is asked about once a week")
    func frozen() throws {
        let simulator = try simulator("Gone Ash:dead-hardcore@2026-02-01")
        place.makeFolder("config")
        // In a time that moves, so that the boards are asked at moments of their own.
        let first = try place.run(
            "capture", "Gone Ash", "--json", environment: ["OSRS_ARCHIVE_NOW": "2026-03-01T12:00:00Zx1"])
        #expect(try boards(first).count == 4)
        #expect(try place.text(of: "config/mode_cache.json").contains("\"dead\": true"))
        // The hardcore board was asked last, but a name means a board that moves.
        #expect(try place.run("rev-parse", "Gone Ash", "--json").json.text("board") == "ironman")
        #expect(try place.run("gains", "Gone Ash", "--json").json.text("board") == "ironman")
        try simulator.setTime("2026-03-03T12:00:00Z")
        place.setTime("2026-03-03T12:00:00Z")
        let next = try boards(place.run("capture", "Gone Ash", "--board", "auto", "--json"))
        #expect(next.map { $0.split(separator: " ")[0] } == ["main", "ironman"])
        try simulator.setTime("2026-03-09T12:00:00Z")
        place.setTime("2026-03-09T12:00:00Z")
        let later = try boards(place.run("capture", "Gone Ash", "--board", "auto", "--json"))
        #expect(later.contains { $0.hasPrefix("hardcore_ironman") })
    }
}
