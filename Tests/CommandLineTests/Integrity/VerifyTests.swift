import CanonicalJSON
import Testing

@Suite("verify")
struct VerifyTests {
    private let place = Workplace()

    init() throws { try place.run("import", "-", input: SampleArchive.lines.joined(separator: "\n")) }

    /// Turns one bit over in the middle of a file.
    private func flip(_ file: String) throws {
        var bytes = try place.bytes(of: file)
        bytes[bytes.count / 2] ^= 1
        try place.write(bytes, to: file)
    }

    private func object(_ ref: String) throws -> (id: String, file: String) {
        let id = try place.run("rev-parse", ref).text.dropLast()
        return (String(id), "archive/objects/\(id.prefix(2))/\(id.dropFirst(2))")
    }

    @Test("a sound archive is 0, by --quick too")
    func sound() throws {
        let answer = try place.run("verify", "--json")
        #expect(answer.status == 0)
        let json = try answer.json
        #expect(json.keys == ["schema", "ok", "snapshots", "observations", "head", "damaged"])
        #expect(json["ok"] == .bool(true) && json["damaged"] == .array([]))
        #expect(json["snapshots"] == .integer(9) && json["observations"] == .integer(13))
        #expect(try json.text("head") == place.run("stats", "--json").json.text("head"))
        #expect(try place.run("verify").status == 0)
        #expect(try place.run("verify", "--quick").status == 0)
    }

    @Test("a flipped byte of an object is 12 and names the players and dates; reading it is 12, never a wrong answer")
    func object() throws {
        let (id, file) = try object("alice@{first}")
        try flip(file)
        let answer = try place.run("verify", "--json")
        #expect(answer.status == 12, "\(answer)")
        let json = try answer.json
        #expect(json["ok"] == .bool(false))
        let damage = try #require(json["damaged"]?.array?.first)
        #expect(json["damaged"]?.array?.count == 1)
        #expect(damage.keys == ["kind", "id", "file", "offset", "error", "affects"])
        #expect(damage.text("id") == id && damage.text("error") == "corrupt")
        #expect(damage.text("file")?.hasSuffix(file.dropFirst("archive/".count)) == true)
        let affected = try #require(damage["affects"]?.array?.first)
        #expect(affected.keys == ["player", "board", "from", "to"])
        #expect(affected.text("player") == "alice" && affected.text("board") == "main")
        #expect(affected.text("from") == "2026-01-01T00:00:00.000Z")
        #expect(affected.text("to") == "2026-01-02T12:00:00.000Z")
        let text = try place.run("verify").text
        #expect(text.contains("alice") && text.contains(id.prefix(12)), "\(text)")
        for command in [["cat", "alice@{first}"], ["show", "alice@{first}"], ["diff", "alice@{first}", "alice"]] {
            let read = try place.run(Program.archive, command + ["--json"])
            #expect(read.status == 12, "\(read)")
            #expect(read.output.isEmpty)
            #expect(try read.failure.text("code") == "corrupt")
        }
        #expect(try place.run("export", "--format", "jsonl").status == 12)
        #expect(try place.run("cat", "alice").status == 0)
        // The journal is sound: who was captured when is known without the document.
        #expect(try place.run("rev-parse", "alice@{first}").status == 0)
    }

    @Test("a missing object is told from a damaged one")
    func missing() throws {
        let (_, file) = try object("carol")
        try place.run("/bin/rm", [file])
        let answer = try place.run("verify", "--json")
        #expect(answer.status == 12)
        #expect(try answer.json["damaged"]?.array?.first?.text("error") == "missing")
        #expect(try place.run("verify", "--quick").status == 12)
        let read = try place.run("cat", "carol", "--json")
        #expect(read.status == 12)
        #expect(try read.failure.text("code") == "missing")
    }

    @Test("a flipped byte of the journal is 12; what can be read still is, with a warning")
    func journal() throws {
        try flip("archive/journal")
        let answer = try place.run("verify", "--json")
        #expect(answer.status == 12)
        #expect(try answer.json["damaged"]?.array?.first?.text("kind") == "journal", "\(answer)")
        let log = try place.run("log", "--json")
        #expect(log.status == 12)
        #expect(log.errorText.contains("verify"))
        #expect(try !log.lines.isEmpty)
        let refused = try place.run("import", "-", input: SampleArchive.lines[0])
        #expect(refused.status == 12, "\(refused)")
    }

    @Test("a torn tail is no damage: the next writer moves it aside")
    func torn() throws {
        let journal = try place.bytes(of: "archive/journal")
        try place.write(journal + [9, 0, 0, 0], to: "archive/journal")
        #expect(try place.run("verify").status == 0)
        let newer = SampleArchive.line("Eve", "main", "2026-02-01T00:00:00Z", SampleArchive.small("Eve", xp: 1))
        #expect(try place.run("import", "-", input: newer).status == 0)
        #expect(try place.run("verify", "--json").json["observations"] == .integer(14))
        #expect(try place.files(below: "archive/torn").count == 1)
    }

    @Test("--expect proves that a head that was noted earlier is one of this sequence")
    func expect() throws {
        let head = try #require(try place.run("stats", "--json").json.text("head"))
        let newer = SampleArchive.line("Eve", "main", "2026-02-01T00:00:00Z", SampleArchive.small("Eve", xp: 1))
        try place.run("import", "-", input: newer)
        #expect(try place.run("verify", "--expect", head).status == 0)
        #expect(try place.run("verify", "--quick", "--expect", head).status == 0)
        let other = try place.run("verify", "--json", "--expect", String(repeating: "0", count: 64))
        #expect(other.status == 12, "\(other)")
        #expect(try other.json["ok"] == .bool(false))
    }
}
