import CanonicalJSON
import Glibc
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

    @Test("a command that hangs holds no capture up; at the end it is ended, and that is told")
    func hanging() throws {
        try place.run("accounts", "add", "--board", "main", "--interval", "30", "a")
        try simulator.fail("503", "&player=a")
        try simulator.control("now?time=2026-03-01T12:00:00Z&factor=900")
        let (process, streams) = try place.start(
            Program.archive, ["watch", "--retries", "0", "--on-event", "echo $$ >> command; exec sleep 600"],
            environment: ["OSRS_ARCHIVE_NOW": "2026-03-01T12:00:00Zx900"])
        #expect(poll(seconds: 60) { place.has("command") ? true : nil } == true)
        let before = try place.text(of: streams.output).count { $0 == "\n" }
        let isGoingOn = poll(seconds: 20) {
            (try? place.text(of: streams.output).count { $0 == "\n" }).flatMap { $0 >= before + 3 ? true : nil }
        }
        #expect(isGoingOn == true, "captures wait for the command")
        process.send(SIGTERM)
        #expect(try process.wait(seconds: 20) == 0)
        let commands = try place.text(of: "command").split(separator: "\n").compactMap { pid_t($0) }
        #expect(commands.count == 1 && commands.allSatisfy { kill($0, 0) != 0 })
        #expect(try place.text(of: streams.error).contains("--on-event: it was still running at the end"))
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
