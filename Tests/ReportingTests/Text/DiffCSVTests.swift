import Diffing
import Hiscores
import Reporting
import Testing

@Suite("A difference as comma-separated values")
struct DiffCSVTests {
    @Test("The header of the contract, then a line a row")
    func rows() {
        #expect(
            DiffCSV.text(Samples.diff) == """
                section,name,status,rank_from,rank_to,rank_change,level_from,level_to,level_change,value_from,value_to,value_change
                overall,Overall,changed,83183,83063,-120,2277,2278,1,4599987655,4600000000,12345
                skills,Magic,changed,1000,900,-100,70,71,1,737627,750072,12445
                skills,Mining,changed,500,512,12,40,40,0,37224,37124,-100
                skills,Hunter,ranked,-1,1999999,,1,20,,0,4470,
                skills,Sailing,added,,1500000,,,12,,,1500,
                activities,Grid Points,added,,-1,,,,,,-1,
                activities,LMS - Rank,changed,41,44,3,,,,957,950,-7
                activities,Mimic,unranked,12345,-1,,,,,3,0,
                activities,Zulrah,changed,20,19,-1,,,,1200,1215,15
                activities,Old Row,removed,3,,,,,,12,,
                """)
    }

    @Test("Overall stands there when it changed, or with all rows; never where no document has it")
    func overall() {
        let same = HiscoreDiff(from: Samples.before, to: Samples.before)
        #expect(DiffCSV.text(same) == DiffCSV.header)
        #expect(DiffCSV.text(same, rows: .all).contains("\noverall,Overall,unchanged,83183,83183,0,"))
        let empty = HiscoreDocument(name: nil, skills: [], activities: [])
        #expect(DiffCSV.text(HiscoreDiff(from: empty, to: empty), rows: .all) == DiffCSV.header)
    }

    @Test(
        "A field with a comma or a quote stands in quotes; control characters are made printable",
        arguments: [
            ("a,b", #""a,b""#), ("a\"b", #""a""b""#), ("\"\u{301}", "\"\"\"\u{301}\""), ("plain", "plain"),
            ("a\nb", #"a\u{A}b"#),
        ])
    func quoting(name: String, field: String) {
        let from = HiscoreDocument(name: nil, skills: [], activities: [])
        let to = HiscoreDocument(name: nil, skills: [], activities: [ActivityRow(id: 0, name: name, rank: 1, score: 2)])
        let line = DiffCSV.text(HiscoreDiff(from: from, to: to)).dropFirst(DiffCSV.header.count + 1)
        #expect(String(line) == "activities,\(field),added,,1,,,,,,2,")
    }
}
