import CanonicalJSON
import Testing

/// The whole grammar of references, through `rev-parse`. The present is 2026-01-10T06:00:00Z.
@Suite("References")
struct ReferenceTests {
    /// References and the log that they stand in, and the moment.
    private static let standing: [(ref: String, place: String, time: String)] = [
        ("alice", "main/alice", "2026-01-06T00:00:00.000Z"),
        ("ALICE", "main/alice", "2026-01-06T00:00:00.000Z"),
        ("player:alice", "main/alice", "2026-01-06T00:00:00.000Z"),
        ("main/alice", "main/alice", "2026-01-06T00:00:00.000Z"),
        ("ironman/alice", "ironman/alice", "2026-01-04T00:00:00.000Z"),
        ("im/Alice", "ironman/alice", "2026-01-04T00:00:00.000Z"),
        ("player:ironman/alice@{0}", "ironman/alice", "2026-01-04T00:00:00.000Z"),
        ("alice@{0}", "main/alice", "2026-01-06T00:00:00.000Z"),
        ("alice~0", "main/alice", "2026-01-06T00:00:00.000Z"),
        // Ok observations before the head, the unchanged one counted.
        ("alice@{1}", "main/alice", "2026-01-03T00:00:00.000Z"),
        ("alice@{2}", "main/alice", "2026-01-02T12:00:00.000Z"),
        ("alice@{3}", "main/alice", "2026-01-01T00:00:00.000Z"),
        ("alice@{first}", "main/alice", "2026-01-01T00:00:00.000Z"),
        // Changes of the snapshot: the last sighting of the one before.
        ("alice~1", "main/alice", "2026-01-03T00:00:00.000Z"),
        ("alice~2", "main/alice", "2026-01-02T12:00:00.000Z"),
        ("alice@{1}~1", "main/alice", "2026-01-02T12:00:00.000Z"),
        // Times: the last at or before, bounds counted in.
        ("alice@{2026-01-02}", "main/alice", "2026-01-02T12:00:00.000Z"),
        ("alice@{2026-01-01}", "main/alice", "2026-01-01T00:00:00.000Z"),
        ("alice@{2026-01-02T12:00:00Z}", "main/alice", "2026-01-02T12:00:00.000Z"),
        ("alice@{2026-01-02T11:59:59.999Z}", "main/alice", "2026-01-01T00:00:00.000Z"),
        ("alice@{2026-01-02T14:00:00+02:00}", "main/alice", "2026-01-02T12:00:00.000Z"),
        ("alice@{2026-01-03}", "main/alice", "2026-01-03T00:00:00.000Z"),
        ("alice@{2026-01-05}", "main/alice", "2026-01-03T00:00:00.000Z"),
        ("alice@{2030-01-01}", "main/alice", "2026-01-06T00:00:00.000Z"),
        ("alice@{yesterday}", "main/alice", "2026-01-06T00:00:00.000Z"),
        ("alice@{102h}", "main/alice", "2026-01-06T00:00:00.000Z"),
        ("alice@{6121min}", "main/alice", "2026-01-03T00:00:00.000Z"),
        ("alice@{5d}", "main/alice", "2026-01-03T00:00:00.000Z"),
        ("alice@{1w}", "main/alice", "2026-01-03T00:00:00.000Z"),
        ("alice@{5d}~1", "main/alice", "2026-01-02T12:00:00.000Z"),
        // A bare player means the newest of main, ironman, hardcore ironman and ultimate; ties in that order.
        ("carol", "ironman/carol", "2026-01-05T00:00:00.000Z"),
        ("seasonal/carol", "seasonal/carol", "2026-01-09T00:00:00.000Z"),
        ("player:dave", "main/dave", "2026-01-02T00:00:00.000Z"),
        // A tag keeps the moment that it was put at.
        ("tag:dave", "main/alice", "2026-01-01T00:00:00.000Z"),
    ]

    @Test("each form stands for its moment")
    func forms() throws {
        let place = try Workplace.readingSamples()
        for (ref, expected, time) in Self.standing {
            let answer = try place.run("rev-parse", ref, "--json")
            #expect(answer.status == 0, "\(answer)")
            guard answer.status == 0 else { continue }
            let json = try answer.json
            #expect(json.keys == ["schema", "ref", "snapshot", "board", "player", "captured_at", "seq"])
            #expect(json.text("ref") == ref)
            #expect("\(json.text("board") ?? "")/\(json.text("player") ?? "")" == expected, "\(ref)")
            #expect(json.text("captured_at") == time, "\(ref)")
            #expect(try place.run("rev-parse", ref).text == (json.text("snapshot") ?? "") + "\n")
        }
    }

