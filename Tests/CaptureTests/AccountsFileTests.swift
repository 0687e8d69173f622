import Capture
import Hiscores
import Testing

@Suite("The accounts file")
struct AccountsFileTests {
    private static func read(_ text: String) throws(AccountsFile.Malformed) -> [AccountsFile.Account] {
        try AccountsFile(parsing: Array(text.utf8), path: "config/accounts.json").accounts
    }

    @Test("names with boards, in their order; members that nobody knows are left alone")
    func accounts() throws {
        let accounts = try Self.read(
            """
            [{"name":"Lynx Titan","board":"main"},{"name":"iron","board":"Hardcore-Ironman","note":"mine","interval":5},
             {"name":"Lynx Titan"}]
            """)
        #expect(accounts.map(\.name) == ["Lynx Titan", "iron", "Lynx Titan"])
        #expect(accounts.map(\.board) == [.main, .hardcoreIronman, nil])
        #expect(try Self.read(" [ ] ").isEmpty)
    }

    @Test("the earlier tool's file: modes, auto and none of them")
    func earlierTool() throws {
        let accounts = try Self.read(
            #"[{"name":"a","mode":"main"},{"name":"b","mode":"hardcore"},{"name":"c","mode":"auto"},{"name":"d","mode":"auto-detect"},{"name":"e","mode":""},{"name":"f","mode":null},{"name":"g","board":"im","mode":"main"}]"#
        )
        #expect(accounts.map(\.board) == [.main, .hardcoreIronman, nil, nil, nil, nil, .ironman])
    }

    @Test("paused accounts are left out, and their board is not looked at")
    func paused() throws {
        let accounts = try Self.read(
            #"[{"name":"a","paused":true,"board":"nonsense"},{"name":"b","paused":false},{"name":"c","paused":null}]"#)
        #expect(accounts.map(\.name) == ["b", "c"])
    }

    @Test(
        "what cannot be used names the file and the entry",
        arguments: [
            ("", "not valid JSON"), ("[", "not valid JSON"), ("{}", "no list"), (#""zezima""#, "no list"),
            (#"[{"name":"a"},{"mode":"main"}]"#, "account 2"), (#"["zezima"]"#, "account 1"),
            (#"[{"name":5}]"#, "account 1"), (#"[{"name":""}]"#, "account 1"), ("[null]", "account 1"),
            (#"[{"name":"a","board":"group"}]"#, "unknown board group"),
        ])
    func malformed(text: String, reason: String) {
        let error = #expect(throws: AccountsFile.Malformed.self) { _ = try Self.read(text) }
        #expect(error?.description.contains("config/accounts.json") == true)
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    @Test("a board that is no text is a mistake, too")
    func boardOfAnotherType() {
        #expect(throws: AccountsFile.Malformed.self) { _ = try Self.read(#"[{"name":"a","board":5}]"#) }
        #expect(throws: AccountsFile.Malformed.self) { _ = try Self.read(#"[{"name":"a","paused":"yes"}]"#) }
    }
}
