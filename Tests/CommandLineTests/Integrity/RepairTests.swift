import CanonicalJSON
import Testing

@Suite("verify --repair and forget")
struct RepairTests {
    private let place = Workplace()

    init() throws {
        try place.run("import", "-", input: SampleArchive.lines.joined(separator: "\n"))
        try place.run("gc")
    }

    /// Turns one bit over in the first block of the only pack, which is of the first player by name.
    private func flipPack() throws -> (file: String, bytes: [UInt8]) {
        let file =
            "archive/packs/"
            + (try #require(try place.files(below: "archive/packs").first)).split(separator: "/").suffix(1).joined()
        var bytes = try place.bytes(of: file)
        bytes[12] ^= 1
        try place.write(bytes, to: file)
        return (file, bytes)
    }

    @Test("a damaged block is gone past with 12 and a warning, repaired, and shown as a gap")
    func repair() throws {
        let (_, bytes) = try flipPack()
        let log = try place.run("log", "--json")
        #expect(log.status == 12, "\(log)")
        #expect(try log.lines.count == 9 && log.errorText.contains("alice on"), "\(log)")
        for command in [["players"], ["stats"], ["export", "--format", "jsonl"]] {
            let answer = try place.run(Program.archive, command)
            // What is asked of the directory alone is all there.
            #expect(command.first != "export" || answer.status == 12, "\(answer)")
            #expect(!answer.output.isEmpty)
        }
        #expect(try place.run("show", "ironman/alice").status == 12)
        #expect(try place.run("show", "carol").status == 0)
        let repaired = try place.run("verify", "--repair", "--json")
        #expect(repaired.status == 0, "\(repaired)")
        let losses = try #require(repaired.json.at("repair", "losses")?.array)
        #expect(losses.count == 1 && losses.first?.text("player") == "alice")
        #expect(try place.run("verify").status == 0)
        #expect(try place.run("log", "alice").text.contains("-- 1 capture of alice on ironman"))
        #expect(try place.run("log", "alice", "--json").errorText.contains("was lost (declared"))
        #expect(try place.run("log", "alice", "--json").status == 0)
        let kept = try #require(try place.files(below: "archive/damaged").first)
        #expect(try place.bytes(of: "archive/damaged/" + kept.split(separator: "/").suffix(1).joined()) == bytes)
        #expect(try place.run("verify", "--repair", "--quick").status == 64)
    }

    @Test("forget says what would go, and removes it with --yes alone")
    func forget() throws {
        let asked = try place.run("forget", "alice")
        #expect(asked.status == 64 && asked.errorText.contains("6 observations of alice"), "\(asked)")
        #expect(try place.run("forget", "nobody_here").status == 20)
        #expect(try place.run("forget", "alice", "--board", "deadman").status == 20)
        #expect(try place.run("forget", "alice", "--at", "2026-01-01", "--yes").status == 64)
        #expect(try place.run("log", "alice").status == 0)
        let done = try place.run("forget", "alice", "--yes", "--reason", "asked to", "--json")
        #expect(done.status == 0, "\(done)")
        #expect(
            try done.json.keys == [
                "schema", "player", "board", "captured_at", "observations", "other_records", "tags", "from", "to",
                "damaged_files",
            ])
        #expect(try done.json["observations"] == .integer(6))
        #expect(try place.run("log", "alice").status == 20)
        #expect(try place.run("verify", "--json").json["observations"] == .integer(7))
        let last = try place.run("forget", "bob", "--yes").text
        #expect(last.hasSuffix("backups and copies made before still hold it\n"))
    }
}