    @Test("an id stands for its first sighting, by 8 digits or more, in either case")
    func ids() throws {
        let place = try Workplace.readingSamples()
        let id = String(try place.run("rev-parse", "alice@{2}").text.dropLast())
        #expect(id.count == 64)
        for ref in [String(id.prefix(8)), id, "id:" + id.prefix(12), id.uppercased()] {
            let json = try place.run("rev-parse", "--json", ref).json
            #expect(json.text("snapshot") == id)
            #expect(json.text("captured_at") == "2026-01-01T00:00:00.000Z")
            #expect(json["seq"] == .integer(0))
        }
        for ref in ["id:" + id.prefix(7), "id:\(id.prefix(8))~1", "id:\(id)0"] {
            #expect(try place.run("rev-parse", ref).status == 64, "\(ref)")
        }
        let unknown = try place.run("rev-parse", "id:00000000", "--json")
        #expect(unknown.status == 20)
        #expect(try unknown.failure.text("code") == "ref_not_found")
    }

    @Test("a word that fits two kinds is 64 and lists them")
    func ambiguity() throws {
        let place = try Workplace.readingSamples()
        let answer = try place.run("rev-parse", "dave", "--json")
        #expect(answer.status == 64)
        #expect(try answer.failure.text("code") == "ambiguous_ref")
        #expect(try answer.failure["candidates"] == .array([.text("player:dave"), .text("tag:dave")]))
        #expect(try place.run("rev-parse", "dave").errorText.contains("player:dave"))
        // A selector in braces makes it a player; a board does, too.
        #expect(try place.run("rev-parse", "dave@{0}", "--json").json.text("player") == "dave")
        #expect(try place.run("rev-parse", "main/dave", "--json").json.text("player") == "dave")
        #expect(try place.run("rev-parse", "dave~0").status == 64)
    }

    @Test("a player whose name is 8 hex digits and an id that begins so are told apart")
    func hexNames() throws {
        let place = Workplace()
        let body = SampleArchive.small("x", xp: 7)
        try place.run("import", "-", input: SampleArchive.line("x", "main", "2026-01-01T00:00:00Z", body))
        let id = String(try place.run("rev-parse", "x").text.prefix(8))
        try place.run("import", "-", input: SampleArchive.line(id, "main", "2026-01-01T00:00:00Z", body))
        let answer = try place.run("rev-parse", id, "--json")
        #expect(answer.status == 64)
        #expect(try answer.failure["candidates"] == .array([.text("player:\(id)"), .text("id:\(id)")]))
        #expect(try place.run("rev-parse", "player:\(id)", "--json").json.text("player") == id)
        #expect(try place.run("rev-parse", "id:\(id)", "--json").json.text("player") == "x")
    }

    @Test("what is not there is 20, with what could be meant")
    func unknown() throws {
        let place = try Workplace.readingSamples()
        func failure(_ ref: String, exit: CInt) throws -> JSONValue {
            let answer = try place.run("rev-parse", ref, "--json")
            #expect(answer.status == exit, "\(answer)")
            #expect(answer.output.isEmpty)
            return try answer.failure
        }
        #expect(try failure("alise", exit: 20)["candidates"]?.array?.contains(.text("alice")) == true)
        #expect(try failure("tag:alice", exit: 20).text("code") == "ref_not_found")
        #expect(
            try failure("seasonal/alice", exit: 20)["candidates"]
                == .array([.text("main/alice"), .text("ironman/alice")]))
        #expect(try failure("alice@{4}", exit: 20).text("message")?.contains("@{3}") == true)
        #expect(try failure("alice~3", exit: 20).text("message")?.contains("2026-01-01T00:00:00.000Z") == true)
        #expect(
            try failure("alice@{2025-12-31}", exit: 20).text("message")?.contains(
                "first capture is of 2026-01-01T00:00:00.000Z") == true)
        // Failures are never resolved to, but named.
        #expect(try failure("bob", exit: 20).text("message")?.contains("--failures") == true)
    }

    @Test(
        "what is no reference is 64 and says why",
        arguments: [
            "alice@{5m}", "alice@{}", "alice@1", "alice~", "alice~x", "alice@{soon}", "nowhere/alice", "tag:dave@{0}",
            "alice@{0", "main/", "id:xyz", "alice@{99999999999999999999}",
        ])
    func malformed(ref: String) throws {
        let place = try Workplace.readingSamples()
        let answer = try place.run("rev-parse", ref, "--json")
        #expect(answer.status == 64, "\(answer)")
        #expect(try answer.failure.text("code") == "malformed_ref")
        #expect(try answer.failure.text("ref") == ref)
        if ref.contains("5m") { #expect(answer.errorText.contains("min or mo")) }
    }
}
