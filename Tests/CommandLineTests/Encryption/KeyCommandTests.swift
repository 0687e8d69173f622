import CanonicalJSON
import Glibc
import Testing

@Suite("Keys of an encrypted archive")
struct KeyCommandTests {
    private let place = Workplace()

    init() throws {
        place.environment["OSRS_ARCHIVE_SCRIBE"] = "off"
        try place.encrypt()
        #expect(try place.run("import", "-", input: SampleArchive.lines[0]).status == 0)
    }

    private func refusal(_ answer: Answer) throws -> String? {
        #expect(answer.status == 13, "\(answer)")
        return try answer.failure.text("code")
    }

    @Test("without the key, with a wrong one, or with one for a plain archive every command ends with 13")
    func refused() throws {
        #expect(try place.run("backup", "keygen", "other.key").status == 0)
        try place.write("nothing\n", to: "broken.key")
        try place.write(SampleArchive.lines[1], to: "lines.jsonl")
        let before = try place.bytes(of: "archive/journal")
        for command in [
            ["log"], ["show", "alice"], ["diff", "alice"], ["stats"], ["verify"], ["gc"], ["import", "lines.jsonl"],
            ["capture", "alice"], ["players"], ["tag", "x", "alice"], ["key", "recovery"],
            ["reencrypt", "--to", "new", "--plain"],
            ["verify", "--quick", "--expect", String(repeating: "0", count: 64)],
        ] {
            let none = try place.run(
                Program.archive, command + ["--json"], environment: ["OSRS_ARCHIVE_KEY_FILE": ""])
            #expect(try refusal(none) == "key_needed", "\(none)")
            let broken = try place.run(
                Program.archive, command + ["--json"], environment: ["OSRS_ARCHIVE_KEY_FILE": "broken.key"])
            #expect(try refusal(broken) == "bad_key", "\(broken)")
        }
        let message = try place.run("stats", environment: ["OSRS_ARCHIVE_KEY_FILE": "broken.key"]).errorText
        #expect(message.contains("its code has 1 groups, not 14"), "\(message)")
        #expect(try place.run("--archive", "second", "init", "--encrypt", "--key-file", "second.key").status == 0)
        let wrong = try place.run("stats", "--json", environment: ["OSRS_ARCHIVE_KEY_FILE": "second.key"])
        #expect(try refusal(wrong) == "wrong_key")
        #expect(try place.bytes(of: "archive/journal") == before && !place.has("new"))

        #expect(try place.runLocked("--archive", "plain", "init").status == 0)
        for command in [["stats"], ["import", "lines.jsonl"], ["capture", "alice"], ["verify", "--quick"], ["init"]] {
            for folder in ["plain", "nothing"]
            where folder == "plain" || ["capture", "import", "init"].contains(command[0]) {
                let answer = try place.run(Program.archive, ["--archive", folder, "--json"] + command)
                if command == ["init"], folder == "plain" {
                    #expect(answer.status == 2)
                } else {
                    #expect(try refusal(answer) == "plain_archive", "\(answer)")
                }
            }
        }
        #expect(!place.has("nothing"))
        #expect(try refusal(place.runLocked("--archive", "plain", "key", "list", "--json")) == "plain_archive")
    }

    @Test("a file for a key or passphrase that is missing or no file ends with 13, and who named it is said")
    func missingFiles() throws {
        place.makeFolder("folder")
        for path in ["nowhere/own.key", "folder"] {
            for (variable, arguments) in [
                ("OSRS_ARCHIVE_KEY_FILE", ["stats"]), ("OSRS_ARCHIVE_KEY_FILE", ["key", "recovery"]),
                ("OSRS_ARCHIVE_PASSWORD_FILE", ["log"]),
                ("OSRS_BACKUP_PASSWORD_FILE", ["backup", "create", "--to", "disk", "--passphrase", "--parity", "0"]),
                ("--identity", ["backup", "verify", "--from", "folder", "--identity", path]),
                ("--new-password-file", ["key", "add", "--new-password-file", path]),
            ] {
                var environment: [String: String] = [:]
                if variable == "OSRS_ARCHIVE_PASSWORD_FILE" { environment["OSRS_ARCHIVE_KEY_FILE"] = "" }
                if !variable.hasPrefix("-") { environment[variable] = path }
                let answer = try place.run(Program.archive, arguments + ["--json"], environment: environment)
                #expect(try refusal(answer) == "key_needed", "\(answer)")
                let message = try #require(try answer.failure.text("message"))
                #expect(message.contains("which \(variable) names") && message.contains(path), "\(message)")
                #expect(message.contains(path == "folder" ? "not a regular file" : "put it back"), "\(message)")
            }
        }
        #expect(!place.has("disk"))
        let home = try place.run("stats", environment: ["OSRS_ARCHIVE_KEY_FILE": "~/own.key"])
        #expect(home.status == 13 && home.errorText.contains("write the whole path"), "\(home)")
    }

