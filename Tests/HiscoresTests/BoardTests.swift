import Hiscores
import Testing

@Suite struct BoardTests {
    @Test func identifiersNameThemselves() {
        for board in Board.allCases {
            #expect(Board(name: board.rawValue) == board)
            #expect(Board(name: board.servicePath) == board)
            #expect(!board.title.isEmpty)
        }
        #expect(Set(Board.allCases.map(\.title)).count == Board.allCases.count)
    }

    @Test(arguments: [
        ("hardcore", Board.hardcoreIronman), ("hcim", .hardcoreIronman), ("im", .ironman), ("uim", .ultimate),
        ("ultimate_ironman", .ultimate), ("regular", .main), ("normal", .main), ("leagues", .seasonal),
        ("oneDefence", .skillerDefence), ("freshStart", .freshStart), ("FRESH_START_WORLD", .freshStart),
        ("Hardcore Ironman", .hardcoreIronman), ("hardcore-ironman", .hardcoreIronman),
    ])
    func namesOfEarlierToolsAreKnown(name: String, board: Board) {
        #expect(Board(name: name) == board)
    }

    @Test(arguments: ["", "auto", "group_ironman", "hiscore_oldschool_group_ironman", "hiscore_oldschool_main", "ｍain"])
    func anythingElseIsNoBoard(name: String) {
        #expect(Board(name: name) == nil)
    }

    @Test func pathsAreThoseOfTheService() {
        #expect(
            Board.allCases.map(\.servicePath) == [
                "hiscore_oldschool", "hiscore_oldschool_ironman", "hiscore_oldschool_hardcore_ironman",
                "hiscore_oldschool_ultimate", "hiscore_oldschool_deadman", "hiscore_oldschool_seasonal",
                "hiscore_oldschool_tournament", "hiscore_oldschool_fresh_start", "hiscore_oldschool_skiller",
                "hiscore_oldschool_skiller_defence",
            ])
    }
}
