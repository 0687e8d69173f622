import CanonicalJSON
import Testing

@Suite("rename, and what follows it")
struct RenameTests {
    /// old: 10 and 20; new: 5 before, 20 and 30 since the 8th; old again: 1, by somebody else.
    private static func place() throws -> Workplace {
        let place = Workplace()
        place.setTime("2026-01-20T00:00:00Z")
        let lines = [("Old", "01", 10), ("Old", "05", 20), ("New", "02", 5), ("New", "08", 20), ("New", "12", 30)].map {
            SampleArchive.line($0, "main", "2026-01-\($1)T00:00:00.000Z", SampleArchive.small($0, xp: $2))
        }
        try place.write(lines.joined(separator: "\n"), to: "lines.jsonl")
        let answer = try place.run("import", "lines.jsonl")
        #expect(answer.status == 0, "\(answer)")
        return place
    }

    private func rows(_ place: Workplace, _ arguments: String...) throws -> [String] {
        let answer = try place.run(Program.archive, ["log", "--json"] + arguments)
        #expect(answer.status == 0, "\(answer)")
        return try answer.lines.map {
            "\($0.text("player") ?? "") \($0.text("captured_at")?.prefix(10).suffix(2) ?? "") \($0.text("outcome") ?? "")"
        }
    }

    @Test("the answer, what is followed, and what is not")
    func follow() throws {
        let place = try Self.place()
        let renamed = try place.run("rename", "Old", "New", "--json")
        #expect(renamed.status == 0, "\(renamed)")
        #expect(
            renamed.text
                == #"{"schema":1,"from":"old","to":"new","effective_at":"2026-01-08T00:00:00.000Z","#
                + #""recorded_at":"2026-01-20T00:00:00.000Z","undone":false,"snapshots_joined":2}"# + "\n")
        #expect(try rows(place, "New") == ["new 12 stored", "new 08 stored", "old 05 stored", "old 01 stored"])
        #expect(try rows(place, "New", "--no-follow") == ["new 12 stored", "new 08 stored", "new 02 stored"])
        #expect(try rows(place).count == 5)
        #expect(try rows(place, "--no-follow").count == 5)
        let old = try place.run("log", "Old", "--json")
        #expect(try old.lines.count == 2)
        #expect(old.errorText.contains("old is now new since 2026-01-08 00:00:00 UTC"))
        for command in ["show", "cat", "rev-parse"] {
            let followed = try place.run(command, "New@{first}")
            let named = try place.run(command, "--no-follow", "New@{first}")
            #expect(followed.status == 0 && named.status == 0, "\(followed)\(named)")
            #expect(followed.text != named.text, "\(command)")
        }
        let diff = try place.run("diff", "New@{2026-01-05}", "New", "--stat")
        #expect(diff.text.hasPrefix("New on main, 2026-01-05"), "\(diff)")
        let apart = try place.run("diff", "--no-follow", "Old", "New", "--stat")
        #expect(apart.text.hasPrefix("New on main relative to Old on main"), "\(apart)")
        let gains = try place.run("gains", "--json", "--since", "2026-01-05T00:00:00Z")
        #expect(try gains.lines.map { $0.text("player") } == ["new"])
        #expect(try gains.lines.first?.count("gained") == 10)
        let byName = try place.run("gains", "--json", "--since", "2026-01-05T00:00:00Z", "--no-follow")
        #expect(try byName.lines.map { $0.count("gained") } == [25, 0])
        #expect(try place.run("verify").status == 0)
    }

    @Test("undone, all is as before; the moment can be said, a date means its beginning")
    func undo() throws {
        let place = try Self.place()
        let before = try rows(place, "New")
        #expect(try place.run("rename", "Old", "New", "--at", "2026-01-06").status == 0)
        #expect(try place.run("rename", "Old", "New", "--at", "2026-01-06").status == 2)
        let undone = try place.run("--json", "rename", "Old", "New", "--undo")
        #expect(try undone.json["undone"] == .bool(true))
        #expect(try undone.json.text("effective_at") == "2026-01-06T00:00:00.000Z")
        #expect(try rows(place, "New") == before)
        #expect(try place.run("rename", "Old", "New", "--undo").status == 20)
    }

    @Test("what cannot be is refused with its code")
    func refused() throws {
        let place = try Self.place()
        func code(_ arguments: String...) throws -> String {
            let answer = try place.run(Program.archive, ["rename", "--json"] + arguments)
            return "\(try answer.failure.text("code") ?? "") \(answer.status)"
        }
        #expect(try code("Old", "oLD ") == "usage 64")
        #expect(try code("main/Old", "New") == "usage 64")
        #expect(try code("Nobody", "New") == "player_not_found 20")
        #expect(try code("Old", "far too long a name") == "bad_player_name 64")
        #expect(try code("Old", "New", "--at", "soon") == "malformed_ref 64")
        #expect(try code("Old", "New", "--at", "2026-01-21") == "usage 64")
        // Captured before the other alone: nobody can tell when it was.
        #expect(try code("New", "Old") == "rename_moment_unknown 64")
        #expect(try place.run("rename", "Old", "New").status == 0)
        #expect(try code("Old", "New") == "rename_exists 2")
        #expect(try code("Old", "Other", "--at", "2026-01-08") == "rename_conflict 2")
        #expect(try code("New", "Old", "--at", "2026-01-08") == "rename_conflict 2")
    }

    @Test("a link that joins nothing is warned of, and kept")
    func nothing() throws {
        let place = try Self.place()
        let answer = try place.run("rename", "Old", "New", "--at", "2025-01-01")
        #expect(answer.status == 0 && answer.errorText.contains("nothing is joined"), "\(answer)")
    }
}
