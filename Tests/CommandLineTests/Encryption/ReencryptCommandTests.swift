import CanonicalJSON
import Glibc
import Testing

@Suite("reencrypt, and backups of encrypted archives")
struct ReencryptCommandTests {
    private let place = Workplace()

    init() throws { place.environment["OSRS_ARCHIVE_SCRIBE"] = "off" }

    private func log(_ folder: String, _ key: String) throws -> String {
        let answer = try place.run("--archive", folder, "log", "--json", environment: ["OSRS_ARCHIVE_KEY_FILE": key])
        #expect(answer.status == 0 && !answer.text.isEmpty, "\(answer)")
        return answer.text
    }

    private func copy(_ folder: String, _ key: String, _ arguments: String...) throws -> Answer {
        try place.run(
            Program.archive, ["--archive", folder, "reencrypt", "--json", "--to"] + arguments,
            environment: ["OSRS_ARCHIVE_KEY_FILE": key])
    }

    @Test("from plain to encrypted, to another key, and back, with the same records and head")
    func allWays() throws {
        #expect(try place.run("import", "-", input: SampleArchive.lines.joined(separator: "\n")).status == 0)
        let head = try place.run("stats", "--json").json.text("head")
        for (from, key, arguments, isEncrypted) in [
            ("archive", "", ["first", "--key-file", "first.key"], true),
            ("first", "first.key", ["second", "--key-file", "second.key"], true),
            ("second", "second.key", ["plain", "--plain"], false),
        ] {
            let made = try place.run(
                Program.archive, ["--archive", from, "reencrypt", "--json", "--to"] + arguments,
                environment: ["OSRS_ARCHIVE_KEY_FILE": key])
            #expect(try made.status == 0 && made.json.text("head") == head, "\(made)")
            #expect(try made.json.keys == ["schema", "archive", "path", "encrypted", "records", "head"])
            #expect(try made.json["encrypted"] == .bool(isEncrypted))
        }
        let whole = try log("archive", "")
        for (folder, key) in [("first", "first.key"), ("second", "second.key"), ("plain", "")] {
            #expect(try log(folder, key) == whole)
            #expect(
                try place.run("--archive", folder, "verify", environment: ["OSRS_ARCHIVE_KEY_FILE": key]).status == 0)
        }
        #expect(try place.text(of: "first/config.json") != place.text(of: "second/config.json"))
        #expect(try copy("first", "second.key", "none", "--plain").status == 13)
        #expect(try copy("first", "first.key", "second", "--plain").status == 2, "an archive is not written over")
        unsafe symlink("first", place.absolute("link"))
        for inside in ["first/inside", "second/../first/inside", "link/inside"] {
            #expect(try copy("first", "first.key", inside, "--plain").status == 64, "\(inside)")
        }
        #expect(try copy("link", "first.key", "first/inside", "--plain").status == 64)
        #expect(try copy("first", "first.key", "none", "--plain", "--key-file", "x").status == 64)
        #expect(!place.has("none") && !place.has("first/inside"))
    }

    @Test("the backup of an encrypted archive becomes an encrypted or a plain one, as is said, and nothing unsaid")
    func restore() throws {
        try place.encrypt()
        #expect(try place.run("import", "-", input: SampleArchive.lines.joined(separator: "\n")).status == 0)
        let recipient = try #require(
            try place.run("backup", "keygen", "owner.key", "--json").json.text("public_key"))
        let locked = try place.runLocked("backup", "create", "--to", "disk", "--recipient", recipient, "--parity", "0")
        #expect(locked.status == 13)
        let made = try place.run("backup", "create", "--to", "disk", "--recipient", recipient, "--parity", "0")
        #expect(made.status == 0, "\(made)")
        #expect(!place.has("archive/backup/signing.key"), "its signer follows from the master key")
        #expect(try place.runLocked("backup", "verify", "--from", "disk").status == 0)

        func restore(_ folder: String, _ arguments: String..., key: String = "") throws -> Answer {
            try place.run(
                Program.archive,
                ["backup", "restore", "--from", "disk", "--identity", "owner.key", "--to", folder] + arguments,
                environment: ["OSRS_ARCHIVE_KEY_FILE": key])
        }
        #expect(try restore("new").status == 64 && !place.has("new/config.json"))
        #expect(try restore("new", "--player", "alice").status == 64 && !place.has("new/config.json"))
        #expect(try restore("new", "--encrypt").status == 13 && !place.has("new/config.json"))
        #expect(try restore("new", "--encrypt", "--plain").status == 64)
        #expect(try restore("new", "--encrypt", "--key-file", "new.key").status == 0)
        #expect(try restore("plain", "--plain").status == 0)
        let whole = try log("archive", place.absolute("../own.key"))
        #expect(try log("new", "new.key") == whole && log("plain", "") == whole)
        #expect(try restore("new").status == 13)
        #expect(try restore("new", key: "new.key").status == 0)
        #expect(try restore("new", "--plain", key: "new.key").status == 64, "it is encrypted already")
        #expect(try restore("plain", "--encrypt", "--key-file", "new.key").status == 64, "it is plain already")
        #expect(try restore("plain", key: "new.key").status == 13)
        #expect(try restore("one", "--player", "alice", "--encrypt", "--key-file", "one.key").status == 0)
        #expect(try place.run("--archive", "one", "stats", environment: ["OSRS_ARCHIVE_KEY_FILE": ""]).status == 13)
        #expect(
            try place.run("--archive", "one", "verify", environment: ["OSRS_ARCHIVE_KEY_FILE": "one.key"]).status == 0)
    }

    @Test("with a key set the backup of a plain archive does not become a plain archive in silence")
    func plainBackup() throws {
        #expect(try place.run("import", "-", input: SampleArchive.lines[0]).status == 0)
        let recipient = try #require(
            try place.run("backup", "keygen", "owner.key", "--json").json.text("public_key"))
        #expect(
            try place.run("backup", "create", "--to", "disk", "--recipient", recipient, "--parity", "0").status == 0)
        for arguments in [[], ["--player", "alice"]] {
            let refused = try place.run(
                Program.archive,
                ["backup", "restore", "--from", "disk", "--identity", "owner.key", "--to", "new", "--json"] + arguments,
                environment: ["OSRS_ARCHIVE_KEY_FILE": "some.key"])
            #expect(try refused.status == 13 && refused.failure.text("code") == "plain_archive", "\(refused)")
            #expect(!place.has("new/config.json"))
        }
    }

    /// Makes of a whole copy what a run leaves that is killed before its last step.
    private func unfinish(_ folder: String, isEncrypted: Bool) throws {
        let notice = "An archive is being restored here. Where nobody does so any more, run the same again.\n"
        let configuration = isEncrypted ? try place.bytes(of: "\(folder)/config.json") : []
        try place.write(Array(notice.utf8) + configuration, to: "\(folder)/restore-unfinished")
        for name in ["config.json", "config.json.copy"] { unsafe unlink(place.absolute("\(folder)/\(name)")) }
    }

    @Test("what another key or another archive began is refused, with what lies there and what to do")
    func begunOtherwise() throws {
        #expect(try place.run("import", "-", input: SampleArchive.lines.joined(separator: "\n")).status == 0)
        #expect(try place.run("gc").status == 0)
        #expect(try place.run("--archive", "second", "import", "-", input: SampleArchive.lines[0]).status == 0)
        let recipient = try #require(
            try place.run("backup", "keygen", "owner.key", "--json").json.text("public_key"))
        #expect(
            try place.run("backup", "create", "--to", "disk", "--recipient", recipient, "--parity", "0").status == 0)
        #expect(try copy("archive", "", "new", "--key-file", "new.key").status == 0)
        #expect(try copy("archive", "", "scratch", "--key-file", "other.key").status == 0)
        try unfinish("new", isEncrypted: true)

        func expect(
            _ answer: Answer, _ status: Int32, _ code: String, _ words: String,
            _ line: SourceLocation = #_sourceLocation
        ) throws {
            #expect(
                try answer.status == status && answer.failure.text("code") == code, "\(answer)", sourceLocation: line)
            let message = try answer.failure.text("message") ?? ""
            #expect(
                message.contains(place.absolute("new")) && message.contains(words), "\(message)", sourceLocation: line)
        }
        let restore = ["backup", "restore", "--json", "--from", "disk", "--identity", "owner.key", "--to", "new"]
        for key in [["--encrypt", "--key-file", "other.key"]] {
            try expect(try place.run(Program.archive, restore + key), 13, "wrong_key", "begun under another key")
        }
        try expect(try place.run(Program.archive, restore), 13, "wrong_key", "begun under a key")
        try expect(try copy("archive", "", "new", "--key-file", "other.key"), 13, "wrong_key", "under another key")
        try expect(try copy("archive", "", "new", "--plain"), 13, "wrong_key", "begun under a key")
        try expect(try copy("second", "", "new", "--key-file", "new.key"), 10, "folder_not_empty", "another archive")
        try expect(try copy("second", "", "new", "--key-file", "made.key"), 10, "folder_not_empty", "another archive")
        let missing = try copy("archive", "", "new", "--key-file", "made.key")
        #expect(missing.status == 13 && missing.errorText.contains("which --key-file names"), "\(missing)")
        #expect(!place.has("made.key"))
        try expect(
            try place.run("--archive", "new", "stats", "--json"), 10, "no_archive", "holds a restore or copy")
        try expect(try place.run("--archive", "new", "init", "--json"), 10, "folder_not_empty", "never finished")
        #expect(try copy("archive", "", "new", "--key-file", "new.key").status == 0)

        #expect(try copy("archive", "", "new-plain", "--plain").status == 0)
        try unfinish("new-plain", isEncrypted: false)
        try expect(
            try copy("archive", "", "new-plain", "--key-file", "new.key"), 13, "wrong_key", "begun without a key")
        try expect(try copy("second", "", "new-plain", "--plain"), 10, "folder_not_empty", "another archive")
        #expect(try copy("archive", "", "new-plain", "--plain").status == 0)
    }

    @Test("killed when all was done, the same run again finishes it")
    func almostFinished() throws {
        #expect(try place.run("import", "-", input: SampleArchive.lines.joined(separator: "\n")).status == 0)
        let recipient = try #require(
            try place.run("backup", "keygen", "owner.key", "--json").json.text("public_key"))
        #expect(
            try place.run("backup", "create", "--to", "disk", "--recipient", recipient, "--parity", "0").status == 0)
        let restore = ["backup", "restore", "--json", "--from", "disk", "--identity", "owner.key", "--to"]
        let commands = [
            ["reencrypt", "--json", "--to", "one", "--plain"],
            ["reencrypt", "--json", "--to", "two", "--key-file", "own.key"], restore + ["three"],
            restore + ["four", "--encrypt", "--key-file", "own.key"],
        ]
        for (command, folder) in zip(commands, ["one", "two", "three", "four"]) {
            let whole = try place.run(Program.archive, command)
            #expect(whole.status == 0, "\(whole)")
            let configuration = try place.bytes(of: "\(folder)/config.json")
            try unfinish(folder, isEncrypted: command.contains("own.key"))
            try place.write(configuration, to: "\(folder)/config.json")
            let key = ["OSRS_ARCHIVE_KEY_FILE": command.contains("own.key") ? "own.key" : ""]
            let verified = try place.run("--archive", folder, "verify", environment: key)
            #expect(verified.status == 0 && verified.text.contains("restore-unfinished"), "\(verified)")
            let again = try place.run(Program.archive, command)
            #expect(again.status == 0 && again.text == whole.text, "\(again)")
            #expect(!place.has("\(folder)/restore-unfinished"))
            #expect(place.has("\(folder)/config.json.copy") == command.contains("own.key"))
            #expect(try place.run("--archive", folder, "verify", environment: key).status == 0)
        }
    }

    @Test("a damaged archive is not reencrypted: that would spread what is missing")
    func damaged() throws {
        #expect(try place.run("import", "-", input: SampleArchive.lines[0]).status == 0)
        #expect(try place.run("gc").status == 0)
        let pack = try #require(try place.files(below: "archive/packs").first)
        var bytes = try place.bytes(of: pack)
        bytes[bytes.count / 2] ^= 1
        try place.write(bytes, to: pack)
        let refused = try copy("archive", "", "new", "--key-file", "new.key")
        #expect(
            try refused.status == 12 && refused.failure.text("message")?.contains("to be copied") == true, "\(refused)")
        #expect(!place.has("new/config.json"))
    }

    @Test("kill -9 at any moment of a reencryption leaves a folder that the next run goes on with")
    func killed() throws {
        let lines = (0..<3000).map { number in
            SampleArchive.line(
                "player \(number % 40)", "main",
                "2026-01-\(10 + number / 200)T\(10 + number % 12):\(10 + number % 50):00Z",
                SampleArchive.small("p", xp: number))
        }
        #expect(try place.run("import", "-", input: lines.joined(separator: "\n")).status == 0)
        let head = try place.run("stats", "--json").json.text("head")
        let whole = try seconds { () throws in
            #expect(try copy("archive", "", "whole", "--key-file", "new.key").status == 0)
        }
        var struck = 0
        for part in [0.15, 0.3, 0.5, 0.7, 0.9] {
            let (process, _) = try place.start(
                Program.archive, ["reencrypt", "--to", "new", "--key-file", "new.key"])
            usleep(UInt32(part * whole * 1_000_000))
            process.send(SIGKILL)
            if try process.wait(seconds: 10) == 128 + SIGKILL { struck += 1 }
            if place.has("new/config.json") { break }
        }
        #expect(struck > 0, "it took \(whole) s, and was never killed")
        if !place.has("new/config.json") {
            let other = try copy("archive", "", "new", "--key-file", "other.key")
            #expect([0, 13].contains(other.status), "\(other)")
            if other.status == 13 { #expect(try copy("archive", "", "new", "--key-file", "new.key").status == 0) }
        }
        let key =
            try place.run(
                "--archive", "new", "stats", environment: ["OSRS_ARCHIVE_KEY_FILE": "new.key"]
            ).status == 0
            ? "new.key" : "other.key"
        let verified = try place.run(
            "--archive", "new", "verify", "--json", environment: ["OSRS_ARCHIVE_KEY_FILE": key])
        #expect(try verified.status == 0 && verified.json.text("head") == head, "\(verified)")
    }
}
