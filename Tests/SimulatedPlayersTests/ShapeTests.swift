import CanonicalJSON
import CivilTime
import Hiscores
import SimulatedPlayers
import Testing

@Suite struct ShapeTests {
    @Test(arguments: [
        ("2025-05-13", 24, 84), ("2025-10-14", 24, 86), ("2025-10-16", 24, 87), ("2025-11-18", 24, 88),
        ("2025-11-20", 25, 88), ("2026-08-01", 25, 91),
    ])
    func rowsAreThoseOfTheLayoutInForce(date: String, skills: Int, activities: Int) throws {
        let now = try moment(date)
        let document = try #require(try makePlayer("Hans", "regular").hiscores(on: .main, at: now))
        #expect(document.skills.count == skills && document.activities.count == activities)
        let layout = try Layout.inForce(at: now)
        #expect(document.skills.map(\.name) == layout.skills)
        #expect(document.activities.map(\.name) == layout.activities)
    }

    @Test func newRowsArriveOnTheirDay() throws {
        let hans = try makePlayer("Hans", "regular")
        func names(_ date: String) throws -> (skills: Set<String>, activities: Set<String>) {
            let document = try #require(hans.hiscores(on: .main, at: try moment(date)))
            return (Set(document.skills.map(\.name)), Set(document.activities.map(\.name)))
        }
        #expect(try !names("2025-11-18T23:00:00Z").skills.contains("Sailing"))
        #expect(try names("2025-11-19T23:00:00Z").skills.contains("Sailing"))
        #expect(try !names("2025-10-14T23:00:00Z").activities.contains("Grid Points"))
        #expect(try names("2025-10-15T23:00:00Z").activities.contains("Grid Points"))
    }

    @Test func theDocumentHasTheMembersOfTheServiceInItsOrder() throws {
        let document = try #require(
            try makePlayer("Hans Peter", "regular").document(board: .main, at: try moment("2026-01-10")))
        #expect(document.object?.map(\.name) == ["name", "skills", "activities"])
        #expect(document["name"]?.string == "Hans Peter")
        #expect(document["skills"]?.array?.first?.object?.map(\.name) == ["id", "name", "rank", "level", "xp"])
        #expect(document["activities"]?.array?.first?.object?.map(\.name) == ["id", "name", "rank", "score"])
        #expect((6000...7500).contains(document.compactBytes().count))
    }

    @Test(arguments: ["2025-03-01", "2025-11-05T23:00:00Z", "2026-08-20"])
    func separatedValuesHaveTheNumbersOfTheDocument(date: String) throws {
        let now = try moment(date)
        let hans = try makePlayer("Hans", "regular")
        let text = try #require(hans.separatedValues(board: .main, at: now))
        let converted = try IndexLite.document(text, at: now, name: "Hans").document
        #expect(try converted.canonicalBytes() == hans.document(board: .main, at: now)?.canonicalBytes())
    }

    /// Each account turns with its first logout after the service did.
    @Test func unrankedScoresTurnFromMinusOneToWhatTheyAre() throws {
        var turns: Set<String> = []
        for number in 0..<12 {
            let player = try makePlayer("Turn \(number)", "regular")
            for now in try dailyMoments(from: "2025-11-12T04:15:00Z", count: 60) {
                let document = try #require(player.hiscores(on: .main, at: now))
                let scores = document.activities.filter { $0.rank == -1 }.compactMap(\.score)
                if now < (try moment("2025-11-15")) {
                    #expect(scores.allSatisfy { $0 == -1 })
                } else if scores.contains(-1) {
                    #expect(scores.allSatisfy { $0 == -1 })
                } else {
                    turns.insert(now.dateText)
                    break
                }
            }
        }
        #expect(turns.contains("2025-11-15") && turns.count > 1)
    }

    @Test func boardsFollowFromTheKind() throws {
        let now = try moment("2026-05-01")
        let expected: [(kind: String, boards: Set<Board>)] = [
            ("regular", [.main]), ("ironman", [.main, .ironman]), ("hardcore", [.main, .ironman, .hardcoreIronman]),
            ("ultimate", [.main, .ironman, .ultimate]),
            ("dead-hardcore@2026-02-01", [.main, .ironman, .hardcoreIronman]),
            ("de-ironed@2026-02-01", [.main, .ironman]), ("de-ultimated@2026-02-01", [.main, .ironman, .ultimate]),
        ]
        for (kind, boards) in expected {
            let player = try makePlayer("Iban", kind)
            #expect(Set(Board.allCases.filter { player.hiscores(on: $0, at: now) != nil }) == boards, "\(kind)")
        }
    }

    @Test(arguments: [
        ("dead-hardcore@2026-02-01", Board.hardcoreIronman), ("de-ironed@2026-02-01", .ironman),
        ("de-ultimated@2026-02-01", .ultimate),
    ])
    func aBoardThatWasLeftStaysFrozen(kind: String, board: Board) throws {
        let player = try makePlayer("Jatix", kind)
        func experience(_ board: Board, _ date: String) throws -> Int64 {
            try #require(player.hiscores(on: board, at: try moment(date))?.skills.first?.xp)
        }
        #expect(try experience(board, "2026-01-31") == experience(.main, "2026-01-31"))
        #expect(try experience(board, "2026-02-02") == experience(board, "2026-07-01"))
        #expect(try experience(.main, "2026-07-01") > experience(board, "2026-07-01"))
    }

    @Test func aNewAccountBeginsWithNothing() throws {
        let player = try makePlayer("Kaqemeex", "ironman:2026-01-10T09:00:00Z")
        #expect(player.hiscores(on: .ironman, at: try moment("2026-01-10T08:59:00Z")) == nil)
        let young = try #require(player.hiscores(on: .ironman, at: try moment("2026-01-20")))
        #expect(
            young.skills.contains {
                $0.name != "Overall"
                    && $0
                        == SkillRow(
                            id: $0.id, name: $0.name, rank: -1, level: 1, xp: 0)
            })
        #expect(young.activities.contains { $0.rank == -1 && $0.score == 0 })
        let hitpoints = try #require(young.skills.first { $0.name == "Hitpoints" })
        #expect(hitpoints.level ?? 0 >= 10 && hitpoints.xp ?? 0 >= 1154)
        #expect(young.skills[0].level ?? 0 < 1500)
        let old = try #require(player.hiscores(on: .ironman, at: try moment("2026-11-20")))
        #expect(old.skills[0].xp ?? 0 > 2 * (young.skills[0].xp ?? 0))
    }

    @Test func momentsOutsideTheHistoryAreNotListed() throws {
        #expect(try makePlayer("Leela", "regular").hiscores(on: .main, at: try moment("2023-12-31T23:59:59Z")) == nil)
        #expect(try makePlayer("Leela", "regular:2015-01-01").hiscores(on: .main, at: try moment("2016-01-01")) == nil)
        #expect(try makePlayer("Leela", "regular:2015-01-01").hiscores(on: .main, at: try moment("2022-01-01")) != nil)
    }

    @Test(arguments: [
        "", "NoKind", "Name:", "Name:druid", ":regular", "Name:regular:soon", "Name:dead-hardcore",
        "Name:dead-hardcore@soon", "Name:regular@2026-01-01", "Name:de-ironed@2026-01-01:x",
    ])
    func textsThatDescribeNoPlayerAreRefused(text: String) {
        #expect(SimulatedPlayer(parsing: text, seed: 1) == nil)
    }
}
