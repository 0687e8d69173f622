import CanonicalJSON
import Glibc
import TestSupport
import Testing

/// What stands in the files that commands write beside and in an encrypted archive.
@Suite("What an encrypted archive gives away")
struct LeakTests {
    private let place = Workplace()
    private let simulator: Simulator
    private let owner: String
    private let recipient: String

    init() throws {
        simulator = try Simulator(in: place)
        place.asks(simulator)
        try place.write(
            #"{"project_name":"demo","progress_log":"docs/PROGRESS_LOG.md","default_agent":"Scribe"}"#,
            to: "config/project.json")
        place.makeFolder("docs")
        place.makeFolder("temporary")
        place.environment["TMPDIR"] = place.absolute("temporary")
        place.environment["OSRS_ARCHIVE_LOG_LEVEL"] = "trace"
        try place.encrypt()
        owner = place.absolute("../owner.key")
        recipient = try #require(try place.run("backup", "keygen", owner, "--json").json.text("public_key"))
    }

    private func backup() throws {
        let made = try place.run("backup", "create", "--to", "disk", "--recipient", recipient, "--parity", "0")
        #expect(made.status == 0, "\(made)")
    }

    /// The files that hold names, boards, dates of captures, members of documents and records, or ids.
    private func leaks() throws -> [String] {
        let lines = try place.run("log", "--json").lines
        let ids = lines.flatMap { [$0.text("snapshot"), $0.text("progress"), $0.text("record")].compactMap(\.self) }
        #expect(lines.count >= 5 && ids.count >= 10)
        let head = try #require(try place.run("stats", "--json").json.text("head"))
        return try place.leaks(
            of: [
                "sekrit", "missing two", "missing_two", "ironman", "\"main\"", "2026-01-1", "\"skills\"", "captured_at",
                "overall", "attack", head,
            ]
                + ids,
            (ids + [head]).map(Self.bytes), besides: Self.isReader)
    }

    private static func bytes(ofHex text: String) -> [UInt8] {
        let digits = Array(text)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }

    /// The readers beside a backup, which tell the format, are the same for everybody.
    private static func isReader(_ file: String) -> Bool {
        ["/restore.py", "/FORMAT.md", "/README.txt"].contains { file.hasSuffix($0) }
    }

    private func importSome(_ month: String = "01") throws {
        let lines = (10..<16).flatMap { day in
            ["Sekrit Six", "Sekrit Seven"].map {
                SampleArchive.line(
                    $0, day % 2 == 0 ? "main" : "ironman", "2026-\(month)-\(day)T10:00:00Z",
                    SampleArchive.small($0, xp: day))
            }
        }
        let imported = try place.run("import", "-", input: lines.joined(separator: "\n"))
        #expect(imported.status == 0, "\(imported)")
    }

    @Test("no file that any command wrote holds a name, a board, a date, an id, JSON or deflate bytes")
    func nothing() throws {
        #expect(
            try place.run("capture", "sekrit one", "missing two", "--metrics-file", "run.prom").status == 3)
        try importSome()
        #expect(try place.run("tag", "sekrit-tag", "main/sekrit-six").status == 0)
        #expect(try place.run("gc").status == 0)
        #expect(try place.run("capture", "sekrit one", "--board", "main").status == 0)
        try backup()
        try importSome("02")
        try backup()
        #expect(try place.run("backup", "drill", "--from", "disk", "--identity", owner).status == 0)
        let key = place.absolute("../own.key")
        let restored = try place.run(
            "backup", "restore", "--from", "disk", "--to", "restored", "--identity", owner, "--encrypt", "--key-file",
            key)
        #expect(restored.status == 0, "\(restored)")
        #expect(try place.run("reencrypt", "--to", "other", "--key-file", place.absolute("../other.key")).status == 0)

        #expect(try leaks() == [])
        #expect(try place.text(of: "docs/PROGRESS_LOG.md").contains("outcome=unchanged"))
        #expect(try place.text(of: "run.prom").contains("osrs_archive"))
        #expect(!place.has("config/mode_cache.json"))
        // Every file of the archives is sealed, or is one of those that are known to be in the clear.
        for folder in ["archive", "restored", "other"] {
            for file in try place.files(below: folder) {
                let name = file.dropFirst(place.absolute(folder).count + 1)
                if ["config.json", "config.json.copy", "lock", "config/.gitignore"].contains(String(name)) { continue }
                let start = try place.bytes(of: file).prefix(8)
                let journal = try place.bytes(of: "archive/journal").prefix(4)
                #expect(start.starts(with: journal), "\(file) is not sealed")
                #expect(start.first != 0x78 && start.first != UInt8(ascii: "{"), "\(file)")
            }
        }
    }

    @Test("watch and killed runs leave nothing legible either")
    func watched() throws {
        try place.write(
            #"[{"name":"Sekrit Nine","board":"main","interval_minutes":30}]"#, to: "../list.json")
        try simulator.control("now?time=2026-03-01T12:00:00Z&factor=3600")
        let (watch, _) = try place.start(
            Program.archive,
            ["watch", "--json", "--accounts", place.absolute("../list.json"), "--metrics-file", "run.prom"],
            environment: ["OSRS_ARCHIVE_NOW": "2026-03-01T12:00:00Zx3600"])
        #expect(poll(seconds: 60, { (try? simulator.requests).flatMap { $0 >= 6 ? true : nil } }) == true)
        watch.send(SIGTERM)
        #expect(try watch.wait(seconds: 60) == 0)
        try importSome()
        try backup()
        let line = SampleArchive.line("Sekrit Ten", "main", "2026-01-19T00:00:00Z", SampleArchive.first)
        var struck = 0
        for (month, command) in [
            ["backup", "drill", "--from", "disk", "--identity", owner],
            ["backup", "restore", "--from", "disk", "--to", "archive", "--identity", owner],
            ["import", "-"], ["gc"],
        ].enumerated() {
            let whole = try seconds { () throws in
                #expect(try place.run(Program.archive, command, input: Array(line.utf8)).status == 0)
            }
            // Else there would be less to do than before.
            try importSome("0\(month + 3)")
            let (process, _) = try place.start(Program.archive, command, input: Array(line.utf8))
            usleep(UInt32(whole / 2 * 1_000_000))
            process.send(SIGKILL)
            if try process.wait(seconds: 10) == 128 + SIGKILL { struck += 1 }
        }
        #expect(struck > 0, "nothing was ever killed")
        #expect(try leaks() == [])
        #expect(try place.run("verify").status == 0)
    }

    @Test("--log-names writes them all the same, where that is asked for")
    func names() throws {
        let captured = try place.run("capture", "sekrit one", "--log-names", "--metrics-file", "run.prom", "--json")
        #expect(captured.status == 0, "\(captured)")
        #expect(captured.errorText.contains("player=sekrit_one"))
        for file in ["docs/PROGRESS_LOG.md", "run.prom", "config/mode_cache.json"] {
            #expect(try place.text(of: file).contains("sekrit_one"), "\(file)")
        }
        #expect(try place.leaks(of: ["Sekrit_one"]).count == 3)
        let quiet = try place.run("capture", "sekrit one", "--json")
        #expect(!quiet.errorText.contains("sekrit"), "\(quiet)")
    }
}
