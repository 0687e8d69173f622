import CanonicalJSON
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
