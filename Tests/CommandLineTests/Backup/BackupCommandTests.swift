import CanonicalJSON
import Glibc
import Testing

@Suite("backup")
struct BackupCommandTests {
    private let place = Workplace()

    /// Whether a program or a module of Python's is installed.
    static func works(_ command: String) -> Bool { unsafe system("\(command) >/dev/null 2>&1") == 0 }
    static let hasParity = works("command -v par2")
    static let hasCryptography = works("/usr/bin/env python3 -c 'import cryptography'")

    private func importSome(_ day: Int, _ count: Int = 30) throws {
        let lines = (0..<count).map { number in
            SampleArchive.line(
                number % 2 == 0 ? "alice" : "bob", "main", "2026-01-\(10 + day)T10:\(10 + number):00Z",
                SampleArchive.small("Alice", xp: day * 100 + number))
        }
        #expect(try place.run("import", "-", input: lines.joined(separator: "\n")).status == 0)
    }

    private func key() throws -> String {
        let made = try place.run("backup", "keygen", "owner.key", "--json")
        #expect(made.status == 0, "\(made)")
        #expect(try made.json.keys == ["schema", "file", "public_key", "id"])
        return try #require(try made.json.text("public_key"))
    }

    private static let listKeys = [
        "schema", "bundle", "sequence", "created_at", "bytes", "observations", "snapshots", "from", "to", "full",
        "recipients", "parity_percent", "complete",
    ]

    @Test("from keygen to restore, with the shapes of the contract")
    func wholeWay() throws {
        let key = try key()
        try importSome(0)
        let made = try place.run("backup", "create", "--to", "disk", "--recipient", key, "--parity", "0", "--json")
        #expect(made.status == 0, "\(made)")
        #expect(try made.json.keys == Self.listKeys + ["created", "head", "signer"])
        #expect(try made.json["created"] == .bool(true) && made.json.count("observations") == 30)
        try importSome(1)
        let second = try place.run("backup", "create", "--to", "disk", "--recipient", key, "--parity", "0", "--json")
            .json
        #expect(second["full"] == .bool(false) && second.count("sequence") == 2)
        let third = try place.run("backup", "create", "--to", "disk", "--recipient", key, "--parity", "0", "--json")
            .json
        #expect(third["created"] == .bool(false) && third.text("head") == second.text("head"))

        let list = try place.run("backup", "list", "--from", "disk", "--json")
        #expect(list.status == 0)
        #expect(try list.lines.map(\.keys) == [Self.listKeys, Self.listKeys])
        #expect(try list.lines.allSatisfy { $0["observations"] == .null && $0["from"] == .null })
        let opened = try place.run("backup", "list", "--from", "disk", "--identity", "owner.key", "--json").lines
        #expect(opened.map { $0.count("observations") } == [30, 30])
        #expect(opened[0].text("from") == "2026-01-10T10:10:00.000Z")

        let head = try #require(second.text("head"))
        let signer = try #require(second.text("signer"))
        let verified = try place.run(
            "backup", "verify", "--from", "disk", "--identity", "owner.key", "--expect", head, "--signer", signer,
            "--json")
        #expect(verified.status == 0, "\(verified)")
        #expect(
            try verified.json.keys == [
                "schema", "ok", "bundles", "checked", "opened", "observations", "chains", "damaged", "notes",
            ])
        #expect(try verified.json["notes"] == .array([]))
        let wrong = String(repeating: "0", count: 64)
        #expect(try place.run("backup", "verify", "--from", "disk", "--expect", wrong).status == 12)

