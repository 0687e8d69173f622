import CanonicalJSON
import HiscoresSimulator
import Testing

/// Every way in which the service lies or fails.
@Suite("Faults of the service")
struct FaultTests {
    /// The simulator's faults, and what they come to.
    private static let outcomes: [(kind: String, measures: String, outcome: String, exit: CInt, status: Int64?)] = [
        ("redirect", "", "unavailable", 21, 302), ("html", "", "unavailable", 21, 200),
        ("429", "", "throttled", 21, 429), ("429-retry-after", "&retry_after=7", "throttled", 21, 429),
        ("403", "", "throttled", 21, 403), ("500", "", "unavailable", 21, 500), ("502", "", "unavailable", 21, 502),
        ("503", "", "unavailable", 21, 503), ("slow", "&delay=20000", "unavailable", 21, nil),
        ("slow", "&delay=10", "stored", 0, 200), ("cut-off", "", "unavailable", 21, 200),
        ("empty", "", "unavailable", 21, 200), ("wrong-schema", "", "invalid", 21, 200),
        ("array", "", "invalid", 21, 200),
        ("invalid-json", "", "invalid", 21, 200),
        ("oversized", "&bytes=3000000", "unavailable", 21, 200), ("404", "", "not_found", 20, 404),
    ]

    @Test("each fault gives its outcome, a record and no snapshot; then the service recovers")
    func all() throws {
        #expect(Set(Self.outcomes.map(\.kind)) == Set(FaultKind.allCases.map(\.rawValue)))
        let place = Workplace()
        let simulator = try Simulator(in: place)
        place.asks(simulator)
        place.environment["OSRS_ARCHIVE_TOTAL_TIMEOUT_MS"] = "1500"
        for (number, fault) in Self.outcomes.enumerated() {
            try simulator.fail(fault.kind, "&player=p\(number)&count=1\(fault.measures)")
            let answer = try place.run("capture", "--board", "main", "p\(number)", "--json")
            let line = try answer.json
            #expect(answer.status == fault.exit, "\(fault.kind): \(answer)")
            #expect(line.text("outcome") == fault.outcome, "\(fault.kind)")
            #expect(line.count("http_status") == fault.status, "\(fault.kind)")
            #expect(line["exit"] == .integer(fault.exit))
            #expect((line["error"] == .null) == (fault.exit == 0), "\(fault.kind)")
            #expect((line["redirect"] != .null) == (fault.kind == "redirect"))
            #expect((line["snapshot"] == .null) == (fault.exit != 0))
        }
        let count = Int64(Self.outcomes.count)
        #expect(try place.run("stats", "--json").json["observations"] == .integer(count))
        #expect(try place.run("log", "--json").lines.count == 1)
        #expect(try place.run("log", "--failures", "--json").lines.count == Self.outcomes.count)
        let names = Self.outcomes.indices.map { "p\($0)" }
        let recovered = try place.run(Program.archive, ["capture", "--board", "main", "--json"] + names)
        #expect(recovered.status == 0, "\(recovered)")
        // A failure is no answer: the one before it is what counts for unchanged.
        #expect(
            try recovered.lines.sorted { ($0.text("player") ?? "") < ($1.text("player") ?? "") }.map {
                $0.text("outcome")
            }
                == zip(names, Self.outcomes).sorted { $0.0 < $1.0 }.map { $0.1.exit == 0 ? "unchanged" : "stored" })
        #expect(try place.run("verify").status == 0)
    }

    @Test("a 200 answer that is no snapshot is kept as served and can be written by its id")
    func kept() throws {
        let place = Workplace()
        let simulator = try Simulator(in: place)
        place.asks(simulator)
        for kind in ["wrong-schema", "array"] {
            try simulator.fail(kind, "&player=p&count=1")
            #expect(try place.run("capture", "--board", "main", "p").status == 21)
        }
        let exported = try place.run("export", "--format", "jsonl").lines
        #expect(exported.count == 2)
        for line in exported {
            let id = try #require(line.at("answer", "id")?.string)
            #expect(line.at("answer", "kept") == .bool(true))
            let body = try place.run("cat", id)
            #expect(body.status == 0, "\(body)")
            #expect(line.at("answer", "bytes") == .integer(body.output.count))
            try place.write(body.output, to: "body")
            #expect(try place.run("/usr/bin/sha256sum", ["body"]).text.hasPrefix(id))
            #expect(try place.run("rev-parse", String(id.prefix(8)), "--json").json.text("snapshot") == id)
            #expect(try place.run("show", id).status != 0)
        }
        #expect(try place.run("stats", "--json").json["loose_objects"] == .integer(2))
        // The same again keeps one.
        try simulator.fail("array", "&player=p&count=1")
        try place.run("capture", "--board", "main", "p")
        #expect(try place.run("stats", "--json").json["loose_objects"] == .integer(2))
        #expect(try place.run("verify").status == 0)
    }
}
