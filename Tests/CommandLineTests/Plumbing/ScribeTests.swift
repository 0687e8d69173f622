import CanonicalJSON
import Testing

@Suite("scribe")
struct ScribeTests {
    private let place = Workplace()
    private let log = "docs/LOG.md"
    private let head = "[2026-03-01 12:00:00 UTC] [Agent: Scribe] [Project: P] "

    init() throws {
        try place.write(
            #"{"project_name":"P","progress_log":"docs/LOG.md","default_emoji":"ℹ️","default_agent":"Scribe"}"#,
            to: "config/project.json")
        place.makeFolder("docs")
        place.setTime("2026-03-01T12:00:00Z")
    }

    /// The entry of a dry run.
    private func entry(_ arguments: String...) throws -> String {
        let answer = try place.run(Program.archive, ["scribe", "--dry-run"] + arguments)
        #expect(answer.status == 0, "\(answer)")
        return String(answer.text.dropLast())
    }

    @Test("an entry has its emoji, time, agent, project, message and facts, and is appended")
    func appended() throws {
        let answer = try place.run("scribe", "it works", "-s", "success", "-m", "k=v", "-m", "k2=v2")
        #expect(answer.status == 0, "\(answer)")
        #expect(try place.text(of: log) == "[✅] \(head)it works | k=v; k2=v2\n")
        #expect(try place.run("scribe", "again").status == 0)
        #expect(try place.text(of: log).split(separator: "\n").last == "[ℹ️] \(head)again")
    }

    @Test("emoji goes before status, status before the default; agent and time as given")
    func parts() throws {
        for (status, emoji) in [
            ("info", "ℹ️"), ("success", "✅"), ("warn", "⚠️"), ("error", "❌"), ("bug", "🐞"), ("plan", "🧭"),
        ] {
            #expect(try entry("x", "--status", status) == "[\(emoji)] \(head)x")
        }
        #expect(try entry("x", "-s", "bug", "-e", "🎯") == "[🎯] \(head)x")
        #expect(try entry("x", "-a", "Me") == "[ℹ️] [2026-03-01 12:00:00 UTC] [Agent: Me] [Project: P] x")
        #expect(try entry("x", "-t", "2020-01-01 00:00:00 UTC").contains("[2020-01-01 00:00:00 UTC]"))
        #expect(try place.run("scribe", "x", "-s", "nonsense").status == 64)
        #expect(!place.has(log))
    }

    @Test("facts: repeated, several after one flag; a word without = ends them and is the message")
    func meta() throws {
        #expect(try entry("done", "-m", "a=1", "-m", "b=2") == "[ℹ️] \(head)done | a=1; b=2")
        #expect(try entry("done", "--meta", "a=1", "b=2") == "[ℹ️] \(head)done | a=1; b=2")
        #expect(try entry("-m", "a=1", "b=2", "done") == "[ℹ️] \(head)done | a=1; b=2")
        #expect(try entry("-m", "a=x=y", "done", "-s", "plan") == "[🧭] \(head)done | a=x=y")
        for arguments in [["-m", "a=1"], [], ["done", "-m", "nonsense"], ["done", "-m", "=x"]] {
            let answer = try place.run(Program.archive, ["scribe", "--json"] + arguments)
            #expect(answer.status != 0 && answer.output.isEmpty, "\(answer)")
        }
    }

    @Test("line breaks become spaces, so a message cannot forge an entry")
    func forged() throws {
        try place.run("scribe", "a\n[✅] [2026-01-01 00:00:00 UTC] forged\r\n", "-m", "k=v\nforged", "-a", "b\nc")
        let text = try place.text(of: log)
        #expect(text.count { $0 == "\n" } == 1)
        #expect(text.contains("k=v forged") && text.contains("[Agent: b c]"))
    }

    @Test("processes that append at the same time lose nothing and mix nothing")
    func together() throws {
        let writers = try (0..<12).map { number in
            try place.start(Program.archive, ["scribe", "entry \(number) " + String(repeating: "x", count: 3000)])
                .process
        }
        for writer in writers { #expect(try writer.wait(seconds: 60) == 0) }
        let lines = try place.text(of: log).split(separator: "\n")
        #expect(lines.count == 12)
        for number in 0..<12 {
            #expect(lines.count { $0.hasSuffix("entry \(number) " + String(repeating: "x", count: 3000)) } == 1)
        }
    }

    @Test("another project file with -c; without one it is an error here, unlike in a capture")
    func projects() throws {
        try place.write(#"{"project_name":"Q","progress_log":"log.md"}"#, to: "other/config/p.json")
        #expect(try place.run("scribe", "x", "-c", "other/config/p.json").status == 0)
        #expect(try place.text(of: "other/log.md").contains("[Project: Q] x"))
        for file in ["absent.json", "docs"] {
            let answer = try place.run("scribe", "x", "-c", file, "--json")
            #expect(answer.status != 0 && answer.output.isEmpty, "\(answer)")
            #expect(try answer.failure.text("message")?.contains(file) == true)
        }
    }
}
