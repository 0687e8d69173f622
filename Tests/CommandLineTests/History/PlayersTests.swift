import CanonicalJSON
import Testing

@Suite("players, stats and tags")
struct PlayersTests {
    @Test("players lists who has snapshots, with --all failed names too")
    func players() throws {
        let place = try Workplace.readingSamples()
        let some = try place.run("players", "--json").lines
        #expect(some.map { $0.text("player") } == ["alice", "carol", "dave"])
        let all = try place.run("players", "--all", "--json").lines
        #expect(all.map { $0.text("player") } == ["alice", "bob", "carol", "dave"])
        for line in all {
            #expect(line.keys == ["schema", "player", "display_name", "boards"])
            for board in line["boards"]?.array ?? [] {
                #expect(board.keys == ["board", "observations", "snapshots", "first", "last_ok", "last_failure"])
            }
        }
        let alice = all[0]["boards"]?.array?.first { $0.text("board") == "main" }
        #expect(alice?["observations"] == .integer(5) && alice?["snapshots"] == .integer(3))
        #expect(alice?.text("first") == "2026-01-01T00:00:00.000Z")
        #expect(alice?.text("last_ok") == "2026-01-06T00:00:00.000Z")
        #expect(alice?["last_failure"]?.keys == ["at", "outcome"])
        #expect(alice?.at("last_failure", "outcome") == .text("unavailable"))
        let bob = all[1]["boards"]?.array?.first
        #expect(bob?["last_ok"] == .null && bob?.at("last_failure", "outcome") == .text("throttled"))
        let table = try place.run("players").text
        #expect(table.contains("alice") && !table.contains("bob"))
        #expect(try place.run("players", "--all").text.contains("bob"))
    }

    @Test("stats counts distinct ids, and its bytes are those of the folder")
    func stats() throws {
        let place = try Workplace.readingSamples()
        let json = try place.run("stats", "--json").json
        #expect(
            json.keys == [
                "schema", "players", "observations", "snapshots", "bytes_total", "packs", "loose_objects", "head",
            ])
        // Who has snapshots.
        #expect(json["players"] == .integer(3))
        #expect(json["observations"] == .integer(13))
        #expect(json["snapshots"] == .integer(9))
        #expect(json["loose_objects"] == .integer(9) && json["packs"] == .integer(0))
        #expect(json.text("head")?.utf8.count == 64)
        let sizes = try place.run(
            "/usr/bin/find", [try SampleArchive.shared.get().path, "-type", "f", "-printf", "%s\\n"])
        let total = sizes.text.split(separator: "\n").compactMap { Int64($0) }.reduce(0, +)
        #expect(json["bytes_total"] == .integer(total))
        #expect(try place.run("stats").text.contains(json.text("head") ?? "?"))
    }

    @Test("a tag is set, kept, moved with -f, listed and deleted")
    func tags() throws {
        let place = Workplace()
        try place.run("import", "-", input: SampleArchive.lines.joined(separator: "\n"))
        let set = try place.run("tag", "start", "alice@{first}", "--json")
        #expect(set.status == 0, "\(set)")
        let line = try set.json
        #expect(line.keys == ["schema", "name", "snapshot", "board", "player", "captured_at"])
        #expect(line.text("name") == "start" && line.text("captured_at") == "2026-01-01T00:00:00.000Z")
        #expect(try place.run("rev-parse", "start").text.dropLast() == line.text("snapshot") ?? "")
        // The same again is nothing new; another moment needs -f.
        #expect(try place.run("tag", "start", "alice@{first}").status == 0)
        let refused = try place.run("tag", "start", "alice", "--json")
        #expect(refused.status == 2)
        #expect(try refused.failure.text("code") == "tag_exists")
        #expect(try place.run("rev-parse", "start", "--json").json.text("captured_at") == line.text("captured_at"))
        #expect(try place.run("tag", "-f", "start", "alice").status == 0)
        #expect(try place.run("rev-parse", "start~1", "--json").json.text("captured_at") == "2026-01-03T00:00:00.000Z")
        try place.run("tag", "also", "carol")
        #expect(try place.run("tag", "--json").lines.map { $0.text("name") } == ["also", "start"])
        #expect(try place.run("tag", "also", "--json").lines.count == 1)
        #expect(try place.run("tag").text.contains("start"))
        #expect(try place.run("tag", "-d", "start").status == 0)
        #expect(try place.run("tag", "-d", "start").status == 20)
        #expect(try place.run("rev-parse", "start").status == 20)
        #expect(try place.run("tag", "nothing", "--json").failure["candidates"] == .array([.text("also")]))
        #expect(try place.run("tag", "x", "bob").status == 20)
        // A tag stays where it was put when newer snapshots come.
        let newer = SampleArchive.line(
            "Carol", "ironman", "2026-02-01T00:00:00Z", SampleArchive.small("Carol", xp: 99))
        try place.run("import", "-", input: newer)
        #expect(try place.run("rev-parse", "also", "--json").json.text("captured_at") == "2026-01-05T00:00:00.000Z")
        #expect(try place.run("verify").status == 0)
    }
}
