import Diffing
import Hiscores
import Testing

@Suite("A difference in one line")
struct ChangeSummaryTests {
    private let before = HiscoreDocument(
        name: nil,
        skills: [
            SkillRow(id: 0, name: "Overall", rank: 10, level: 200, xp: 1_000_000),
            SkillRow(id: 1, name: "Attack", rank: 10, level: 40, xp: 50_000),
            SkillRow(id: 2, name: "Magic", rank: 10, level: 50, xp: 100_000),
            SkillRow(id: 3, name: "Mining", rank: -1, level: 1, xp: 0),
        ],
        activities: [
            ActivityRow(id: 0, name: "Grid Points", rank: -1, score: -1),
            ActivityRow(id: 1, name: "LMS - Rank", rank: 4, score: 957),
            ActivityRow(id: 2, name: "Zulrah", rank: 4, score: 10),
            ActivityRow(id: 3, name: "Vorkath", rank: 4, score: 10),
            ActivityRow(id: 4, name: "Yama", rank: 4, score: 10),
        ])

    private func summary(_ edit: (inout HiscoreDocument) -> Void) -> String {
        var after = before
        edit(&after)
        return ChangeSummary(HiscoreDiff(from: before, to: after)).description
    }

    @Test("Experience, levels and activities, Overall not counted twice")
    func gains() {
        let line = summary {
            $0.skills[0].xp = 1_012_000
            $0.skills[0].level = 201
            $0.skills[2].xp = 112_000
            $0.skills[2].level = 51
            $0.activities[2].score = 15
        }
        #expect(line == "ΔXP 12.00K | Levels: Magic(+1) | Activities: Zulrah(+5)")
    }

    @Test("Without a level, the largest gains of experience")
    func experience() {
        let line = summary {
            $0.skills[1].xp = 50_500
            $0.skills[2].xp = 1_350_000
        }
        #expect(line == "ΔXP 1.25M | XP gains: Magic(1.25M), Attack(500)")
    }

    @Test("Falls have a minus, and three names are the most")
    func falls() {
        let line = summary {
            $0.skills[2].xp = 98_500
            $0.skills[2].level = 49
            $0.activities[1].score = 950
            $0.activities[2].score = 11
            $0.activities[3].score = 13
            $0.activities[4].score = 12
        }
        #expect(line == "ΔXP -1.50K | Levels: Magic(-1) | Activities: LMS - Rank(-7), Vorkath(+3), Yama(+2)")
    }

    @Test("Entering and leaving a table, and new rows, are named and are no gain")
    func arrivals() {
        let line = summary {
            $0.skills[3] = SkillRow(id: 3, name: "Mining", rank: 9, level: 30, xp: 14_000)
            $0.activities[2] = ActivityRow(id: 2, name: "Zulrah", rank: -1, score: 0)
            $0.activities.removeLast()
            $0.activities.append(ActivityRow(id: 5, name: "Brutus", rank: 5, score: 100))
        }
        #expect(line == "Ranked: Mining | Unranked: Zulrah | New rows: Brutus | Removed rows: Yama")
    }

    @Test("Overall speaks where the skill that gained is not shown")
    func overallAlone() {
        #expect(summary { $0.skills[0].xp = 1_000_250 } == "Overall ΔXP 250")
    }

    @Test("Known without a rank is not called ranked, and unknown again is not called unranked")
    func knownWithoutRank() {
        #expect(summary { $0.activities[0].score = 7 } == "Now known: Grid Points")
        let known = HiscoreDocument(
            name: nil, skills: [SkillRow(id: 0, name: "Mining", rank: -1, level: 30, xp: 14_000)], activities: [])
        var unknown = known
        unknown.skills[0] = SkillRow(id: 0, name: "Mining", rank: -1, level: 1, xp: 0)
        #expect(ChangeSummary(HiscoreDiff(from: known, to: unknown)).description == "No longer known: Mining")
    }

    @Test("Where nothing counts, it says what else is different")
    func nothing() {
        #expect(summary { _ in } == "No changes since last snapshot.")
        #expect(summary { $0.skills[1].rank = 9 } == "Only ranks moved.")
        #expect(summary { $0.skills[0].rank = 9 } == "Only ranks moved.")
        #expect(summary { $0.activities[2].id = 7 } == "Layout changed.")
        let both = summary {
            $0.skills[1].rank = 9
            $0.activities[2].id = 7
        }
        #expect(both == "Only ranks and layout changed.")
        #expect(summary { $0.activities[0].score = 0 } == "Other details changed.")
        #expect(summary { $0.name = "Zezima" } == "Other details changed.")
        let level = summary {
            $0.skills[1].rank = 9
            $0.skills[1].level = nil
        }
        #expect(level == "Other details changed.")
        #expect(ChangeSummary(HiscoreDiff(from: nil, to: before)).description == "Initial snapshot.")
    }

    @Test(
        "Numbers from a thousand on have a unit and two decimals",
        arguments: [
            (0, "0"), (999, "999"), (-999, "-999"), (1_000, "1.00K"), (12_345, "12.35K"), (-1_204, "-1.20K"),
            (999_999, "1000.00K"), (1_000_000, "1.00M"), (200_000_000, "200.00M"), (4_800_000_000, "4.80B"),
            (.max, "9223372036.85B"), (.min, "-9223372036.85B"),
        ] as [(Int64, String)])
    func abbreviation(value: Int64, text: String) {
        #expect(ChangeSummary.abbreviated(value) == text)
    }
}
