import CanonicalJSON
import Testing

/// Which folder is the archive, and who makes one.
@Suite("The archive's folder")
struct ArchiveFolderTests {
    @Test("flag, OSRS_ARCHIVE_DIR, DATA_PATH, .env, project file, ./archive: the first that is given counts")
    func precedence() throws {
        let place = Workplace()
        func expect(_ name: String, _ arguments: String...) throws {
            let answer = try place.run(Program.archive, arguments + ["init"])
            #expect(answer.status == 0, "\(answer)")
            #expect(place.has("\(name)/config.json"), "\(name) was not made: \(answer)")
            #expect(answer.errorText.contains("created archive at \(place.absolute(name))"), "\(answer)")
        }
        try expect("archive")
        try place.write(#"{"archive_dir":"from-project"}"#, to: "config/project.json")
        try expect("from-project")
        try place.write("DATA_PATH=from-env-file-path\n", to: ".env")
        try expect("from-env-file-path")
        try place.write("DATA_PATH=other\nOSRS_ARCHIVE_DIR=from-env-file\n", to: ".env")
        try expect("from-env-file")
        place.environment["DATA_PATH"] = "from-variable-path"
        try expect("from-variable-path")
        place.environment["OSRS_ARCHIVE_DIR"] = "from-variable"
        try expect("from-variable")
        try expect("from-flag", "--archive", "from-flag")
        #expect(!place.has("other"))
    }

    @Test("options that every command takes stand before or behind the command")
    func globalOptions() throws {
        let place = Workplace()
        #expect(try place.run("--archive", "a", "-q", "--json", "init").json.text("path") == place.absolute("a"))
        #expect(try place.run("--archive=a", "--json", "stats").json.keys.first == "schema")
        #expect(try place.run("stats", "--json", "--archive", "a").json.keys.first == "schema")
        #expect(try place.run("--color", "never", "--lock-timeout", "1", "stats", "--archive", "a").status == 0)
        #expect(try place.run("--json", "config", "show", "-q", "--archive", "a").lines.count > 5)
    }

    @Test("before a group of commands they are taken as well; without one of the group's commands that is what is said")
    func groups() throws {
        let place = Workplace()
        for (arguments, words) in [
            (["--json", "backup"], ["a command of `backup` is missing", "keygen"]),
            (["--archive", "x", "key"], ["a command of `key` is missing", "passwd"]),
            (["config", "-q"], ["a command of `config` is missing", "show"]),
            (["--archive=x", "accounts", "lst"], ["`accounts lst` is no command", "did you mean list"]),
        ] {
            let answer = try place.run(Program.archive, arguments)
            #expect(answer.status == 64 && answer.output.isEmpty, "\(answer)")
            for word in words { #expect(answer.errorText.contains(word), "\(answer)") }
            #expect(!answer.errorText.contains("Unknown option"), "\(answer)")
        }
        for arguments in [["--json", "help", "diff"], ["-q", "backup", "--help"], ["help", "backup"], ["backup"]] {
            let answer = try place.run(Program.archive, arguments)
            #expect(answer.status == 0 && answer.text.contains("USAGE: "), "\(answer)")
        }
    }

    @Test("init answers with the archive's id and folder, and refuses to make a second one")
    func initialise() throws {
        let place = Workplace()
        let made = try place.run(
            "init", "--json", environment: ["OSRS_ARCHIVE_NOW": "2026-01-02T03:04:05.000Zx0.000001"])
        let json = try made.json
        #expect(json.keys == ["schema", "archive", "path", "created_at", "encrypted"])
        #expect(json.text("created_at") == "2026-01-02T03:04:05.000Z")
        #expect(json["encrypted"] == .bool(false))
        #expect(made.errorText == "created archive at \(place.absolute("archive"))\n")
        let again = try place.run("init", "--json")
        #expect(again.status == 2)
        #expect(try again.failure.text("code") == "archive_exists")
        #expect(again.output.isEmpty)
    }

    @Test("a folder with other things in it is left alone; a README and an ignore file do not count")
    func otherContents() throws {
        let place = Workplace()
        for name in ["README.md", "readme", ".gitignore", ".stignore"] { try place.write("x", to: "welcome/\(name)") }
        #expect(try place.run("init", "--archive", "welcome").status == 0)
        try place.write("x", to: "taken/notes.txt")
        for command in [
            ["init"], ["capture", "zezima", "--retries", "0", "--endpoint", "http://127.0.0.1:9"],
            ["import", "taken/notes.txt"],
        ] {
            let answer = try place.run(Program.archive, command + ["--archive", "taken", "--json"])
            #expect(answer.status == 10, "\(answer)")
            #expect(answer.output.isEmpty)
            #expect(try answer.failure.text("code") == "folder_not_empty")
        }
        #expect(try place.files(below: "taken") == [place.absolute("taken/notes.txt")])
    }

    @Test(
        "commands that only look at an archive never make one",
        arguments: [
            ["log"], ["log", "zezima"], ["show", "zezima"], ["cat", "zezima"], ["rev-parse", "zezima"],
            ["diff", "zezima"], ["players"], ["tag"], ["stats"], ["verify"], ["export", "--format", "jsonl"],
            ["capture", "zezima", "--no-create"], ["import", "-", "--no-create"],
        ])
    func noArchive(command: [String]) throws {
        let place = Workplace()
        let answer = try place.run(Program.archive, command + ["--json"])
        #expect(answer.status == 10, "\(answer)")
        #expect(answer.output.isEmpty)
        #expect(try answer.failure.text("code") == "no_archive")
        #expect(try answer.failure.text("message")?.contains(place.absolute("archive")) == true)
        #expect(!place.has("archive"))
    }

    @Test("import and capture make the archive that is missing, and say so")
    func made() throws {
        let place = Workplace()
        let line = SampleArchive.line("Zezima", "main", "2026-01-01T00:00:00Z", SampleArchive.small("Zezima", xp: 1))
        let imported = try place.run("import", "-", input: line)
        #expect(imported.status == 0, "\(imported)")
        #expect(imported.errorText.contains("created archive at \(place.absolute("archive"))\n"))
        let captured = try place.run(
            "capture", "zezima", "--archive", "b/c", "--retries", "0", "--endpoint", "http://127.0.0.1:9")
        #expect(captured.status == 21)
        #expect(captured.errorText.contains("created archive at \(place.absolute("b/c"))\n"))
        let quiet = try place.run("-q", "import", "-", "--archive", "d", input: line)
        #expect(quiet.status == 0 && !quiet.errorText.contains("created"), "\(quiet)")
    }
}
