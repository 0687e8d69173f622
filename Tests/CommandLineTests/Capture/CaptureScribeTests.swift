import CanonicalJSON
import Glibc
import Testing

/// What captures write to the progress log.
@Suite("Captures and the progress log")
struct CaptureScribeTests {
    private let place = Workplace()
    private let simulator: Simulator

    init() throws {
        simulator = try Simulator(in: place)
        place.asks(simulator)
    }

    private func makeProject(_ log: String = "docs/PROGRESS_LOG.md") throws {
        try place.write(
            #"{"project_name":"osrs-archive","progress_log":"\#(log)","default_agent":"Scribe"}"#,
            to: "config/project.json")
        place.makeFolder("docs")
    }

    @Test("every attempt writes one entry: who, where, what came, how long, which snapshot")
    func entries() throws {
        try makeProject()
        let id = try #require(try place.run("capture", "--board", "main", "zezima", "--json").json.text("snapshot"))
        try place.run("capture", "--board", "main", "zezima")
        try place.run("capture", "--board", "main", "missing one")
        try simulator.fail("502", "&count=1")
        try place.run("capture", "--board", "main", "zezima")
        let entries = try place.text(of: "docs/PROGRESS_LOG.md").split(separator: "\n").map { String($0) }
        #expect(entries.count == 4, "\(entries)")
        let head = "[2026-03-01 12:00:00 UTC] [Agent: Scribe] [Project: osrs-archive] "
        #expect(entries[0].hasPrefix("[✅] " + head), "\(entries[0])")
        for fact in [
            "player=zezima", "board=main", "outcome=stored", "http_status=200", "latency_ms=", "snapshot_id=\(id)",
        ] {
            #expect(entries[0].contains(fact), "\(fact) is missing in \(entries[0])")
        }
        #expect(entries[1].contains("outcome=unchanged"))
        #expect(entries[2].hasPrefix("[❌] " + head) && entries[2].contains("outcome=not_found"), "\(entries[2])")
        #expect(entries[2].contains("; check the spelling, or try another --board |"), "\(entries[2])")
        #expect(entries[3].contains("outcome=unavailable") && entries[3].contains("http_status=502"))
    }

    @Test("the message of a later entry carries the change summary")
    func summary() throws {
        try makeProject()
        try place.run("capture", "--board", "main", "zezima")
        try simulator.setTime("2026-03-15T12:00:00Z")
        place.setTime("2026-03-15T12:00:00Z")
        try place.run("capture", "--board", "main", "zezima")
        let last = try place.text(of: "docs/PROGRESS_LOG.md").split(separator: "\n").last ?? ""
        #expect(last.contains("XP") && last.contains("+"), "\(last)")
    }

    @Test("without a project file there is one warning, and the exit code stands")
    func noProject() throws {
        let answer = try place.run("capture", "--board", "main", "a", "b", "missing")
        #expect(answer.status == 3)
        #expect(answer.errorText.split(separator: "\n").count { $0.hasPrefix("warning:") } == 1, "\(answer)")
        let off = try place.run("-q", "capture", "--board", "main", "a", environment: ["OSRS_ARCHIVE_SCRIBE": "off"])
        #expect(off.status == 0 && off.errors.isEmpty, "\(off)")
    }

    @Test("a log that cannot be written costs one warning; the captures and their exit code stand")
    func unwritable() throws {
        try makeProject("docs/log-is-a-folder")
        place.makeFolder("docs/log-is-a-folder")
        let answer = try place.run("capture", "--board", "main", "a", "b")
        #expect(answer.status == 0)
        #expect(answer.errorText.split(separator: "\n").count { $0.hasPrefix("warning:") } == 1, "\(answer)")
        #expect(try place.run("capture", "--board", "main", "missing").status == 20)
        #expect(try place.run("stats", "--json").json["observations"] == .integer(3))
        try place.write("not json", to: "config/project.json")
        let broken = try place.run("capture", "--board", "main", "a")
        #expect(broken.status == 64, "\(broken)")
    }

    @Test("a run over several boards writes one summary, and one entry for each failure")
    func batch() throws {
        try makeProject()
        #expect(try place.run("capture", "--board", "main", "a", "b", "missing").status == 3)
        let entries = try place.text(of: "docs/PROGRESS_LOG.md").split(separator: "\n").map { String($0) }
        #expect(entries.count == 2, "\(entries)")
        #expect(entries[0].hasPrefix("[⚠️]") && entries[0].contains("Captured 2 of 3 boards"), "\(entries)")
        #expect(entries[0].contains("failed=1") && entries[0].contains("requests=3"))
        #expect(entries[1].hasPrefix("[❌]") && entries[1].contains("player=missing"))
    }

    @Test("log lines for programs: each capture at info, each failure a warning; a level that is none is 64")
    func logLines() throws {
        let answer = try place.run(
            "capture", "--board", "main", "a", "missing one", "--json",
            environment: ["OSRS_ARCHIVE_LOG_LEVEL": "info", "OSRS_ARCHIVE_SCRIBE": "off"])
        let lines = answer.errorText.split(separator: "\n").filter { $0.hasPrefix("2026-") }
        #expect(
            lines.contains { $0.contains(" info captured ") && $0.contains("outcome=stored player=a ") }, "\(lines)")
        #expect(lines.contains { $0.contains(" warning \"capture failed\" ") && $0.contains("player=missing_one") })
        let wrong = try place.run("capture", "a", environment: ["OSRS_ARCHIVE_LOG_LEVEL": "loud"])
        #expect(wrong.status == 64, "\(wrong)")
    }
}
