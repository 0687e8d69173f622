import CanonicalJSON
import Glibc
import Testing

@Suite("export")
struct ExportTests {
    @Test("exported and imported into an empty archive: equal ids and observations, failures and kept bodies too")
    func roundTrip() throws {
        let place = Workplace()
        let simulator = try Simulator(in: place)
        place.asks(simulator)
        try place.run("import", "-", input: SampleArchive.lines.joined(separator: "\n"))
        try simulator.fail("array", "&player=p&count=1")
        #expect(try place.run("capture", "--board", "main", "p", "zezima", "missing").status == 3)
        let exported = try place.run("export", "--format", "jsonl")
        #expect(exported.status == 0)
        #expect(try exported.lines.count == 16)
        let imported = try place.run("import", "-", "--archive", "copy", "--json", input: exported.text)
        #expect(imported.status == 0, "\(imported)")
        let copy = try place.run("export", "--format", "jsonl", "--archive", "copy")
        #expect(copy.output == exported.output)
        func observations(_ archive: String) throws -> Set<JSONValue> {
            Set(
                try place.run("log", "--failures", "--json", "--archive", archive).lines.map { line in
                    .object((line.object ?? []).filter { $0.name != "seq" && $0.name != "record" })
                })
        }
        #expect(try observations("copy") == observations("archive"))
        #expect(try place.run("import", "-", "--json", input: exported.text).json["added"] == .integer(0))
    }

    @Test("an export spares the archive, devices and pipes, and its long lines import again")
    func targets() throws {
        let place = try Workplace.readingSamples()
        let journal = "\(place.environment["OSRS_ARCHIVE_DIR"] ?? "archive")/journal"
        #expect(try place.run("export", "--format", "jsonl", "--to", journal).status == 64)
        try #require(unsafe mkfifo(place.absolute("pipe"), 0o600) == 0)
        #expect(try place.run("export", "--format", "jsonl", "--to", "pipe").status == 2)
        #expect(try place.run("verify").status == 0)
        let name = String(repeating: "x", count: 1 << 20)
        let line =
            #"{"player":"a","board":"main","captured_at":"2026-01-01T00:00:00Z","body":{"skills":[],"note":"\#(name)"}}"#
        let writing = Workplace()
        try writing.run("import", "-", input: line + "\n" + line.replacing("2026-01-01", with: "2026-01-02"))
        let exported = try writing.run("export", "--format", "jsonl")
        let imported = try writing.run("import", "-", "--archive", "copy", "--json", input: exported.text)
        #expect(try imported.json["added"] == .integer(2), "\(imported.errorText.prefix(300))")
    }

    @Test("players, board and bounds choose; an unknown player is 20")
    func selection() throws {
        let place = try Workplace.readingSamples()
        func count(_ arguments: String...) throws -> Int {
            try place.run(Program.archive, ["export", "--format", "jsonl"] + arguments).lines.count
        }
        #expect(try count() == 13)
        #expect(try count("alice") == 6)
        #expect(try count("alice", "bob") == 8)
        #expect(try count("alice", "--board", "ironman") == 1)
        #expect(try count("alice", "--since", "2026-01-02", "--until", "2026-01-03") == 2)
        #expect(try place.run("export", "--format", "jsonl", "nobody").status == 20)
        let table = try place.run("export", "--format", "csv", "alice").text.split(separator: "\n")
        #expect(table.count > 10 && table[0].contains("player"), "\(table[0])")
    }

    @Test("--to writes a file under its name once it is whole, and says so")
    func file() throws {
        let place = try Workplace.readingSamples()
        let answer = try place.run("export", "--format", "jsonl", "--to", "all.jsonl", "--json")
        #expect(answer.status == 0, "\(answer)")
        let json = try answer.json
        #expect(json["written"] == .integer(13) && json.text("path") == "all.jsonl")
        #expect(try place.bytes(of: "all.jsonl") == place.run("export", "--format", "jsonl").output)
        #expect(try place.run("export", "--format", "jsonl", "--to", "all.jsonl").status == 0)
        #expect(try place.run("export", "--format", "csv", "--to", "no/such/folder.csv").status == 2)
        // A folder cannot be written over, and nothing half done is left beside it.
        place.makeFolder("folder")
        #expect(try place.run("export", "--format", "jsonl", "--to", "folder").status == 2)
        #expect(try place.files(below: ".") == [place.absolute("./all.jsonl")])
    }

    @Test("the tree is what the earlier tool wrote, and imports again to equal ids")
    func tree() throws {
        let place = try Workplace.readingSamples()
        let answer = try place.run("export", "--format", "tree", "--to", "tree", "alice", "--board", "main")
        #expect(answer.status == 0, "\(answer)")
        let files = try place.files(below: "tree").filter { $0.hasSuffix(".json") }.sorted()
        #expect(files.count == 4, "\(files)")
        #expect(files.first?.hasSuffix("/20260101_000000.json") == true)
        let document = try JSONValue(parsing: place.bytes(of: files[0]))
        #expect(document.at("metadata", "player")?.string?.lowercased() == "alice")
        #expect(document["data"] != nil)
        let ids = try place.run("log", "main/alice", "--json").lines.map { $0.text("snapshot") }
        let imported = try place.run("import", "tree", "--archive", "copy", "--json")
        #expect(imported.status == 0, "\(imported)")
        #expect(try place.run("log", "alice", "--json", "--archive", "copy").lines.map { $0.text("snapshot") } == ids)
        // Again it writes nothing new.
        #expect(
            try place.run("export", "--format", "tree", "--to", "tree", "alice", "--board", "main", "--json").json[
                "already"]
                == .integer(4))
    }

    @Test("a device is not written to, and the message says that it was to be")
    func device() throws {
        let place = try Workplace.readingSamples()
        let answer = try place.run("export", "--format", "jsonl", "--to", "/dev/full")
        #expect(answer.status == 2 && answer.errorText.contains("cannot write /dev/full"), "\(answer)")
    }
}
