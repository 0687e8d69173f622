import CanonicalJSON
import Glibc
import Testing

@Suite("accounts")
struct AccountsTests {
    private static let keys = [
        "schema", "name", "player", "board", "interval_minutes", "display_name", "paused", "ranks",
    ]
    private let place = Workplace()

    @Test("add makes the file with its folder, list shows it, capture takes it, remove keeps what was captured")
    func life() throws {
        let simulator = try Simulator(in: place)
        place.asks(simulator)
        let empty = try place.run("accounts", "list")
        #expect(empty.status == 0 && empty.text.isEmpty && empty.errorText.contains("accounts add"))
        let added = try place.run("accounts", "add", "--json", "Zezima", "Lynx Titan")
        #expect(added.status == 0, "\(added)")
        #expect(try added.lines.map { $0.text("player") } == ["zezima", "lynx_titan"])
        #expect(added.errorText.contains("/config/accounts.json"))
        let iron = try place.run(
            "accounts", "add", "Iron", "--board", "im", "--interval", "30", "--display-name", "The Iron", "--ranks",
            "daily", "--json")
        let line = try iron.json
        #expect(line.keys == Self.keys)
        #expect(line.text("board") == "ironman" && line.count("interval_minutes") == 30)
        #expect(line.text("display_name") == "The Iron" && line.text("ranks") == "daily")
        let list = try place.run("accounts", "list", "--json")
        #expect(try list.lines.map(\.keys) == [Self.keys, Self.keys, Self.keys])
        #expect(try list.lines.map { $0.text("board") } == ["auto", "auto", "ironman"])
        #expect(try list.lines.first?["interval_minutes"] == .null)
        let table = try place.run("accounts", "list").text
        #expect(table.contains("Lynx Titan") && table.contains("1 day") && table.contains("30 min"))
        #expect(
            try place.run("accounts", "list", environment: ["HISCORES_INTERVAL_MIN": "90"]).text.contains("1 h 30 min"))
        #expect(try place.run("accounts", "pause", "iron").status == 0)
        #expect(try Set(place.run("capture", "--json").lines.map { $0.text("player") }) == ["lynx_titan", "zezima"])
        let removed = try place.run("accounts", "remove", "ZEZIMA", "iron", "--json")
        #expect(try removed.lines.map { $0["paused"]?.bool } == [false, true])
        #expect(removed.errorText.contains("stays in the archive"))
        #expect(try !place.run("log", "zezima", "--json").lines.isEmpty)
        #expect(try place.text(of: "config/accounts.json") == "[\n  {\"name\":\"Lynx Titan\"}\n]\n")
    }

    @Test("names from standard input, another file, paths that are links; permissions stay")
    func files() throws {
        try place.write("[]", to: "real/list.json")
        unsafe chmod(place.absolute("real/list.json"), 0o600)
        unsafe symlink("real/list.json", place.absolute("link.json"))
        let added = try place.run(
            "accounts", "add", "-", "--accounts", "link.json", "--board", "main", input: "Zezima\r\n\n  \n Woox\nb0aty")
        #expect(added.status == 0, "\(added)")
        let list = try place.run("accounts", "list", "--accounts", "link.json", "--json").lines
        #expect(list.map { $0.text("name") } == ["Zezima", "Woox", "b0aty"])
        var status = stat()
        unsafe stat(place.absolute("real/list.json"), &status)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(!place.has("config"))
        #expect(try place.run("accounts", "list", "--accounts", "absent.json").status == 2)
        #expect(try place.run("accounts", "add", "-", input: "\n \n").status == 64)
    }

    @Test("of names from standard input comments are passed over, and one that cannot be is told with its line")
    func namesByLine() throws {
        let bad = try place.run("accounts", "add", "-", "--json", input: "Zezima\n\n# guests\nWo|ox\n")
        #expect(try bad.status == 64 && bad.failure.text("code") == "bad_player_name", "\(bad)")
        let message = try #require(try bad.failure.text("message"))
        #expect(message.contains("line 4") && message.contains("Wo|ox") && message.contains("'|'"), "\(message)")
        let other = try place.run(
            "accounts", "add", "-", "--accounts", "other.json", input: "# a clan\n  # of two\nA b\nC\n")
        #expect(other.status == 0 && other.errorText.contains("`osrs-archive capture --accounts other.json` takes"))
        #expect(try place.run("accounts", "list", "--accounts", "other.json", "--json").lines.count == 2)
        #expect(try place.run("accounts", "add", "d").errorText.contains("`osrs-archive capture` takes"))
    }

    @Test("what cannot be is refused with its own code, and the file stays as it was")
    func refused() throws {
        let text = #"[ {"name":"Zezima"} ]"#
        try place.write(text, to: "config/accounts.json")
        for (arguments, status, code) in [
            (["add", "zezima"], 2, "account_listed"), (["add", "new", "NEW"], 64, "usage"),
            (["add", "a/b"], 64, "bad_player_name"), (["add", "thirteen chars"], 64, "bad_player_name"),
            (["add", "x", "--board", "group"], 64, "usage"), (["add", "x", "--interval", "0"], 64, "usage"),
            (["add", "x", "--interval", "-5"], 64, "usage"),
            (["add", "x", "--ranks", "never"], 64, "usage"), (["add", "x", "y", "--display-name", "z"], 64, "usage"),
            (["add"], 64, "usage"), (["remove", "zezime"], 20, "account_not_listed"),
            (["remove", "zezima", "--board", "main"], 20, "account_not_listed"),
            (["pause", "zezima", "woox"], 20, "account_not_listed"), (["resume", "woox"], 20, "account_not_listed"),
        ] as [([String], CInt, String)] {
            let answer = try place.run(Program.archive, ["accounts"] + arguments + ["--json"])
            #expect(answer.status == status, "\(answer)")
            #expect(try answer.failure.text("code") == code, "\(answer)")
            #expect(answer.output.isEmpty)
        }
        #expect(try place.run("accounts", "add", "new", "New").errorText.contains("New is named twice"))
        #expect(
            try place.run("accounts", "add", "x", "--interval", "-5").errorText.contains("from 1 to 525600 minutes"))
        #expect(
            try place.run("accounts", "remove", "zezime", "--json").failure["candidates"] == .array([.text("Zezima")]))
        #expect(try place.text(of: "config/accounts.json") == text)
    }

    @Test(
        "list and add tell of names that cannot be, of accounts that are listed twice, of members that are there twice")
    func faults() throws {
        let long = String(repeating: "x", count: 5000)
        try place.write(
            """
            [{"name":"Zezima"},{"name":"a|b"},{"name":"zezima"},{"name":"c","name":"d"},{"name":"\(long)"},
             {"name":"e|f","paused":true},{"name":"Zezima","board":"main"}]
            """, to: "config/accounts.json")
        for command in [["list"], ["add", "g"]] {
            let answer = try place.run(Program.archive, ["accounts"] + command)
            #expect(answer.status == 0, "\(answer)")
            for words in [
                "account 2 (a|b): a player name cannot contain '|'",
                "account 3 (zezima) is listed already, as account 1",
                "has the member name twice", "account 5 (xxxx", "no name has more than 12",
            ] { #expect(answer.errorText.contains(words), "\(words): \(answer.errorText)") }
            #expect(answer.errorText.utf8.count < 2000 && !answer.errorText.contains("e|f"))
            #expect(!answer.errorText.contains("account 7"))
        }
        let capture = try place.run("capture", "--json")
        #expect(try capture.status == 64 && capture.failure.text("code") == "bad_player_name", "\(capture)")
        #expect(try capture.failure.text("message")?.contains("lists `a|b`") == true, "\(capture)")
    }

    @Test("a file that cannot be read is never written over")
    func malformed() throws {
        for text in ["", "[", "{}", #"[{"name":5}]"#, #"[{"name":"a","interval_minutes":"often"}]"#] {
            try place.write(text, to: "config/accounts.json")
            for command in ["add", "remove", "pause"] {
                let answer = try place.run("accounts", command, "a", "--json")
                #expect(answer.status == 64)
                #expect(try answer.failure.text("code") == "bad_accounts", "\(answer)")
            }
            #expect(try place.run("accounts", "list").status == 64)
            #expect(try place.text(of: "config/accounts.json") == text)
        }
    }

    @Test("many editors at once lose no edit")
    func atOnce() throws {
        let processes = try (0..<12).map {
            try place.start(Program.archive, ["accounts", "add", "player \($0)"]).process
        }
        for process in processes { #expect(try process.wait(seconds: 60) == 0) }
        let names = try place.run("accounts", "list", "--json").lines.compactMap { $0.text("player") }
        #expect(Set(names) == Set((0..<12).map { "player_\($0)" }) && names.count == 12)
        #expect(try place.files(below: "config").count == 1)
    }

    @Test("config show warns where the intervals need more than the pace")
    func load() throws {
        let accounts = (0..<120).map { #"{"name":"p\#($0)","interval_minutes":1}"# }
        try place.write("[\(accounts.joined(separator: ","))]", to: "config/accounts.json")
        let answer = try place.run("config", "show")
        #expect(answer.status == 0 && answer.errorText.contains("120 requests a minute"), "\(answer)")
        try place.write(#"[{"name":"a"}]"#, to: "config/accounts.json")
        #expect(try place.run("config", "show").errors.isEmpty)
    }
}
