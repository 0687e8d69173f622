import CanonicalJSON
import Testing

@Suite("status")
struct StatusTests {
    private static let keys = [
        "schema", "player", "display_name", "board", "boards", "state", "interval_minutes", "last_ok", "last_attempt",
        "last_failure", "failures", "failing_since", "due", "overdue",
    ]
    private let place = Workplace()

    @Test("each account as it stands, in the order of the list; exit 3 with one overdue, 0 without")
    func states() throws {
        let lines = [
            SampleArchive.line("Good", "main", "2026-03-01T11:30:00Z", SampleArchive.small("Good", xp: 1)),
            SampleArchive.line("Bad", "main", "2026-03-01T11:00:00Z", SampleArchive.small("Bad", xp: 1)),
            SampleArchive.failure("Bad", "2026-03-01T11:40:00Z", "unavailable", 503),
            SampleArchive.line("Gone", "main", "2026-03-01T09:50:00Z", SampleArchive.small("Gone", xp: 1)),
            SampleArchive.failure("Gone", "2026-03-01T11:00:00Z", "not_found", 404),
            SampleArchive.failure("Gone", "2026-03-01T11:10:00Z", "not_found", 404),
            SampleArchive.failure("Gone", "2026-03-01T11:20:00Z", "not_found", 404),
        ]
        try place.write(lines.joined(separator: "\n"), to: "lines.jsonl")
        #expect(try place.run("import", "lines.jsonl").status == 0)
        place.setTime("2026-03-01T11:45:00Z")
        try place.write(
            #"[{"name":"Good","board":"main"},{"name":"Bad"},{"name":"New"},{"name":"Gone","interval_minutes":10},{"name":"Old","paused":true}]"#,
            to: "config/accounts.json")
        let answer = try place.run("status", "--json")
        #expect(answer.status == 3, "\(answer)")
        let reports = try answer.lines
        for report in reports { #expect(report.keys == Self.keys) }
        #expect(reports.map { $0.text("state") } == ["ok", "failing", "never", "gone", "paused"])
        #expect(reports.map { $0["overdue"]?.bool } == [false, false, false, true, false])
        #expect(reports.map { $0.text("board") } == ["main", "auto", "auto", "auto", "auto"])
        #expect(reports[1].at("last_failure", "outcome") == .text("unavailable"))
        #expect(reports[1].at("last_failure", "http_status") == .integer(503))
        #expect(reports[1].text("failing_since") == "2026-03-01T11:40:00.000Z" && reports[1].count("failures") == 1)
        #expect(reports[2].text("due") == "2026-03-01T11:45:00.000Z" && reports[2]["last_failure"] == .null)
        #expect(reports[3].count("failures") == 3 && reports[3].count("interval_minutes") == 10)
        #expect(reports[4]["due"] == .null)
        #expect(answer.errorText.contains("5 accounts: 1 ok, 1 never tried, 1 failing, 1 gone, 1 paused; 1 overdue"))

        let table = try place.run("status")
        #expect(table.status == 3)
        #expect(table.text.contains("gone, overdue"))
        #expect(table.text.contains("not found 3 times since 2026-03-01 11:00:00 UTC"))
        #expect(table.text.contains("list its new name and join both with `rename`"))
        #expect(table.text.contains("unavailable once at 2026-03-01 11:40:00 UTC (the service answered 503)"))

        #expect(try place.run("status", "good", "NEW").status == 0)
        #expect(try place.run("status", "good", "--json").lines.count == 1)
        let unknown = try place.run("status", "nobody", "--json")
        #expect(unknown.status == 20)
        #expect(try unknown.failure.text("code") == "player_not_found")
        #expect(try place.run("status", "-q").errors.isEmpty)
    }

    @Test("without a list: HISCORES_USER, else the players of the archive; without an archive 10")
    func sources() throws {
        #expect(try place.run("status").status == 10)
        place.environment["OSRS_ARCHIVE_DIR"] = try SampleArchive.shared.get().path
        place.setTime("2026-01-06T12:00:00Z")
        let all = try place.run("status", "--json", environment: ["HISCORES_INTERVAL_MIN": "525600"])
        #expect(try all.lines.map { $0.text("player") } == ["alice", "bob", "carol", "dave"], "\(all)")
        #expect(try all.lines.map { $0.count("interval_minutes") } == [525_600, 525_600, 525_600, 525_600])
        #expect(try all.lines[1].text("state") == "failing")
        let named = try place.run("status", "--json", environment: ["HISCORES_USER": "Bob,Erin"])
        #expect(try named.lines.map { $0.text("player") } == ["bob", "erin"])
        try place.write("[]", to: "none.json")
        #expect(try place.run("status", "--accounts", "none.json", "--json").output.isEmpty)
        #expect(try place.run("status", "--accounts", "absent.json").status == 2)
    }

    @Test("warns where the intervals need more than the pace allows")
    func load() throws {
        place.environment["OSRS_ARCHIVE_DIR"] = try SampleArchive.shared.get().path
        let accounts = (0..<61).map { #"{"name":"p\#($0)","interval_minutes":1}"# }
        try place.write("[\(accounts.joined(separator: ","))]", to: "config/accounts.json")
        let answer = try place.run("status")
        #expect(answer.status == 0 && answer.errorText.contains("warning: the intervals"), "\(answer)")
    }
}
