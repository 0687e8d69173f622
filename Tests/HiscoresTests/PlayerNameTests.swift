import Hiscores
import Testing

@Suite struct PlayerNameTests {
    @Test(arguments: [
        ("Lynx Titan", "lynx_titan"), ("lynx-titan", "lynx_titan"), ("LYNX_TITAN", "lynx_titan"),
        ("  Lynx \u{A0}_-Titan\t", "lynx_titan"), ("Lynx\u{FFFD}Titan", "lynx_titan"), ("a\r\n", "a"), ("_a_", "a"),
        ("ÄB", "Äb"),
    ])
    func oneKeyForAllSpellings(text: String, key: String) {
        #expect(PlayerName(normalising: text)?.key == key)
    }

    @Test(arguments: ["", " ", "_-_", "\u{A0}\u{FFFD}"])
    func nothingLeftIsNoName(text: String) {
        #expect(PlayerName(normalising: text) == nil)
    }

    @Test func normalisingTwiceChangesNothing() throws {
        for text in ["Lynx Titan", "a__b", "- x -"] {
            let once = try #require(PlayerName(normalising: text))
            #expect(PlayerName(normalising: once.key) == once)
        }
    }

    @Test func namesAreSortedByTheirBytes() throws {
        let names = ["b", "a_b", "ab", "a"].compactMap { PlayerName(normalising: $0) }
        #expect(names.sorted().map(\.description) == ["a", "a_b", "ab", "b"])
    }

    @Test(arguments: [
        ("Zezima", "Zezima"), (" B0aty\n", "B0aty"), ("\u{A0}x y-z_1", "x y-z_1"), ("123456789012", "123456789012"),
        ("_a_", "_a_"),
    ])
    func namesForTheServiceAreTrimmedAndKept(text: String, name: String) throws {
        #expect(try PlayerName.validated(text) == name)
    }

    @Test(arguments: [
        ("", PlayerNameError.empty), (" \t\n\u{A0}", .empty),
        ("1234567890123", .tooLong(name: "1234567890123", length: 13)),
        ("- _", .onlySeparators(name: "- _")), ("a/b", .unexpectedCharacter("/")),
        ("a\u{A0}b", .unexpectedCharacter("\u{A0}")),
        ("é", .unexpectedCharacter("é")), ("a\u{1B}[31m", .unexpectedCharacter("\u{1B}")),
        ("a\nb", .unexpectedCharacter("\n")),
    ])
    func otherTextsAreRefusedWithTheReason(text: String, error: PlayerNameError) {
        #expect(throws: error) { try PlayerName.validated(text) }
        #expect(error.description.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    }

    @Test func messagesShowTheCharacter() {
        #expect(PlayerNameError.unexpectedCharacter("/").description.contains("'/'"))
        #expect(PlayerNameError.unexpectedCharacter("\u{1B}").description.contains("U+001B"))
        #expect(PlayerNameError.unexpectedCharacter("\u{1F600}").description.contains("U+1F600"))
        #expect(PlayerNameError.tooLong(name: "x", length: 13).description.contains("13 characters"))
    }
}
