import CanonicalJSON
import Glibc
import Testing

/// Whom `capture` asks about.
@Suite("Whom to capture")
struct CaptureSourcesTests {
    private let place = Workplace()
    private let simulator: Simulator

    init() throws {
        simulator = try Simulator(in: place)
        place.asks(simulator)
    }

    /// Who was asked about on which board.
    private func captured(_ arguments: String...) throws -> [String] {
        let answer = try place.run(Program.archive, ["capture", "--json"] + arguments)
        return try answer.lines.map { "\($0.text("board") ?? "")/\($0.text("player") ?? "")" }.sorted()
    }

    /// Who was asked about on the main board; where boards are found out, it is always among them.
    private func capturedOnMain(_ arguments: [String] = []) throws -> [String] {
        let answer = try place.run(Program.archive, ["capture", "--json"] + arguments)
        return try answer.lines.filter { $0.text("board") == "main" }.compactMap { $0.text("player") }.sorted()
    }

    @Test("names go before the accounts file, which goes before HISCORES_USER; nobody is 64")
    func order() throws {
        let nobody = try place.run("capture", "--json")
        #expect(nobody.status == 64)
        #expect(try nobody.failure.text("code") == "usage")
        #expect(nobody.errorText.contains("HISCORES_USER") && nobody.errorText.contains("accounts.json"))
        #expect(!place.has("archive"))
        place.environment["HISCORES_USER"] = "B0aty, Lynx Titan"
        #expect(try capturedOnMain() == ["b0aty", "lynx_titan"])
        try place.write("[]", to: "config/accounts.json")
        #expect(try capturedOnMain() == ["b0aty", "lynx_titan"])
        try place.write(#"[{"name":"zezima"},{"name":"woox","paused":true}]"#, to: "config/accounts.json")
        #expect(try capturedOnMain() == ["zezima"])
        #expect(try capturedOnMain(["framed"]) == ["framed"])
        place.environment["HISCORES_USER"] = nil
        try place.write("HISCORES_USER=torvesta\n", to: ".env")
        try place.write("[]", to: "config/accounts.json")
        #expect(try capturedOnMain() == ["torvesta"])
    }

    @Test("a list with an account and one of its boards asks that board once")
    func repeats() throws {
        try place.write(#"[{"name":"A","board":"main"},{"name":"a"}]"#, to: "config/accounts.json")
        #expect(try captured() == ["hardcore_ironman/a", "ironman/a", "main/a", "ultimate/a"])
    }

    @Test("what is odd about a list is told by whoever reads it, once")
    func faults() throws {
        try place.write(
            #"[{"name":"First","name":"Second","board":"main"},{"name":"b","board":"im","mode":"main"},{"name":"c","board":"main","Paused":true}]"#,
            to: "config/accounts.json")
        let faults = [
            "account 1 (First) has the member name twice", "account 2 (b) has the board im and the mode main",
            "account 3 (c) has the member Paused, which says nothing",
        ]
        func expect(_ errors: String, _ what: String) {
            for fault in faults { #expect(errors.ranges(of: fault).count == 1, "\(what): \(errors)") }
        }
        for arguments in [["capture", "--quiet"], ["status"], ["accounts", "list"]] {
            expect(try place.run(Program.archive, arguments).errorText, arguments[0])
        }
        let (process, streams) = try place.start(Program.archive, ["watch"])
        #expect(
            poll(seconds: 60) { (try? place.text(of: streams.error))?.contains("are watched") == true ? true : nil }
                == true)
        process.send(SIGTERM)
        #expect(try process.wait(seconds: 60) == 0)
        expect(try place.text(of: streams.error), "watch")
    }

    @Test("a list whose accounts are all paused is a run over nobody, whoever HISCORES_USER names")
    func allPaused() throws {
        place.environment["HISCORES_USER"] = "b0aty"
        try place.write(#"[{"name":"zezima","paused":true}]"#, to: "config/accounts.json")
        for arguments in [["capture"], ["capture", "--due"], ["capture", "--accounts", "config/accounts.json"]] {
            let answer = try place.run(Program.archive, arguments)
            #expect(answer.status == 0 && answer.output.isEmpty, "\(answer)")
            #expect(answer.errorText.contains("all accounts of the list are paused"), "\(answer)")
        }
        #expect(try simulator.requests == 0)
        try place.write("[]", to: "empty.json")
        #expect(try place.run("capture", "--accounts", "empty.json").status == 64)
    }

    @Test("the accounts file gives boards, --board goes before it, and the earlier tool's file is valid")
    func accounts() throws {
        // Every name is an ironman of some kind or none, so a board may answer 404; what counts is what was asked.
        try place.write(
            #"[{"name":"A","mode":"main"},{"name":"B","mode":"hardcore"},{"name":"C","board":"ultimate"},{"name":"D","mode":"auto"},{"name":"E","mode":""}]"#,
            to: "list.json")
        #expect(
            try captured("--accounts", "list.json")
                == [
                    "hardcore_ironman/b", "hardcore_ironman/d", "hardcore_ironman/e", "ironman/d", "ironman/e",
                    "main/a", "main/d", "main/e", "ultimate/c", "ultimate/d", "ultimate/e",
                ])
        #expect(try captured("--accounts", "list.json", "--board", "im").allSatisfy { $0.hasPrefix("ironman/") })
    }

    @Test("with --due an account is asked about once in each of its own intervals, and metrics keep the others")
    func due() throws {
        try place.write(
            #"[{"name":"A","board":"main","interval_minutes":60},{"name":"B","board":"main"},"#
                + #"{"name":"C","board":"main","interval_minutes":30,"paused":true}]"#, to: "config/accounts.json")
        var captures: [String: Int] = [:]
        for halfHour in 0..<96 {
            let (hour, day) = (halfHour / 2 % 24, 1 + halfHour / 48)
            let now = "2026-03-0\(day)T\(hour < 10 ? "0" : "")\(hour):\(halfHour % 2 == 0 ? "00" : "30"):00Z"
            place.setTime(now)
            if halfHour % 16 == 0 { try simulator.setTime(now) }
            for each in try captured("--due", "--metrics-file", "run.prom") { captures[each, default: 0] += 1 }
            let metrics = try place.text(of: "run.prom")
            for name in ["a", "b"] {
                #expect(metrics.contains(#"osrs_archive_capture_success{player="\#(name)",board="main"} 1"#), "\(now)")
            }
        }
        // Where the intervals begin is their own, so the first and the last day may be begun days.
        #expect([48, 49].contains(captures["main/a"]) && [2, 3].contains(captures["main/b"]), "\(captures)")
        #expect(captures.count == 2)
        let nobody = try place.run("capture", "--due")
        #expect(nobody.status == 0 && nobody.errorText.contains("nobody is due") && nobody.output.isEmpty)
    }

    @Test("lines of a run come in the order of the accounts, whoever was answered first")
    func lines() throws {
        let names = (0..<12).map { "acc \($0)" }
        try simulator.control("faults/mix?rate=0.4&seed=3&delay=30")
        for _ in 0..<2 {
            let answer = try place.run(
                Program.archive, ["capture", "--board", "main", "--json", "--retries", "4", "--backoff", "1"] + names)
            #expect(
                try answer.lines.map { $0.text("player") } == names.map { $0.replacing(" ", with: "_") }, "\(answer)")
        }
    }

    @Test("an accounts file that cannot be used is an error before any request")
    func badAccounts() throws {
        for (text, status) in [
            ("{", 64), ("{}", 64), (#"[{"mode":"main"}]"#, 64), (#"[{"name":"a","mode":"nonsense"}]"#, 64),
            (#"[{"name":"far too long a name"}]"#, 64),
        ] as [(String, CInt)] {
            try place.write(text, to: "bad.json")
            let answer = try place.run("capture", "--accounts", "bad.json", "--json")
            #expect(answer.status == status, "\(answer)")
            #expect(try answer.failure.text("message")?.isEmpty == false)
        }
        #expect(try place.run("capture", "--accounts", "absent.json", "--json").status == 2)
        #expect(try simulator.requests == 0)
        #expect(!place.has("archive"))
    }

    @Test("names that no account can have are 64 before any request, good ones beside them too")
    func badNames() throws {
        for name in ["", "  ", "thirteen chars", "a/b", "a@b", "käse", "___", "a\nb", "<script>"] {
            let answer = try place.run("capture", "zezima", name, "--json")
            #expect(answer.status == 64, "\(answer)")
            #expect(answer.output.isEmpty)
            #expect(try answer.failure.text("code") == "bad_player_name")
        }
        #expect(try simulator.requests == 0)
        #expect(!place.has("archive"))
    }
}
