import CanonicalJSON
import Glibc
import Testing

@Suite("diff")
struct DiffTests {
    /// The rows of alice's play, checked by hand against the two documents.
    private static let skills = """
        [{"name":"Attack","status":"changed","rank":{"from":502,"to":480,"change":-22},\
        "level":{"from":40,"to":41,"change":1},"xp":{"from":40000,"to":45000,"change":5000}},\
        {"name":"Cooking","status":"ranked","rank":{"from":-1,"to":9000,"change":null},\
        "level":{"from":1,"to":10,"change":null},"xp":{"from":-1,"to":1200,"change":null}},\
        {"name":"Sailing","status":"added","rank":{"from":null,"to":50,"change":null},\
        "level":{"from":null,"to":2,"change":null},"xp":{"from":null,"to":100,"change":null}}]
        """
    private static let activities = """
        [{"name":"Zulrah","status":"ranked","rank":{"from":-1,"to":800,"change":null},\
        "score":{"from":-1,"to":5,"change":null}},\
        {"name":"Vorkath","status":"changed","rank":{"from":90,"to":95,"change":5},\
        "score":{"from":60,"to":58,"change":-2}},\
        {"name":"Clue Scrolls (all)","status":"removed","rank":{"from":300,"to":null,"change":null},\
        "score":{"from":7,"to":null,"change":null}}]
        """
    private static let overall = """
        {"rank":{"from":1001,"to":990,"change":-11},"level":{"from":100,"to":111,"change":11},\
        "xp":{"from":50000,"to":56200,"change":6200}}
        """

