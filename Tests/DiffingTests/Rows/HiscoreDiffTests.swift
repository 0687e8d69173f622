import Hiscores
import Testing

@testable import Diffing

@Suite("What changed between two hiscore documents")
struct HiscoreDiffTests {
    private func document(skills: [SkillRow] = [], activities: [ActivityRow] = []) -> HiscoreDocument {
        HiscoreDocument(name: nil, skills: skills, activities: activities)
    }

    private func skill(_ name: String, _ rank: Int64?, _ level: Int64?, _ xp: Int64?, id: Int64? = 0) -> SkillRow {
        SkillRow(id: id, name: name, rank: rank, level: level, xp: xp)
    }

    private func activity(_ name: String, _ rank: Int64?, _ score: Int64?, id: Int64? = 0) -> ActivityRow {
        ActivityRow(id: id, name: name, rank: rank, score: score)
    }

    private func difference(_ from: ActivityRow, _ to: ActivityRow) -> ActivityDifference {
        ActivityDifference(name: from.name, from: from, to: to)
    }

    private func difference(_ from: SkillRow, _ to: SkillRow) -> SkillDifference {
        SkillDifference(name: from.name, from: from, to: to)
    }

    @Test("Changes are what came minus what was; a better rank is negative")
    func changes() {
        let magic = difference(skill("Magic", 1000, 70, 737_627), skill("Magic", 900, 71, 814_445))
        #expect(magic.status == .changed)
        #expect((magic.rank.change, magic.level.change, magic.xp.change) == (-100, 1, 76_818))
        let arena = difference(activity("PvP Arena - Rank", 5, 3023), activity("PvP Arena - Rank", 6, 2983))
        #expect((arena.status, arena.score.change, arena.rank.change) == (.changed, -40, 1))
    }

    @Test("A row that enters or leaves a table is ranked or unranked, without a gain, and keeps its numbers as served")
    func ranking() {
        for unknown in [-1, 0, nil] as [Int64?] {
            let entered = difference(activity("Zulrah", -1, unknown), activity("Zulrah", 1_900_000, 50))
            #expect(entered.status == .ranked)
            #expect((entered.score.from, entered.score.to, entered.score.change) == (unknown, 50, nil))
            #expect((entered.rank.from, entered.rank.change) == (-1, nil))
            let left = difference(activity("Zulrah", 1_900_000, 50), activity("Zulrah", -1, unknown))
            #expect(left.status == .unranked)
            #expect((left.score.to, left.score.change) == (unknown, nil))
        }
        let sailing = difference(skill("Sailing", -1, 1, 0), skill("Sailing", 1_500_000, 12, 1_500))
        #expect((sailing.status, sailing.xp.change, sailing.level.change) == (.ranked, nil, nil))
    }

    @Test("An unknown value served in another way is no change")
    func representations() {
        let forms: [Int64?] = [-1, 0, nil]
        for from in forms {
            for to in forms {
                let row = difference(activity("Zulrah", -1, from), activity("Zulrah", -1, to))
                #expect((row.status, row.score.change) == (.unchanged, nil))
                let skill = difference(skill("Sailing", -1, from, from), skill("Sailing", -1, 1, to))
                #expect((skill.status, skill.level.change, skill.xp.change) == (.unchanged, nil, nil))
            }
        }
    }

    @Test("A number without a rank that says more than nothing is known")
    func unrankedButKnown() {
        let attack = difference(skill("Attack", -1, 60, 277_453), skill("Attack", -1, 61, 303_000))
        #expect((attack.status, attack.xp.change, attack.level.change) == (.changed, 25_547, 1))
        #expect(attack.rank.change == nil)
        let prayer = difference(skill("Prayer", -1, 1, 14), skill("Prayer", 1_999_999, 2, 90))
        #expect((prayer.status, prayer.xp.change, prayer.level.change, prayer.rank.change) == (.changed, 76, 1, nil))
        let score = difference(activity("Mimic", -1, 3), activity("Mimic", 9, 3))
        #expect((score.status, score.rank.change) == (.rankOnly, nil))
        // A level is known, the experience that goes with it was not served.
        let level = difference(skill("Magic", -1, 60, -1), skill("Magic", 1_000, 61, 303_000))
        #expect((level.status, level.level.change, level.xp.change) == (.changed, 1, nil))
    }

    @Test("A ranked zero is a number")
    func rankedZero() {
        let row = difference(activity("LMS - Rank", 7, 0), activity("LMS - Rank", 6, 2))
        #expect((row.status, row.score.change) == (.changed, 2))
    }

    @Test("A moved rank alone is rank_only, and counted in both sections but not for Overall")
    func rankOnly() {
        let from = document(
            skills: [skill("Overall", 9, 100, 1_000), skill("Magic", 5, 10, 1_154)],
            activities: [activity("Zulrah", 3, 1), activity("Mimic", 3, 1)])
        let to = document(
            skills: [skill("Overall", 8, 100, 1_000), skill("Magic", 6, 10, 1_154)],
            activities: [activity("Zulrah", 4, 1), activity("Mimic", 3, 1)])
        let diff = HiscoreDiff(from: from, to: to)
        #expect(diff.rankOnlyChanges == 2)
        #expect(diff.overall.rank.change == -1)
        #expect(diff.skills(.play).isEmpty && diff.activities(.play).isEmpty)
        #expect(diff.skills(.playAndRanks).map(\.name) == ["Magic"])
        #expect(diff.activities(.playAndRanks).map(\.name) == ["Zulrah"])
        #expect(diff.activities(.all).map(\.status) == [.rankOnly, .unchanged])
        #expect(diff.activities[0].status.rawValue == "rank_only")
    }

