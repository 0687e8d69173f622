import CanonicalJSON
import Testing

/// What goes wrong is said on standard error, in the form that was asked for.
@Suite("Errors and exit codes")
struct ErrorTests {
    private static let keys = ["schema", "code", "exit", "message", "ref", "candidates"]

    @Test("under --json an error is one object with all keys, and standard output is empty")
    func json() throws {
        let place = try Workplace.readingSamples()
        let answer = try place.run("show", "alicia", "--json")
        #expect(answer.status == 20)
        #expect(answer.output.isEmpty)
        #expect(answer.errors.last == 0x0A && answer.errors.count { $0 == 0x0A } == 1)
        let failure = try answer.failure
        #expect(failure.keys == Self.keys)
        #expect(failure["schema"] == .integer(1))
        #expect(failure["exit"] == .integer(20))
        #expect(failure.text("ref") == "alicia")
        #expect(failure["candidates"]?.array?.contains(.text("alice")) == true, "\(answer)")
    }

    @Test(
        "mistakes in how a command is called are 64, as JSON too",
        arguments: [
            ["nonsense"], ["log", "--nonsense"], ["log", "-n", "many"], ["log", "-n", "-1"], ["show"],
            ["show", "a", "b"], ["diff", "alice", "--ignore-ranks"], ["log", "--board", "nonsense"], ["export"],
            ["export", "--format", "tree"], ["log", "alice", "-p", "--oneline"], ["verify", "--expect", "abc"],
            ["stats", "--lock-timeout", "soon"], ["log", "--since", "5m"], ["log", "--until", "sometime"],
            ["tag", "-d", "a", "b"], ["tag", "-f"], ["tag", "-not-a-name", "alice"], ["tag", "a b", "alice"],
            ["capture", "zezima", "--endpoint", "ftp://x"], ["capture", "zezima", "--accounts", "a.json"],
            ["--color", "sometimes", "log"], ["show", "alice@{5m}"], ["show", "nonsense/alice"], ["show", ""],
        ])
    func usage(arguments: [String]) throws {
        let place = try Workplace.readingSamples()
        let plain = try place.run(Program.archive, arguments)
        #expect(plain.status == 64, "\(plain)")
        #expect(plain.output.isEmpty)
        #expect(!plain.errors.isEmpty)
        let json = try place.run(Program.archive, arguments + ["--json"])
        #expect(json.status == 64, "\(json)")
        #expect(json.output.isEmpty)
        #expect(try json.failure.keys == Self.keys)
        #expect(try json.failure["exit"] == .integer(64))
        #expect(try json.failure.text("message")?.isEmpty == false)
    }

    @Test("a time that ends before it begins, and a reason that no tombstone takes, are said to be that")
    func ranges() throws {
        let place = try Workplace.readingSamples()
        for command in [["log"], ["log", "alice", "--failures"], ["export", "--format", "csv"], ["gains"]] {
            let answer = try place.run(
                Program.archive, command + ["--json", "--since", "2026-01-02", "--until", "2026-01-01"])
            #expect(answer.status == 64 && answer.output.isEmpty, "\(answer)")
            #expect(try answer.failure.text("message")?.contains("ends before it begins") == true, "\(answer)")
        }
        // A date is the whole day.
        #expect(try place.run("log", "--since", "2026-01-01", "--until", "2026-01-01").status == 0)
        let reason = String(repeating: "\u{1}", count: 100_000)
        let forget = try place.run("forget", "alice", "--yes", "--json", "--reason", reason)
        #expect(forget.status == 64, "\(forget)")
        #expect(try forget.failure.text("message")?.contains("--reason has 100000 bytes") == true, "\(forget)")
    }

    @Test("a setting that cannot be used is 64 and names where it came from")
    func settings() throws {
        let place = try Workplace.readingSamples()
        let variable = try place.run("stats", environment: ["OSRS_ARCHIVE_NOW": "soon"])
        #expect(variable.status == 64)
        #expect(variable.errorText.contains("OSRS_ARCHIVE_NOW"))
        try place.write("OSRS_ARCHIVE_LOCK_TIMEOUT=soon\n", to: ".env")
        let file = try place.run("stats")
        #expect(file.status == 64)
        #expect(file.errorText.contains("OSRS_ARCHIVE_LOCK_TIMEOUT"))
        #expect(file.errorText.contains(".env"))
    }

    @Test("help and version are data")
    func help() throws {
        let place = Workplace()
        let version = try place.run("--version")
        #expect(version.status == 0 && version.errors.isEmpty)
        #expect(version.text.split(separator: ".").count == 3)
        let help = try place.run("--help")
        #expect(help.status == 0 && help.errors.isEmpty)
        for command in [
            "init", "capture", "import", "export", "log", "show", "cat", "rev-parse", "diff", "players", "tag", "stats",
            "verify", "hash", "scribe", "config",
        ] {
            #expect(help.text.contains("\n  \(command) "), "\(command) is not listed")
            #expect(try place.run(command, "--help").status == 0)
        }
    }

    @Test("-q leaves data, warnings and errors")
    func quiet() throws {
        let place = try Workplace.readingSamples()
        #expect(try place.run("log", "bob").errorText.contains("--failures"))
        let quiet = try place.run("-q", "log", "bob")
        #expect(quiet.status == 0 && quiet.errors.isEmpty)
        #expect(try place.run("-q", "stats").output == place.run("stats").output)
        #expect(try !place.run("-q", "show", "nobody").errors.isEmpty)
    }
}
