import CanonicalJSON
import Testing

@Suite("Events for a command of one's own")
struct EventTests {
    private let place = Workplace()
    private let simulator: Simulator

    init() throws {
        simulator = try Simulator(in: place)
        place.asks(simulator)
        place.environment["OSRS_ARCHIVE_SCRIBE"] = "off"
    }

    private func events() throws -> [JSONValue] {
        try place.text(of: "events").split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
    }

    @Test("the third failed capture in a row is told, however often each asked; nothing of boards that never listed it")
    func failing() throws {
        try simulator.fail("503", "&player=down")
        for number in 1...4 {
            let answer = try place.run(
                "capture", "down", "--board", "main", "--retries", "2", "--backoff", "1", "--on-event", "cat >>events")
            #expect(answer.status == 21)
            #expect(place.has("events") == (number >= 3), "capture \(number)")
            let status = try place.run("status", "down", "--json")
            #expect(try status.json.count("failures") == Int64(number), "\(status)")
        }
        let event = try #require(try events().first)
        #expect(try events().count == 1)
        #expect(event.text("event") == "failing" && event["times"] == .integer(3) && event.text("player") == "down")
        #expect(event.text("reason")?.contains("503") == true)
        for _ in 0..<3 {
            #expect(try place.run("capture", "zezima", "--board", "auto", "--on-event", "cat >others").status == 0)
        }
        #expect(!place.has("others"))
    }

    @Test("levels of a month are told; a command that fails costs a warning, not the capture")
    func levels() throws {
        try place.run("capture", "zezima", "--board", "main")
        try simulator.setTime("2026-06-01T12:00:00Z")
        place.setTime("2026-06-01T12:00:00Z")
        let answer = try place.run("capture", "zezima", "--board", "main", "--on-event", "cat >events; exit 3")
        #expect(answer.status == 0)
        #expect(answer.errorText.contains("--on-event") && answer.errorText.contains("status 3"), "\(answer)")
        let levels = try events().filter { ["level", "level_99"].contains($0.text("event")) }
        #expect(!levels.isEmpty)
        for level in levels {
            #expect(try #require(level["from"]?.integer) < #require(level["to"]?.integer), "\(level)")
        }
    }
}
