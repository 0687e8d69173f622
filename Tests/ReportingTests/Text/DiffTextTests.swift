import Diffing
import Hiscores
import Reporting
import Testing

@Suite("A difference for people")
struct DiffTextTests {
    @Test("Play, layout and moved ranks told apart; falls are shown")
    func table() {
        #expect(
            DiffText.table(Samples.diff, Samples.ends) == """
                Lynx Titan on main
                  from  2026-01-01 00:00:00 UTC  a1a1a1a1a1a1  lynx_titan~1
                  to    2026-01-08 00:00:00 UTC  b2b2b2b2b2b2  lynx_titan
                  7 days later

                Skills           Rank  Change  Level  Change             XP   Change  Status
                Overall        83,063    -120  2,278      +1  4,600,000,000  +12,345
                Magic             900    -100     71      +1        750,072  +12,445
                Mining            512     +12     40                 37,124     -100
                Hunter      1,999,999             20                  4,470           ranked

                Activities       Rank  Change                         Score   Change  Status
                LMS - Rank         44      +3                           950       -7
                Mimic               -                                     -           unranked, was 3
                Zulrah             19      -1                         1,215      +15

                Layout
                  added       Sailing (level 12, 1,500 XP), Grid Points (unranked)
                  removed     Old Row (was 12)
                  renumbered  LMS - Rank, Mimic

                2 rows moved in rank only (diff --ranks shows them)
                """)
    }

    @Test("Moved ranks and all rows on request")
    func rows() {
        let ranks = DiffText.table(Samples.diff, Samples.ends, rows: .playAndRanks)
        #expect(ranks.contains("\nYama               91      +1                            10\n"))
        #expect(!ranks.contains("in rank only") && !ranks.contains("Vorkath"))
        let all = DiffText.table(Samples.diff, Samples.ends, rows: .all)
        #expect(all.contains("\nVorkath             -                                     -\n"))
    }

    @Test("A few numbers")
    func stat() {
        #expect(
            DiffText.stat(Samples.diff, Samples.ends) == """
                Lynx Titan on main, 2026-01-01 00:00:00 UTC to 2026-01-08 00:00:00 UTC (7 days later)
                  XP gained      +12,345 (73 per hour)
                  levels gained  +1
                  Overall        rank 83,063 (-120), level 2,278 (+1), XP 4,600,000,000 (+12,345)
                  rows           4 changed, 1 ranked, 1 unranked, 2 rank only
                  layout         2 added, 1 removed, 2 renumbered
                """)
    }

    @Test("Markdown, a table a section")
    func markdown() {
        #expect(
            DiffText.markdown(Samples.diff, Samples.ends) == #"""
                ### Lynx Titan on main

                2026-01-01 00:00:00 UTC to 2026-01-08 00:00:00 UTC (7 days later)

                | Skills | Rank | Change | Level | Change | XP | Change | Status |
                | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |
                | Overall | 83,063 | -120 | 2,278 | +1 | 4,600,000,000 | +12,345 |  |
                | Magic | 900 | -100 | 71 | +1 | 750,072 | +12,445 |  |
                | Mining | 512 | +12 | 40 |  | 37,124 | -100 |  |
                | Hunter | 1,999,999 |  | 20 |  | 4,470 |  | ranked |

                | Activities | Rank | Change | Score | Change | Status |
                | --- | ---: | ---: | ---: | ---: | --- |
                | LMS - Rank | 44 | +3 | 950 | -7 |  |
                | Mimic | - |  | - |  | unranked, was 3 |
                | Zulrah | 19 | -1 | 1,215 | +15 |  |

                **Layout**

                - added: Sailing (level 12, 1,500 XP), Grid Points (unranked)
                - removed: Old Row (was 12)
                - renumbered: LMS - Rank, Mimic

                2 rows moved in rank only
                """#)
    }

    @Test("Known without a rank is not called ranked, and unknown again is not called unranked")
    func knownWithoutRank() {
        let from = HiscoreDocument(
            name: nil,
            skills: [
                SkillRow(id: 0, name: "Hunter", rank: -1, level: 1, xp: 0),
                SkillRow(id: 1, name: "Magic", rank: -1, level: 20, xp: -1),
            ],
            activities: [
                ActivityRow(id: 0, name: "Soul Wars Zeal", rank: -1, score: -1),
                ActivityRow(id: 1, name: "Yama", rank: -1, score: 4),
            ])
        var to = from
        to.skills[0].xp = 74
        to.skills[1].level = 1
        to.activities[0].score = 74
        to.activities[1].score = -1
        let diff = HiscoreDiff(from: from, to: to)
        #expect(
            DiffText.table(diff, Samples.ends).hasSuffix(
                """
                Skills          Rank  Level     XP  Status
                Hunter             -      1     74  XP known
                Magic              -      -      -  level unknown, was 20

                Activities      Rank         Score  Status
                Soul Wars Zeal     -            74  score known
                Yama               -             -  score unknown, was 4
                """))
        #expect(DiffText.stat(diff, Samples.ends).hasSuffix("rows           2 now known, 2 no longer known"))
    }

    @Test("Where Overall counts what the rows do not show as a change, that is said")
    func uncounted() {
        var after = Samples.after
        after.skills[0].xp = 4_600_005_970
        let diff = HiscoreDiff(from: Samples.before, to: after)
        let words = "5,970 XP in rows that are new or newly ranked"
        #expect(DiffText.stat(diff, Samples.ends).contains("\n  not counted    \(words)\n  rows "))
        let notes = "\n\nOverall's change includes \(words)\n"
        #expect(
            DiffText.table(diff, Samples.ends).hasSuffix("\(notes)2 rows moved in rank only (diff --ranks shows them)"))
        #expect(DiffText.markdown(diff, Samples.ends).hasSuffix("\(notes)\n2 rows moved in rank only"))
        let zezima = Samples.snapshot("zezima", 1, at: "2026-01-09T00:00:00Z", player: "zezima")
        #expect(
            DiffText.stat(diff, DiffEnds(from: zezima, to: Samples.ends.to))
                .contains("5,970 XP in rows that only one side has\n"))
        let back = HiscoreDiff(from: after, to: Samples.before)
        #expect(
            DiffText.stat(back, Samples.ends).contains("-5,970 XP in rows that are no longer ranked or removed\n"))

        // A gain in a skill that neither document shows is explained by no row.
        after = Samples.before
        after.skills[0].xp = 4_600_000_000
        #expect(
            !DiffText.stat(HiscoreDiff(from: Samples.before, to: after), Samples.ends).contains("not counted"))
        after.skills[0].xp = nil
        after.skills[3] = SkillRow(id: 3, name: "Hunter", rank: 9, level: 2, xp: 100)
        #expect(
            !DiffText.stat(HiscoreDiff(from: Samples.before, to: after), Samples.ends).contains("not counted"))
    }

    @Test("Markdown escapes what would be markup, and nothing else")
    func escapes() {
        let from = HiscoreDocument(
            name: nil, skills: [],
            activities: [ActivityRow(id: 0, name: "a_b _c_ *d* <e> [f] `g` \\ h|i", rank: 1, score: 1)])
        var to = from
        to.activities[0].score = 2
        let stranger = Samples.snapshot("iron_wick", 1, at: "2026-01-09T00:00:00Z", displayName: nil)
        let text = DiffText.markdown(
            HiscoreDiff(from: from, to: to), DiffEnds(from: stranger, to: stranger))
        #expect(text.hasPrefix("### lynx_titan on main\n"))
        #expect(text.contains(#"| a_b \_c\_ \*d\* \<e> \[f] \`g\` \\ h\|i |"#))
    }

    @Test("A first capture says so, shows the rows that say something, and gains nothing")
    func first() {
        let diff = HiscoreDiff(from: nil, to: Samples.after)
        #expect(
            DiffText.table(diff, Samples.first) == """
                Lynx Titan on main
                  to    2026-01-08 00:00:00 UTC  b2b2b2b2b2b2  lynx_titan

                first capture: there is nothing before to compare with

                Skills           Rank  Level             XP
                Overall        83,063  2,278  4,600,000,000
                Magic             900     71        750,072
                Mining            512     40         37,124
                Hunter      1,999,999     20          4,470
                Cooking             8     99    200,000,000
                Sailing     1,500,000     12          1,500

                Activities       Rank                 Score
                LMS - Rank         44                   950
                Yama               91                    10
                Zulrah             19                 1,215
                """)
        #expect(DiffText.table(diff, Samples.first, rows: .all).contains("\nVorkath"))
        #expect(
            DiffText.stat(diff, Samples.first) == """
                Lynx Titan on main
                  first capture: there is nothing before to compare with
                """)
        #expect(
            DiffText.markdown(diff, Samples.first).hasPrefix(
                "### Lynx Titan on main\n\n*first capture: there is nothing before to compare with*\n\n| Skills |"))
    }

    @Test("Identical snapshots say so")
    func identical() {
        let ends = DiffEnds(from: Samples.ends.to, to: Samples.ends.to)
        let diff = HiscoreDiff(from: Samples.after, to: Samples.after)
        #expect(
            DiffText.table(diff, ends) == """
                Lynx Titan on main
                  from  2026-01-08 00:00:00 UTC  b2b2b2b2b2b2  lynx_titan
                  to    2026-01-08 00:00:00 UTC  b2b2b2b2b2b2  lynx_titan
                  at the same moment

                identical: both are the same snapshot
                """)
        #expect(DiffText.stat(diff, ends).hasSuffix("\n  identical: both are the same snapshot"))
        #expect(DiffText.markdown(diff, ends).hasSuffix("\n\n*identical: both are the same snapshot*"))
    }

    @Test("The same progress under other ranks says so, and so does a difference that no row shows")
    func ranksOnly() {
        var to = Samples.before
        to.skills[1].rank = 1
        var end = Samples.ends.to
        end.progress = Samples.ends.from?.progress
        let ends = DiffEnds(from: Samples.ends.from, to: end)
        let ranks = HiscoreDiff(from: Samples.before, to: to)
        #expect(
            DiffText.table(ranks, ends).hasSuffix(
                "\n\nthe same progress: only ranks moved\n\n1 row moved in rank only (diff --ranks shows them)"))
        let none = HiscoreDiff(from: Samples.after, to: Samples.after)
        #expect(DiffText.table(none, Samples.ends).hasSuffix("\n\nno difference"))
    }

    @Test("Two players: one relative to the other, nothing gained")
    func twoPlayers() {
        let zezima = Samples.snapshot("zezima", 1, at: "2026-01-09T00:00:00Z", player: "zezima", displayName: "Zezima")
        let ends = DiffEnds(from: zezima, to: Samples.ends.to)
        let texts = [
            DiffText.table(Samples.diff, ends), DiffText.stat(Samples.diff, ends),
            DiffText.markdown(Samples.diff, ends),
        ]
        for text in texts {
            #expect(text.contains("Lynx Titan on main relative to Zezima on main"))
            #expect(!text.contains("gained") && !text.contains("per hour"))
            #expect(!text.contains("(was ") && !text.contains("two boards"))
            #expect(text.contains("1 day earlier"))
        }
        #expect(texts[0].contains("unranked, against 3\n"))
        #expect(texts[0].hasSuffix("2 rows differ in rank only (diff --ranks shows them)"))
        #expect(texts[1].contains("\n  XP difference     +12,345\n  level difference  +1\n"))
    }

    @Test("Two boards of one player are no gain either, and there is a warning")
    func twoBoards() {
        let iron = Samples.snapshot("ironman/lynx_titan", 1, at: "2026-01-01T00:00:00Z", board: .ironman)
        let ends = DiffEnds(from: iron, to: Samples.ends.to)
        let warning = "two boards (ironman, main): their ranks do not compare"
        #expect(DiffText.table(Samples.diff, ends).contains("\n  7 days later\n  \(warning)"))
        #expect(DiffText.stat(Samples.diff, ends).hasPrefix("Lynx Titan on main relative to Lynx Titan on ironman, "))
        #expect(DiffText.stat(Samples.diff, ends).contains("\n  \(warning)"))
        #expect(DiffText.markdown(Samples.diff, ends).contains("\n\n*\(warning)"))
        #expect(!DiffText.stat(Samples.diff, ends).contains("gained"))
    }

    @Test("A snapshot that no log mentions is named by its id")
    func stray() {
        let stray = ReportedSnapshot(
            ref: "03030303", player: nil, board: nil, capturedAt: nil, snapshot: Samples.id(3), progress: nil)
        let text = DiffText.table(Samples.diff, DiffEnds(from: stray, to: Samples.ends.to))
        #expect(
            text.hasPrefix("Lynx Titan on main relative to snapshot 030303030303\n  from  -  030303030303  03030303\n"))
        #expect(!text.contains("later"))
    }

    @Test("Long lists of renumbered rows are cut unless all is asked for")
    func manyRenumbered() {
        let rows = (0..<12).map { ActivityRow(id: Int64($0), name: "Row \($0)", rank: 1, score: 1) }
        let from = HiscoreDocument(name: nil, skills: [], activities: rows)
        var to = from
        for index in to.activities.indices { to.activities[index].id = Int64(index + 1) }
        let shown = (0..<10).map { "Row \($0)" }.joined(separator: ", ")
        let diff = HiscoreDiff(from: from, to: to)
        #expect(DiffText.table(diff, Samples.ends).hasSuffix("\n  renumbered  \(shown) and 2 more"))
        #expect(DiffText.table(diff, Samples.ends, rows: .all).hasSuffix("Row 10, Row 11"))
    }

    @Test("Colours: gains green, falls red, better ranks green, new rows cyan")
    func colours() {
        let text = DiffText.table(Samples.diff, Samples.ends, style: Style(isColoured: true))
        for piece in [
            "[32m-120", "[32m+12,345", "[31m-100", "[31m+12", "[36mranked", "[33munranked, was 3", "[1mLayout",
        ] {
            #expect(text.contains("\u{1B}\(piece)\u{1B}[0m"))
        }
        let plain = DiffText.table(Samples.diff, Samples.ends)
        #expect(text.replacing(/\u{1B}\[[0-9]*m/, with: "") == plain)
    }

    @Test("Numbers at the ends of 64 bits and rows from outside")
    func extremes() {
        let from = HiscoreDocument(
            name: nil, skills: [SkillRow(id: 0, name: "A|\u{1B}[2J", rank: 1, level: .min, xp: 0)],
            activities: [ActivityRow(id: 0, name: "B,\"\u{202E}", rank: 1, score: 0)])
        var to = from
        to.skills[0].xp = .max
        to.activities[0].score = .max
        let diff = HiscoreDiff(from: from, to: to)
        let table = DiffText.table(diff, Samples.ends)
        #expect(table.contains("  9,223,372,036,854,775,807  +9,223,372,036,854,775,807\n"))
        #expect(table.contains(#"A|\u{1B}[2J "#))
        #expect(!table.unicodeScalars.contains("\u{1B}") && !table.unicodeScalars.contains("\u{202E}"))
        #expect(DiffText.markdown(diff, Samples.ends).contains(#"| A\|\\u{1B}\[2J |"#))
        #expect(
            DiffCSV.text(diff).hasSuffix(
                #"activities,"B,""\u{202E}",changed,1,1,0,,,,0,9223372036854775807,9223372036854775807"#))
    }
}