    @Test("Overall stands apart and is part of no sum; falls are counted")
    func totals() {
        let from = document(skills: [
            skill("Overall", 1, 100, 4_600_000_000), skill("Magic", 1, 50, 200_000_000), skill("Mining", 1, 40, 1_000),
            skill("Sailing", -1, 1, 0),
        ])
        let to = document(skills: [
            skill("Overall", 1, 103, 4_800_000_000), skill("Magic", 1, 53, 200_000_500), skill("Mining", 1, 39, 900),
            skill("Sailing", 1, 5, 400),
        ])
        let diff = HiscoreDiff(from: from, to: to)
        #expect(diff.overall.xp.change == 200_000_000)
        #expect((diff.totals.xpGained, diff.totals.levelsGained) == (400, 2))
        #expect(diff.skills.map(\.name) == ["Magic", "Mining", "Sailing"])
    }

    @Test("Rows stand in the order of the second document, then the removed ones; renumbering is layout, not play")
    func layout() {
        let from = document(
            skills: [skill("Attack", 1, 2, 83, id: 1)],
            activities: [
                activity("Gone", 1, 1, id: 0), activity("A", 1, 1, id: 1), activity("Gone too", 1, 1, id: 2),
                activity("C", 1, 1, id: 3), activity("No number", 1, 1, id: nil),
            ])
        let to = document(
            skills: [skill("Attack", 1, 2, 83, id: 1), skill("Sailing", -1, 1, 0, id: 24)],
            activities: [
                activity("A", 1, 1, id: 1), activity("B", 5, 7, id: 2), activity("C", 1, 1, id: 4),
                activity("No number", 1, 1, id: 5),
            ])
        let diff = HiscoreDiff(from: from, to: to)
        #expect(diff.activities.map(\.name) == ["A", "B", "C", "No number", "Gone", "Gone too"])
        #expect(diff.activities.map(\.status) == [.unchanged, .added, .unchanged, .unchanged, .removed, .removed])
        #expect(diff.activities[1].score == Change(from: nil, to: 7, knownFrom: nil, knownTo: 7))
        #expect(diff.activities[1].score.change == nil)
        #expect(diff.layout.added == ["Sailing", "B"])
        #expect(diff.layout.removed == ["Gone", "Gone too"])
        #expect(diff.layout.renumbered == ["C"])
        #expect(HiscoreDiff(from: to, to: to).layout.isUnchanged)
    }

    @Test("With nothing before, every row is added, nothing is gained, and there is no layout change")
    func first() {
        let to = document(
            skills: [skill("Overall", 1, 100, 5_000), skill("Magic", 1, 50, 5_000)],
            activities: [activity("Zulrah", 1, 5), activity("Mimic", -1, -1)])
        let diff = HiscoreDiff(from: nil, to: to)
        #expect(diff.isFirst && diff.layout.isUnchanged)
        #expect((diff.overall.status, diff.overall.xp.from, diff.overall.xp.to) == (.added, nil, 5_000))
        #expect(diff.skills.allSatisfy { $0.status == .added && $0.xp.from == nil && $0.xp.change == nil })
        #expect(diff.activities.map(\.status) == [.added, .added])
        #expect((diff.totals.xpGained, diff.totals.levelsGained) == (0, 0))
    }

    @Test("Rows of one name are matched the nth with the nth, and none is lost")
    func duplicateNames() {
        let from = document(
            skills: [skill("Overall", 1, 9, 9), skill("Overall", 1, 7, 7)],
            activities: [activity("A", 1, 1), activity("A", 1, 10), activity("B", 1, 5), activity("A", 1, 100)])
        let to = document(
            skills: [skill("Overall", 1, 9, 10), skill("Overall", 1, 7, 8)],
            activities: [activity("A", 1, 2), activity("A", 1, 30)])
        let diff = HiscoreDiff(from: from, to: to)
        #expect(diff.activities.map(\.name) == ["A", "A", "A", "B"])
        #expect(diff.activities.map(\.score.change) == [1, 20, nil, nil])
        #expect(diff.activities[2].score.from == 100)
        #expect(diff.skills.map(\.xp.change) == [1])
        #expect(diff.totals.xpGained == 0, "a second Overall is not summed either")
    }

    @Test("Numbers at the ends of 64 bits do not trap")
    func extremes() {
        let from = document(skills: [
            skill("A", 1, .min, 0), skill("B", 1, 1, 0), skill("C", .min, .min, .min), skill("D", .max, 0, .max),
        ])
        let to = document(skills: [
            skill("A", 1, .max, .max), skill("B", .max, .max, .max), skill("C", .max, .max, .max), skill("D", 1, 0, 0),
        ])
        let diff = HiscoreDiff(from: from, to: to)
        #expect(diff.totals.levelsGained == .max - 1)
        #expect(diff.totals.xpGained == 0, "held at the top, then one fall as large")
        #expect(Change(from: .min, to: .max, knownFrom: .min, knownTo: .max).change == nil)
    }

    @Test("Empty documents differ in nothing")
    func empty() {
        let diff = HiscoreDiff(from: document(), to: document())
        #expect(diff.overall.status == .unchanged && diff.overall.xp.to == nil)
        #expect(diff.skills.isEmpty && diff.activities.isEmpty && diff.rankOnlyChanges == 0)
    }
}