    private static func value(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    @Test("json has every key, and the numbers of a pair that was checked by hand")
    func json() throws {
        let place = try Workplace.readingSamples()
        let json = try place.run("diff", "alice@{2026-01-03}", "alice", "--json").json
        #expect(
            json.keys == [
                "schema", "from", "to", "elapsed_seconds", "identical", "progress_identical", "overall", "totals",
                "skills", "activities", "rank_only_changes", "layout",
            ])
        for end in ["from", "to"] as [JSONText] {
            #expect(json[end]?.keys == ["ref", "player", "board", "captured_at", "snapshot"])
        }
        #expect(json.at("from", "ref") == .text("alice@{2026-01-03}"))
        #expect(json.at("from", "captured_at") == .text("2026-01-03T00:00:00.000Z"))
        #expect(json.at("to", "board") == .text("main"))
        #expect(json["elapsed_seconds"] == .integer(259_200))
        #expect(json["identical"] == .bool(false) && json["progress_identical"] == .bool(false))
        #expect(try json["overall"] == Self.value(Self.overall))
        #expect(try json["totals"] == Self.value(#"{"xp_gained":5000,"levels_gained":1}"#))
        #expect(try json["skills"] == Self.value(Self.skills))
        #expect(try json["activities"] == Self.value(Self.activities))
        #expect(json["rank_only_changes"] == .integer(1))
        #expect(
            try json["layout"]
                == Self.value(
                    #"{"added":["Sailing"],"removed":["Clue Scrolls (all)"],"renumbered":["Vorkath"]}"#))
        let names = { (value: JSONValue) in value["skills"]?.array?.compactMap { $0.text("name") } }
        #expect(
            try names(place.run("diff", "alice~1", "alice", "--json", "--ranks").json)
                == ["Attack", "Cooking", "Mining", "Sailing"])
        #expect(
            try names(place.run("diff", "alice@{first}", "alice@{first}", "--json", "--all").json)?.contains("Mining")
                == true)
    }

    @Test("backwards the time is negative, and what was gained is a fall")
    func backwards() throws {
        let place = try Workplace.readingSamples()
        let json = try place.run("diff", "alice", "alice~1", "--json").json
        #expect(json["elapsed_seconds"] == .integer(-259_200))
        #expect(json.at("totals", "xp_gained") == .integer(-5000))
        let statuses = json["skills"]?.array?.compactMap { $0.text("status") }
        #expect(statuses == ["changed", "unranked", "removed"])
    }

    @Test("a player alone: the head against the previous different one; any other reference: to the head")
    func oneReference() throws {
        let place = try Workplace.readingSamples()
        func ends(_ reference: String) throws -> [String?] {
            let json = try place.run("diff", reference, "--json").json
            return [json.at("from", "captured_at")?.string, json.at("to", "captured_at")?.string]
        }
        let head = "2026-01-06T00:00:00.000Z"
        #expect(try ends("alice") == ["2026-01-03T00:00:00.000Z", head])
        #expect(try ends("alice@{first}") == ["2026-01-01T00:00:00.000Z", head])
        #expect(try ends("alice~2") == ["2026-01-02T12:00:00.000Z", head])
        #expect(try ends("tag:dave") == ["2026-01-01T00:00:00.000Z", head])
        #expect(try ends("alice@{0}") == [head, head])
        // Nothing before.
        let first = try place.run("diff", "carol", "--json")
        #expect(first.status == 0, "\(first)")
        #expect(try first.json["from"] == .null)
        #expect(try first.json["elapsed_seconds"] == .null)
        #expect(try place.run("diff", "carol").status == 0)
        #expect(try place.run("diff", "bob").status == 20)
    }

    @Test("--exit-code is 1 where ids differ, with --ignore-ranks where progress differs")
    func exitCode() throws {
        let place = try Workplace.readingSamples()
        #expect(try place.run("diff", "--exit-code", "alice~1", "alice").status == 1)
        let first = Workplace()
        try first.run("import", "-", input: SampleArchive.lines[0])
        #expect(try first.run("diff", "--exit-code", "alice").status == 0, "nothing before is no difference")
        #expect(try place.run("diff", "--exit-code", "alice@{2}", "alice@{3}").status == 0)
        #expect(try place.run("diff", "--exit-code", "alice~1", "alice~2").status == 1)
        #expect(try place.run("diff", "--exit-code", "--ignore-ranks", "alice~1", "alice~2").status == 0)
        #expect(try place.run("diff", "--exit-code", "--ignore-ranks", "alice~1", "alice").status == 1)
        #expect(try place.run("diff", "alice~1", "alice").status == 0)
        let ranks = try place.run("diff", "alice~2", "alice~1", "--json").json
        #expect(ranks["identical"] == .bool(false) && ranks["progress_identical"] == .bool(true))
        #expect(ranks["skills"] == .array([]) && ranks["rank_only_changes"] == .integer(1))
    }

    @Test("two players are compared as one relative to the other, and nothing is called a gain")
    func twoPlayers() throws {
        let place = try Workplace.readingSamples()
        for arguments in [
            ["carol", "alice"], ["carol", "alice", "--stat"], ["carol", "alice", "--format", "markdown"],
        ] {
            let text = try place.run(Program.archive, ["diff"] + arguments).text
            #expect(text.contains("Alice on main relative to Carol on ironman"), "\(text)")
            #expect(!text.contains("gained"))
        }
        #expect(try place.run("diff", "alice", "--stat").text.contains("XP gained"))
    }

    @Test("text forms show the gains, the falls and the layout")
    func text() throws {
        let place = try Workplace.readingSamples()
        let table = try place.run("diff", "alice").text
        for word in ["Alice on main", "Attack", "+5,000", "Sailing", "Vorkath", "3 days later", "Clue Scrolls (all)"] {
            #expect(table.contains(word), "\(word) is missing in \(table)")
        }
        #expect(!table.contains("Mining"))
        #expect(try place.run("diff", "alice", "--ranks").text.contains("Mining"))
        #expect(try place.run("diff", "alice", "--format", "markdown").text.contains("| Attack |"))
        let csv = try place.run("diff", "alice", "--format", "csv").text.split(separator: "\n")
        #expect(
            csv[0]
                == "section,name,status,rank_from,rank_to,rank_change,level_from,level_to,level_change,value_from,value_to,value_change"
        )
        #expect(csv.contains("skills,Attack,changed,502,480,-22,40,41,1,40000,45000,5000"), "\(csv)")
        #expect(csv.contains("activities,Vorkath,changed,90,95,5,,,,60,58,-2"), "\(csv)")
        #expect(
            try place.run("diff", "alice", "--format", "json").output == place.run("diff", "alice", "--json").output)
    }

    private static let python = "/usr/bin/python3"
    private static let apply = """
        import json, sys, jsonpatch
        first, patch, second = (json.load(open(path)) for path in sys.argv[1:])
        sys.exit(0 if jsonpatch.apply_patch(first, patch) == second else 1)
        """
    private static let hasJSONPatch =
        unsafe access(python, X_OK) == 0
        && (try? Workplace().run(python, ["-c", "import jsonpatch"]).status == 0) == true

    @Test(
        "python3-jsonpatch applies the patch and gets the second document",
        .enabled(if: hasJSONPatch, "python3-jsonpatch is not installed"))
    func patch() throws {
        let place = try Workplace.readingSamples()
        for (from, to) in [("alice~1", "alice"), ("alice", "alice@{first}"), ("carol", "alice"), ("alice", "alice")] {
            try place.write(try place.run("cat", from).output, to: "first")
            try place.write(try place.run("cat", to).output, to: "second")
            try place.write(try place.run("diff", from, to, "--format", "patch").output, to: "patch")
            let applied = try place.run(Self.python, ["-c", Self.apply, "first", "patch", "second"])
            #expect(applied.status == 0, "\(from) \(to) \(applied)")
        }
    }

    @Test("a patch is RFC 6902: operations with a path each; for a first capture it makes the whole document")
    func patchForm() throws {
        let place = try Workplace.readingSamples()
        let operations = try place.run("diff", "alice~1", "alice", "--format", "patch").json.array ?? []
        #expect(!operations.isEmpty)
        for operation in operations {
            #expect(["add", "remove", "replace", "move", "copy"].contains(operation.text("op")))
            #expect(operation.text("path")?.hasPrefix("/") == true)
        }
        #expect(try place.run("diff", "alice", "alice", "--format", "patch").text == "[]\n")
        let whole = try place.run("diff", "carol", "--format", "patch").json.array?.first
        #expect(whole?.text("path")?.isEmpty == true)
        #expect(whole?["value"]?.text("name") == "Carol")
    }
}
