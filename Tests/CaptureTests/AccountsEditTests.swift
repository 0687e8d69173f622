import Capture
import Hiscores
import Testing

@Suite("Editing the accounts file")
struct AccountsEditTests {
    private static func read(_ text: String) throws(AccountsFile.Malformed) -> AccountsFile {
        try AccountsFile(parsing: Array(text.utf8), path: "accounts.json")
    }

    private static func text(_ list: AccountsFile) -> String { String(decoding: list.bytes(), as: UTF8.self) }

    @Test("what is added stands at the end with what was said of it, and reads back")
    func add() throws {
        var list = AccountsFile()
        #expect(Self.text(list) == "[]\n")
        try list.add(["Zezima", " Lynx Titan "], AccountsFile.Details())
        try list.add(
            ["Iron"],
            AccountsFile.Details(
                board: .board(.hardcoreIronman), intervalMinutes: 30, displayName: "Old \"Iron\"", ranks: .daily))
        #expect(
            Self.text(list) == """
                [
                  {"name":"Zezima"},
                  {"name":"Lynx Titan"},
                  {"name":"Iron","board":"hardcore_ironman","interval_minutes":30,"display_name":"Old \\"Iron\\"","ranks":"daily"}
                ]

                """)
        #expect(try Self.read(Self.text(list)) == list)
        let iron = try #require(list.entries.last)
        #expect(iron.board == .hardcoreIronman && iron.intervalMinutes == 30 && iron.ranks == .daily)
        #expect(iron.displayName == "Old \"Iron\"" && !iron.isPaused && iron.player.key == "iron")
    }

    @Test("entries that are not edited stand as they were written, members that nobody knows included")
    func kept() throws {
        let strange = #"{ "note" : [1.50, {"a":"ä"}], "mode":"auto-detect",  "name":"a" }"#
        var list = try Self.read("[\(strange),\n{\"name\":\"b\",\"mode\":\"hardcore\",\"x\":null,\"paused\":false}]")
        try list.add(["c"], AccountsFile.Details())
        _ = try list.setPaused(true, ["B"], board: nil)
        #expect(
            Self.text(list) == """
                [
                  \(strange),
                  {"name":"b","mode":"hardcore","x":null,"paused":true},
                  {"name":"c"}
                ]

                """)
        #expect(list.accounts.map(\.name) == ["a", "c"])
        let resumed = try list.setPaused(false, ["b"], board: nil)
        #expect(resumed.map(\.isPaused) == [false])
        #expect(Self.text(list).contains(#"{"name":"b","mode":"hardcore","x":null}"#))
    }

    @Test("numbers of members that nobody knows may be any, and stay as they are written where the entry is edited")
    func numbers() throws {
        let strange = #""discord_id":123456789012345678,"x" : [1.50, 1e999, -0.0],"\u0061":1E2"#
        var list = try Self.read("[{\"name\":\"a\",\(strange)},{\"name\":\"b\"}]")
        _ = try list.setPaused(true, ["b"], board: nil)
        #expect(Self.text(list).contains("{\"name\":\"a\",\(strange)},"))
        _ = try list.setPaused(true, ["a"], board: nil)
        #expect(Self.text(list).contains("{\"name\":\"a\",\(strange),\"paused\":true},"))
        let again = try Self.read(Self.text(list))
        #expect(again == list && again.faults.isEmpty)
        _ = try list.setPaused(false, ["a"], board: nil)
        #expect(Self.text(list).contains("{\"name\":\"a\",\(strange)},"))
        #expect(throws: AccountsFile.Malformed.self) {
            _ = try Self.read(#"[{"name":"a","interval_minutes":123456789012345678}]"#)
        }
    }

    @Test("the same name and board twice is refused, however it is spelled, and then nobody is added")
    func duplicates() throws {
        var list = try Self.read(#"[{"name":"Lynx Titan"},{"name":"b","board":"im","paused":true}]"#)
        let before = list
        for name in ["lynx_titan", "LYNX-TITAN"] {
            #expect(throws: AccountsFile.EditError.listed(name: name, board: nil)) {
                try list.add(["new", name], AccountsFile.Details(board: .auto))
            }
        }
        #expect(throws: AccountsFile.EditError.listed(name: "B", board: .ironman)) {
            try list.add(["B"], AccountsFile.Details(board: .board(.ironman)))
        }
        #expect(throws: AccountsFile.EditError.namedTwice(name: "X")) {
            try list.add(["x", "X"], AccountsFile.Details())
        }
        #expect(list == before)
        try list.add(["Lynx Titan"], AccountsFile.Details(board: .board(.main)))
        #expect(list.entries.map(\.board) == [nil, .ironman, .main])
    }

    @Test("names that no account can have are refused", arguments: ["", "  ", "thirteen chars", "a/b", "___", "käse"])
    func names(name: String) {
        var list = AccountsFile()
        #expect(throws: AccountsFile.EditError.self) { try list.add(["fine", name], AccountsFile.Details()) }
        #expect(list.entries.isEmpty)
    }

    @Test("removing takes all entries of a name, or the one with a board; nobody of that name is an error")
    func remove() throws {
        let text = #"[{"name":"a"},{"name":"A","board":"main"},{"name":"b","mode":"main"},{"name":"abc"}]"#
        var list = try Self.read(text)
        #expect(try list.remove(["a"], board: .board(.main)).map(\.name) == ["A"])
        #expect(list.entries.map(\.name) == ["a", "b", "abc"])
        list = try Self.read(text)
        #expect(try list.remove(["a"], board: .auto).map(\.name) == ["a"])
        #expect(list.entries.map(\.name) == ["A", "b", "abc"])
        list = try Self.read(text)
        #expect(try list.remove(["B", "a", "A"], board: nil).count == 3)
        #expect(list.entries.map(\.name) == ["abc"])
        let error = #expect(throws: AccountsFile.EditError.self) { _ = try list.remove(["abc", "abd"], board: nil) }
        #expect(error == .notListed(name: "abd", board: nil, similar: ["abc"]))
        #expect(list.entries.count == 1)
    }

    @Test("pausing what is paused changes nothing")
    func pauseAgain() throws {
        var list = try Self.read(#"[{"name":"a","paused":true,"board":"nonsense"},{"name":"b"}]"#)
        let before = list
        #expect(try list.setPaused(true, ["a"], board: nil).count == 1)
        #expect(list == before)
        // What it was paused for is still there.
        let error = #expect(throws: AccountsFile.EditError.self) { _ = try list.setPaused(false, ["a"], board: nil) }
        #expect(error?.description.contains("unknown board nonsense") == true)
        #expect(list == before)
    }

    @Test(
        "members with a meaning must make sense; the entry is named",
        arguments: [
            #""interval_minutes":0"#, #""interval_minutes":525601"#, #""interval_minutes":1.5"#,
            #""interval_minutes":"30""#, #""interval_minutes":1e300"#, #""ranks":"never""#, #""ranks":true"#,
            #""display_name":7"#, #""paused":"no""#,
        ])
    func members(member: String) {
        let error = #expect(throws: AccountsFile.Malformed.self) {
            _ = try Self.read(#"[{"name":"a"},{"name":"culprit",\#(member)}]"#)
        }
        #expect(error?.description.contains("account 2 (culprit): ") == true, "\(String(describing: error))")
    }

    @Test("ten thousand accounts are added, paused and removed within a second or so")
    func large() throws {
        var list = AccountsFile()
        let names = (0..<10_000).map { "p\($0)" }
        try list.add(names, AccountsFile.Details())
        list = try Self.read(Self.text(list))
        #expect(try list.setPaused(true, names, board: nil).count == 10_000)
        #expect(list.accounts.isEmpty)
        #expect(try list.remove(names, board: nil).count == 10_000)
    }
}
