import CanonicalJSON
import Testing

@Suite("show and cat")
struct ShowTests {
    @Test("cat gives canonical bytes that hash to the id, without a line feed")
    func cat() throws {
        let place = try Workplace.readingSamples()
        let id = String(try place.run("rev-parse", "alice").text.dropLast())
        let bytes = try place.run("cat", "alice").output
        #expect(bytes.last == UInt8(ascii: "}"))
        #expect(try JSONValue(parsing: bytes) == JSONValue(parsing: Array(SampleArchive.played.utf8)).sorted)
        let sum = try place.run(
            "/bin/bash", ["-c", #""$0" cat alice | sha256sum"#, Program.archive])
        #expect(sum.text == "\(id)  -\n")
        #expect(try place.run("hash", "-", input: SampleArchive.played).text == id + "\n")
        #expect(try place.run("cat", String(id.prefix(10))).output == bytes)
    }

    @Test("show --json has every row as served")
    func json() throws {
        let place = try Workplace.readingSamples()
        let json = try place.run("show", "alice", "--json").json
        #expect(
            json.keys == [
                "schema", "ref", "player", "display_name", "board", "captured_at", "snapshot", "progress", "skills",
                "activities", "extra",
            ])
        #expect(json.text("display_name") == "Alice")
        #expect(json["extra"] == .object([]))
        let skills = json["skills"]?.array ?? []
        #expect(skills.count == 5)
        #expect(
            try skills.first
                == JSONValue(
                    parsing: Array(
                        #"{"id":0,"name":"Overall","rank":990,"level":111,"xp":56200,"ranked":true}"#.utf8)))
        #expect(
            try json["activities"]?.array?.first
                == JSONValue(
                    parsing: Array(
                        #"{"id":0,"name":"Zulrah","kind":"boss","rank":800,"score":5,"ranked":true}"#.utf8)))
        let first = try place.run("show", "alice@{first}", "--json").json
        #expect(first["skills"]?.array?[2]["ranked"] == .bool(false))
        #expect(first["skills"]?.array?[2]["xp"] == .integer(-1))
    }

    @Test("show names the board, and --changes compares with the one before")
    func text() throws {
        let place = try Workplace.readingSamples()
        let text = try place.run("show", "alice").text
        for word in ["Alice", "main", "2026-01-06 00:00:00 UTC", "Attack", "45,000", "Zulrah"] {
            #expect(text.contains(word), "\(word) is missing")
        }
        #expect(!text.contains("+5,000"))
        #expect(try place.run("show", "--changes", "alice").text.contains("+5,000"))
        let changes = try place.run("show", "--changes", "alice", "--json").json["changes"]
        #expect(changes?.at("totals", "xp_gained") == .integer(5000))
        // Before means by time, also where it is the same document.
        let unchanged = try place.run("show", "--changes", "alice@{2}", "--json").json["changes"]
        #expect(unchanged?["identical"] == .bool(true))
        let first = try place.run("show", "--changes", "alice@{first}", "--json").json["changes"]
        #expect(first?["from"] == .null)
    }
}

extension JSONValue {
    /// The members of every object sorted by name, all of them ASCII.
    fileprivate var sorted: JSONValue {
        if let array { return .array(array.map(\.sorted)) }
        guard let object else { return self }
        return .object(
            object.map { JSONMember($0.name, $0.value.sorted) }.sorted { $0.name.string < $1.name.string })
    }
}
