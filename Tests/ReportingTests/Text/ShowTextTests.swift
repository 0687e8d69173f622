import CanonicalJSON
import Hiscores
import ObjectStore
import Reporting
import Testing

@Suite("A snapshot for people")
struct ShowTextTests {
    @Test("Skills, then activities by kind; rows that say nothing left out")
    func text() {
        #expect(
            ShowText.text(Samples.after, of: Samples.ends.to) == """
                Lynx Titan on main, 2026-01-08 00:00:00 UTC
                snapshot  b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2
                progress  4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d

                Skills           Rank  Level             XP
                Overall        83,063  2,278  4,600,000,000
                Magic             900     71        750,072
                Mining            512     40         37,124
                Hunter      1,999,999     20          4,470
                Cooking             8     99    200,000,000
                Sailing     1,500,000     12          1,500

                Minigames        Rank                 Score
                LMS - Rank         44                   950

                Bosses           Rank                 Score
                Yama               91                    10
                Zulrah             19                 1,215

                3 activity rows without a score not shown (--all)
                """)
    }

    @Test("All rows; an unranked one is hyphens, one below the tables keeps its numbers, an unknown one is under Other")
    func complete() {
        let document = HiscoreDocument(
            name: nil,
            skills: [
                SkillRow(id: 0, name: "Attack", rank: -1, level: 1, xp: 0),
                SkillRow(id: 1, name: "Magic", rank: -1, level: 60, xp: 277_453),
            ],
            activities: [
                ActivityRow(id: 0, name: "A New Row", rank: 5, score: 7),
                ActivityRow(id: 1, name: "Clue Scrolls (all)", rank: 6, score: 8),
                ActivityRow(id: 2, name: "Collections Logged", rank: -1, score: -1),
            ],
            extra: [JSONMember("season\u{7}", .integer(1))])
        var snapshot = Samples.ends.to
        snapshot.progress = nil
        #expect(
            ShowText.text(document, of: snapshot, isComplete: true) == """
                Lynx Titan on main, 2026-01-08 00:00:00 UTC
                snapshot  b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2

                Skills              Rank  Level       XP
                Attack                 -      -        -
                Magic                  -     60  277,453

                Clue Scrolls        Rank           Score
                Clue Scrolls (all)     6               8

                Points              Rank           Score
                Collections Logged     -               -

                Other               Rank           Score
                A New Row              5               7

                also in the document: members season\\u{7}
                """)
    }

    @Test("A document without rows and without a place in history")
    func empty() {
        let stray = ReportedSnapshot(
            ref: "03030303", player: nil, board: nil, capturedAt: nil, snapshot: Samples.id(3), progress: nil)
        let document = HiscoreDocument(name: nil, skills: [], activities: [])
        #expect(ShowText.text(document, of: stray) == "snapshot\nsnapshot  \(Samples.id(3).hex)")
    }
}