    @Test("slots: list, add, remove, the last one, a recovery code with and without a slip, a new passphrase")
    func slots() throws {
        let first = try #require(try place.slots().first)
        #expect(try place.slots().count == 1 && first.kind == "key_file")
        let last = try place.run("key", "remove", first.id, "--json")
        #expect(try last.status == 2 && last.failure.text("code") == "last_key_slot")
        let unknown = try place.run("key", "remove", "zz", "--json")
        #expect(try unknown.status == 20 && unknown.failure.text("code") == "ref_not_found")

        let added = try place.run("key", "add", "--key-file", "second.key", "--json")
        #expect(
            try added.json.keys == ["schema", "id", "kind", "scrypt_n", "scrypt_r", "scrypt_p", "recovery_code"],
            "\(added)")
        #expect(try place.run("/usr/bin/stat", ["-c", "%a", "second.key"]).text == "600\n")
        let ambiguous = try place.run("key", "remove", "", "--json")
        #expect(try ambiguous.status == 64 && ambiguous.failure["candidates"]?.array?.count == 2)
        #expect(try refusal(place.run("key", "passwd", "--new-password-file", "none", "--json")) == "wrong_key")

        let code = try #require(try place.run("key", "recovery", "--json").json.text("recovery_code"))
        #expect(try place.runLocked("stats", environment: ["OSRS_ARCHIVE_PASSWORD": code]).status == 0)
        let slip = (code.first == "0" ? "1" : "0") + code.dropFirst()
        let slipped = try place.runLocked("stats", environment: ["OSRS_ARCHIVE_PASSWORD": slip])
        #expect(slipped.status == 13 && slipped.errorText.contains("group 1 is mistyped"), "\(slipped)")