        let restored = try place.run(
            "backup", "restore", "--from", "disk", "--to", "new", "--identity", "owner.key", "--json")
        #expect(restored.status == 0, "\(restored)")
        let own = try place.run("stats", "--json").json
        let copy = try place.run("--archive", "new", "stats", "--json").json
        for name: JSONText in ["head", "observations", "snapshots", "players"] { #expect(own[name] == copy[name]) }
        #expect(try place.run("--archive", "new", "log", "--json").text == place.run("log", "--json").text)
        #expect(try place.run("--archive", "new", "verify").status == 0)
        let drill = ["backup", "drill", "--from", "disk", "--identity", "owner.key"]
        #expect(try place.run(Program.archive, drill + ["--signer", signer]).status == 0)

        let other = try #require(
            try place.run(
                "backup", "create", "--archive", "new", "--to", "other", "--recipient", key, "--parity", "0", "--json"
            ).json.text("signer"))
        let restore = ["backup", "restore", "--from", "disk", "--to", "refused", "--identity", "owner.key"]
        for command in [drill, restore] {
            let refused = try place.run(Program.archive, command + ["--signer", other, "--json"])
            #expect(try refused.status == 12 && refused.failure.text("code") == "corrupt", "\(refused)")
            #expect(try refused.failure.text("message")?.contains(signer) == true)
            #expect(try place.run(Program.archive, command + ["--signer", "x"]).status == 64)
        }
        #expect(!place.has("refused"))
        #expect(try place.run(Program.archive, restore + ["--signer", other, "--signer", signer]).status == 0)

