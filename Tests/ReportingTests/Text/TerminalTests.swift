import CivilTime
import Testing

@testable import Reporting

@Suite("Text on a terminal")
struct TerminalTests {
    @Test(
        "Characters that drive a terminal or turn text around are written out",
        arguments: [
            ("\u{1B}[2J", #"\u{1B}[2J"#), ("a\tb\r\n", #"a\u{9}b\u{D}\u{A}"#), ("\u{9B}31m", #"\u{9B}31m"#),
            ("\u{7F}\0", #"\u{7F}\u{0}"#), ("\u{202E}exe\u{2066}", #"\u{202E}exe\u{2066}"#),
            ("\u{61C}\u{200F}\u{2028}", #"\u{61C}\u{200F}\u{2028}"#), ("Kree'Arra é 力 👑", "Kree'Arra é 力 👑"), ("", ""),
        ])
    func printable(text: String, safe: String) { #expect(Printable.text(text) == safe) }

    @Test(
        "Columns that a text takes",
        arguments: [("abc", 3), ("é", 1), ("e\u{301}", 1), ("力", 2), ("ｗ", 2), ("👑", 2), ("a\u{200D}b", 2), ("", 0)])
    func width(text: String, columns: Int) { #expect(DisplayWidth.of(text) == columns) }

    @Test("Columns are aligned by width, and no line ends in spaces")
    func alignment() {
        let table = TextTable(
            [("Name", .leading), ("Score", .trailing), ("Empty", .leading), ("Note", .leading)],
            rows: [["力力", "1", "", "x"], ["abcdefg", "1,000", "", ""]])
        #expect(table.lines(.plain) == ["Name     Score  Note", "力力         1  x", "abcdefg  1,000"])
    }

    @Test("Markdown escapes what would begin markup, and no underscore within a word")
    func markdown() {
        #expect(MarkdownTable.escaped(#"a|b\_*<x>`[y]"#) == #"a|b\\\_\*\<x>\`\[y]"#)
        #expect(MarkdownTable.escaped("_iron_wick_2 a__b _") == #"\_iron_wick_2 a\_\_b \_"#)
    }

    @Test(
        "Numbers in groups of three, with a sign for changes",
        arguments: [
            (0, "0", "0"), (999, "999", "+999"), (-1_000, "-1,000", "-1,000"),
            (4_600_000_000, "4,600,000,000", "+4,600,000,000"),
            (.min, "-9,223,372,036,854,775,808", "-9,223,372,036,854,775,808"),
        ] as [(Int64, String, String)])
    func numbers(value: Int64, grouped: String, signed: String) {
        #expect(Numbers.grouped(value) == grouped)
        #expect(Numbers.signed(value) == signed)
    }

    @Test(
        "Lengths of time in their two largest units",
        arguments: [
            (0, "at the same moment"), (1, "1 ms later"), (-61_001, "1 min 1 s earlier"), (3_600_000, "1 h later"),
            (97_200_000, "1 day 3 h later"), (604_800_001, "7 days later"), (86_460_000, "1 day later"),
            (.min, "106751991167 days 7 h earlier"),
        ] as [(Int64, String)])
    func spans(milliseconds: Int64, text: String) {
        #expect(Times.distance(milliseconds: milliseconds).filter { $0 != "," } == text)
    }

    @Test("Milliseconds of a moment show only where there are any")
    func moments() {
        #expect(Times.moment(Samples.moment("2026-01-01T00:00:00Z")) == "2026-01-01 00:00:00 UTC")
        #expect(Times.moment(Samples.moment("2026-01-01T00:00:00.007Z")) == "2026-01-01 00:00:00.007 UTC")
        #expect(Times.moment(nil as Timestamp?) == "-")
    }

    @Test("A progress line fits its width")
    func progress() {
        func line(_ done: Int, _ total: Int?, detail: String = "", width: Int = 80) -> String {
            ProgressLine.text("import", done: done, total: total, detail: detail, width: width)
        }
        #expect(line(1_234, 5_678, detail: "main.jsonl") == "import 1,234/5,678 (21 %) main.jsonl")
        #expect(line(1_234, nil) == "import 1,234")
        #expect(line(0, 0) == "import 0/0")
        #expect(line(5_677, 5_678) == "import 5,677/5,678 (99 %)")
        #expect(line(6_000, 5_678) == "import 6,000/5,678 (100 %)")
        #expect(line(1_234, 5_678, detail: "力力力力", width: 31) == "import 1,234/5,678 (21 %) 力力…")
        #expect(line(1_234, 5_678, width: 10) == "import 1,…")
        #expect(line(1, 2, width: 1) == "…")
        #expect(line(1, 2, width: 0).isEmpty)
        #expect(
            line(.max, .max, detail: "\u{1B}")
                == "import 9,223,372,036,854,775,807/9,223,372,036,854,775,807 (100 %) \\u{1B}")
    }
}