        for digits in 1...3 {
            // One digit may fit several; none of the few removes a slot.
            let short = try place.run("key", "remove", String(first.id.prefix(digits)), "--json")
            #expect(try short.status == 64 && place.slots().count == 3, "\(short)")
        }
        #expect(try place.run("key", "remove", String(first.id.prefix(6))).status == 0)
        #expect(try refusal(place.run("stats", "--json")) == "wrong_key")
        place.environment["OSRS_ARCHIVE_KEY_FILE"] = "second.key"
        #expect(try place.slots().map(\.kind) == ["key_file", "recovery"])
        #expect(try place.run("verify").status == 0)
        #expect(try !place.text(of: "archive/config.json").contains(code))
    }

    @Test("a passphrase from a file is replaced in one step; scrypt is not spared")
    func passphrase() throws {
        try place.write("old words\r\n", to: "old")
        try place.write("new words", to: "new")
        try place.write("\n", to: "empty")
        _ = try place.run("/bin/chmod", ["600", "old", "new", "empty"])
        let added = try place.run("key", "add", "--new-password-file", "old", "--json")
        #expect(try added.json.count("scrypt_n") == 131_072, "\(added)")
        #expect(try refusal(place.run("key", "add", "--new-password-file", "empty", "--json")) == "key_needed")
        let changed = try place.runLocked(
            "key", "passwd", "--new-password-file", "new", "--json", environment: ["OSRS_ARCHIVE_PASSWORD": "old words"]
        )
        #expect(try changed.status == 0 && changed.json.text("kind") == "passphrase", "\(changed)")
        #expect(
            try refusal(place.runLocked("stats", "--json", environment: ["OSRS_ARCHIVE_PASSWORD_FILE": "old"]))
                == "wrong_key")
        #expect(
            try place.runLocked("stats", environment: ["OSRS_ARCHIVE_PASSWORD_COMMAND": "cat new"]).status == 0)
        #expect(
            try refusal(place.runLocked("stats", "--json", environment: ["OSRS_ARCHIVE_PASSWORD_COMMAND": "false"]))
                == "key_needed")
        #expect(try place.slots().map(\.kind) == ["key_file", "passphrase"])
    }

    @Test("a lost or altered config.json names the copy, and nothing makes a plain archive in its place")
    func lostConfiguration() throws {
        try place.write(SampleArchive.lines[1], to: "lines.jsonl")
        let whole = try place.bytes(of: "archive/config.json")
        let journal = try place.bytes(of: "archive/journal")
        for bytes in [
            nil, [], Array(String(decoding: whole, as: UTF8.self).replacing("\"r\":8", with: "\"r\":9").utf8),
        ]
            + [whole.dropLast(40) + whole.suffix(39)]
        {
            unsafe unlink(place.absolute("archive/config.json"))
            if let bytes { try place.write(Array(bytes), to: "archive/config.json") }
            if bytes == whole { continue }
            for key in [nil, ""] {
                let environment = key.map { ["OSRS_ARCHIVE_KEY_FILE": $0] } ?? [:]
                for command in [["stats"], ["import", "lines.jsonl"], ["capture", "alice"], ["gc"], ["key", "list"]] {
                    let answer = try place.run(Program.archive, command, environment: environment)
                    #expect(answer.status == 12 && answer.errorText.contains("config.json.copy"), "\(answer)")
                }
                for command in [["init"], ["init", "--encrypt", "--key-file", "second.key"]] {
                    let answer = try place.run(Program.archive, command, environment: environment)
                    #expect(answer.status == 2, "\(answer)")
                }
            }
            #expect(try place.bytes(of: "archive/journal") == journal)
        }
        #expect(try place.run("/bin/cp", ["archive/config.json.copy", "archive/config.json"]).status == 0)
        #expect(try place.run("verify").status == 0)
    }

    @Test("init takes the key file of the settings; a recovery code for a new passphrase makes a slot that it opens")
    func secrets() throws {
        place.environment["OSRS_ARCHIVE_KEY_FILE"] = "settings.key"
        #expect(try place.run("--archive", "third", "init", "--encrypt").status == 0)
        #expect(try place.run("--archive", "third", "stats").status == 0)

        // The lines of a key file that are no comment are a code.
        let code = String(try place.text(of: "settings.key").split(separator: "\n").last ?? "")
        let words = ["OSRS_ARCHIVE_PASSWORD": code]
        #expect(try place.runLocked("--archive", "fourth", "init", "--encrypt", environment: words).status == 0)
        #expect(try place.runLocked("--archive", "fourth", "stats", environment: words).status == 0)
        #expect(
            try place.runLocked("--archive", "fourth", "key", "list", environment: words).text.contains("recovery code")
        )
    }

    @Test("verify --quick without the key finds damage by names and checksums")
    func lockedVerify() throws {
        #expect(try place.run("gc").status == 0)
        #expect(try place.run("import", "-", input: SampleArchive.lines[3]).status == 0)
        let sound = try place.runLocked("verify", "--quick", "--json")
        #expect(try sound.status == 0 && sound.json["observations"] == .null, "\(sound)")
        let files = try place.files(below: "archive").filter { file in
            ["/packs/", "/objects/", "/journal"].contains { file.contains($0) }
        }
        #expect(files.count == 3)
        for file in files {
            let bytes = try place.bytes(of: file)
            var damaged = bytes
            if file.contains("/objects/") {
                damaged.removeLast(bytes.count - 30)
            } else {
                damaged[bytes.count / 2] ^= 1
            }
            try place.write(damaged, to: file)
            let answer = try place.runLocked("verify", "--quick", "--json")
            #expect(try answer.status == 12 && answer.json["damaged"]?.array?.count == 1, "\(file) \(answer)")
            #expect(try place.run("verify", "--json").status == 12, "\(file)")
            try place.write(bytes, to: file)
        }
        #expect(try place.run("verify").status == 0)
    }
}