        let one = try place.run(
            "backup", "restore", "--from", "disk", "--to", "bob", "--player", "Bob", "--identity", "owner.key", "--json"
        )
        #expect(try one.status == 0 && one.json.count("added") == 30, "\(one)")
        #expect(try place.run("--archive", "bob", "players", "--json").lines.count == 1)
        #expect(
            try place.run(
                "backup", "restore", "--from", "disk", "--to", "bob", "--player", "Nobody", "--identity", "owner.key"
            ).status == 20)
    }

    @Test("the capture machine has no secret: without the key there is no way in")
    func keys() throws {
        let key = try key()
        try importSome(0)
        #expect(try place.run("backup", "create", "--to", "disk", "--recipient", key, "--parity", "0").status == 0)
        #expect(try place.run("backup", "create", "--to", "disk", "--parity", "0").status == 64)
        #expect(try place.run("backup", "create", "--to", "disk", "--recipient", key + "0").status == 64)
        #expect(try place.run("backup", "create", "--to", "disk", "--passphrase", "--parity", "0").status == 13)
        let shut = try place.run("backup", "restore", "--from", "disk", "--to", "new", "--json")
        #expect(try shut.status == 13 && shut.failure.text("code") == "key_needed")
        #expect(!place.has("new/config.json"))
        #expect(try place.run("backup", "keygen", "other.key").status == 0)
        #expect(try place.run("backup", "keygen", "other.key").status == 2, "it is not written over")
        let other = try place.run("backup", "verify", "--from", "disk", "--identity", "other.key", "--json")
        #expect(try other.status == 13 && other.failure.text("code") == "wrong_key")
        #expect(try place.run("backup", "verify", "--from", "disk").status == 0)
        #expect(
            try place.run("/usr/bin/stat", ["-c", "%a", "owner.key", "archive/backup/signing.key"]).text == "600\n600\n"
        )
        #expect(try place.run("backup", "list", "--from", "nowhere").status == 10)
        #expect(try place.run("verify").status == 0, "the archive is as it was")
    }

    @Test("a passphrase from the environment, a file and a command")
    func passphrases() throws {
        try importSome(0)
        let words = ["OSRS_BACKUP_PASSWORD": "correct horse"]
        let made = try place.run(
            "backup", "create", "--to", "disk", "--passphrase", "--parity", "0", environment: words)
        #expect(made.status == 0, "\(made)")
        try place.write("correct horse\n", to: "words")
        for environment in [
            words, ["OSRS_BACKUP_PASSWORD_FILE": "words"], ["OSRS_BACKUP_PASSWORD_COMMAND": "cat words"],
        ] {
            #expect(
                try place.run("backup", "verify", "--from", "disk", environment: environment).text.contains("1 opened"))
        }
        #expect(
            try place.run("backup", "verify", "--from", "disk", environment: ["OSRS_BACKUP_PASSWORD": "x"]).status == 13
        )
        #expect(
            try place.run("backup", "verify", "--from", "disk", environment: ["OSRS_BACKUP_PASSWORD_COMMAND": "false"])
                .status == 13)
    }

    @Test(
        "restore.py alone gives back every record and snapshot",
        .enabled(if: hasCryptography, "Python has no package cryptography"))
    func withoutTheProgram() throws {
        place.environment["PATH"] = unsafe getenv("PATH").map { unsafe String(cString: $0) }
        let key = try key()
        try importSome(0)
        let words = ["OSRS_BACKUP_PASSWORD": "correct horse"]
        func create() throws -> Int32 {
            try place.run(
                "backup", "create", "--to", "disk", "--recipient", key, "--passphrase", "--parity", "0",
                environment: words
            ).status
        }
        #expect(try create() == 0)
        #expect(try place.run("gc").status == 0)
        try importSome(1)
        #expect(try place.run("tag", "before", "alice").status == 0)
        #expect(try create() == 0)
        #expect(try place.run("forget", "bob", "--yes").status == 0)
        try importSome(2, 4)
        #expect(try create() == 0)

        try place.write("correct horse\n", to: "words")
        let log = try place.run("log", "--json").lines
        for (options, output) in [(["--identity", "owner.key"], "one"), (["--password-file", "words"], "two")] {
            let done = try place.run(
                "/usr/bin/env", ["python3", "disk/restore.py"] + options + ["--to", output, "disk"])
            #expect(done.status == 0, "\(done)")
            let records = try place.bytes(of: "\(output)/records.jsonl").split(separator: 0x0A)
            // Beside the observations a tag and a tombstone.
            #expect(records.count == log.count + 2)
            for line in log {
                let id = try #require(line.text("snapshot"))
                let document = try place.bytes(of: "\(output)/snapshots/\(id).json")
                #expect(try place.run("hash", "-", input: String(decoding: document, as: UTF8.self)).text.hasPrefix(id))
            }
            let ids = try records.map { record in
                try place.run(
                    Program.archive, ["hash", "-"], input: Array(record)
                ).text.prefix(64)
            }
            #expect(Set(log.compactMap { $0.text("record") }).isSubset(of: Set(ids.map { String($0) })))
            #expect(
                try !place.text(of: "\(output)/records.jsonl").contains(#""player":"bob","result":"ok","snapshot""#))
        }
        #expect(try place.run("/usr/bin/env", ["python3", "disk/restore.py", "--to", "x", "disk"]).status == 13)
        let verified = try place.run("backup", "verify", "--from", "disk", "--json").json
        let signer = try #require(verified["chains"]?.array?.first?.text("signer"))
        try importSome(3)
        #expect(try place.run("--archive", "mine", "init").status == 0)
        let mine = try place.run(
            "--archive", "mine", "backup", "create", "--to", "mine-disk", "--recipient", key, "--parity", "0", "--json")
        let other = try #require(try mine.json.text("signer"))
        for (given, status) in [(signer, 0), (other, 12), ("x", 1)] as [(String, Int32)] {
            let done = try place.run(
                "/usr/bin/env",
                ["python3", "disk/restore.py", "--identity", "owner.key", "--signer", given, "--to", "y", "disk"])
            #expect(done.status == status, "\(done)")
        }
    }

    @Test(
        "restore.py forgets what another chain forgot, and goes on behind either of two bundles of a number",
        .enabled(if: hasCryptography, "Python has no package cryptography"))
    func severalHistoriesWithoutTheProgram() throws {
        place.environment["PATH"] = unsafe getenv("PATH").map { unsafe String(cString: $0) }
        let key = try key()
        func create(_ archive: String, to folder: String = "disk") throws {
            let done = try place.run(
                "--archive", archive, "backup", "create", "--to", folder, "--recipient", key, "--parity", "0")
            #expect(done.status == 0, "\(done)")
        }
        func restored(_ output: String) throws -> String {
            let done = try place.run(
                "/usr/bin/env", ["python3", "disk/restore.py", "--identity", "owner.key", "--to", output, "disk"])
            #expect(done.status == 0, "\(done)")
            return try place.text(of: "\(output)/records.jsonl")
        }
        try importSome(0)
        try create("archive")
        // Two copies write number 2 at once, each to a disk of its own, which are put together.
        try place.run("/bin/cp", ["-r", "archive", "copy"])
        try place.run("/bin/cp", ["-r", "disk", "other"])
        try importSome(1)
        try create("archive", to: "other")
        try importSome(2)
        try create("archive")
        try place.run("/bin/sh", ["-c", "cp other/*.bundle disk"])
        let both = try restored("one")
        #expect(both.split(separator: "\n").count == 90 && both.contains(#""player":"bob""#))
        // The copy has a history of its own from there on, and forgets.
        try place.run("/bin/rm", ["-r", "copy/backup"])
        #expect(try place.run("--archive", "copy", "forget", "bob", "--yes").status == 0)
        try create("copy")
        let left = try restored("two").split(separator: "\n")
        #expect(left.allSatisfy { !$0.contains(#""player":"bob""#) || $0.contains("tombstone") })
        #expect(left.count == 46)
    }

    @Test("what every backup folder carries is what the repository has")
    func readerFiles() throws {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let check = try place.run("/\(root)/scripts/generate-backup-reader", ["--check"])
        #expect(check.status == 0, "\(check)")
        try importSome(0)
        #expect(
            try place.run("backup", "create", "--to", "disk", "--recipient", try key(), "--parity", "0").status == 0)
        #expect(try place.bytes(of: "disk/FORMAT.md") == place.bytes(of: "/\(root)/docs/FORMAT.md"))
        #expect(try place.bytes(of: "disk/README.txt") == place.bytes(of: "/\(root)/scripts/backup-README.txt"))
    }

    @Test(
        "parity mends a lost stretch and scattered damage, and says what it cannot mend",
        .enabled(if: hasParity, "par2 is not installed"))
    func parity() throws {
        let key = try key()
        try importSome(0)
        #expect(try place.run("backup", "create", "--to", "disk", "--recipient", key).status == 0)
        let path = try #require(try place.files(below: "disk").first { $0.hasSuffix(".bundle") })
        let whole = try place.bytes(of: path)
        #expect(try place.run("backup", "list", "--from", "disk", "--json").json.count("parity_percent") == 6)

        var stretch = whole
        for index in 100..<min(whole.count, 100 + 65_536) { stretch[index] = 0 }
        var scattered = whole
        for index in stride(from: 50, to: whole.count, by: 999) { scattered[index] ^= 1 }
        for damaged in [stretch, scattered, Array(whole.prefix(whole.count / 2)), []] {
            try place.write(damaged, to: path)
            #expect(try place.run("backup", "verify", "--from", "disk").status == 12)
            let repaired = try place.run("backup", "repair", "--from", "disk", "--json")
            #expect(try repaired.status == 0 && repaired.json.text("state") == "repaired", "\(repaired)")
            #expect(try place.bytes(of: path) == whole)
            #expect(try place.run("backup", "verify", "--from", "disk").status == 0)
        }
        #expect(try place.run("backup", "repair", "--from", "disk", "--json").json.text("state") == "sound")
        let parts = try place.files(below: "disk").filter { $0.hasSuffix(".par2") }
        for part in parts { try place.write(Array(try place.bytes(of: part).prefix(200)), to: part) }
        #expect(try place.run("backup", "verify", "--from", "disk").status == 12, "the parity is damaged")
        try place.write(scattered, to: path)
        let lost = try place.run("backup", "repair", "--from", "disk", "--json")
        #expect(try lost.status == 12 && lost.json.text("state") == "lost")
    }

    @Test("without par2 a backup is made all the same, and says so; asked for parity it refuses")
    func withoutParity() throws {
        let key = try key()
        try importSome(0)
        place.environment["PATH"] = place.absolute("nothing")
        let refused = try place.run("backup", "create", "--to", "disk", "--recipient", key, "--parity", "10", "--json")
        #expect(try refused.status == 2 && refused.failure.text("code") == "no_parity_program")
        #expect(!place.has("disk"))
        let made = try place.run("backup", "create", "--to", "disk", "--recipient", key)
        #expect(made.status == 0 && made.errorText.contains("par2"))
        #expect(try place.run("backup", "list", "--from", "disk", "--json").json.count("parity_percent") == 0)
    }

    @Test("two at once: one after the other, and both whole")
    func twoAtOnce() throws {
        let key = try key()
        try importSome(0)
        #expect(try place.run("backup", "create", "--to", "disk", "--recipient", key, "--parity", "0").status == 0)
        try importSome(1)
        let arguments = ["backup", "create", "--to", "disk", "--recipient", key, "--parity", "0", "--full"]
        let runs = try (0..<3).map { _ in try place.start(Program.archive, arguments) }
        for run in runs { #expect(try run.process.wait(seconds: 60) == 0) }
        let list = try place.run("backup", "list", "--from", "disk", "--json").lines
        #expect(list.map { $0.count("sequence") } == [1, 2, 3, 4])
        #expect(try place.run("backup", "verify", "--from", "disk").status == 0)
    }
}
