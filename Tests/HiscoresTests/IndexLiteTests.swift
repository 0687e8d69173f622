import CanonicalJSON
import CivilTime
import TestSupport
import Testing

@testable import Hiscores

@Suite struct IndexLiteTests {
    private static let day = "2026-08-10T00:00:00Z"

    private static func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    /// An answer of so many skills and activities; the numbers of each row tell its place.
    private static func text(skills: Int, activities: Int, lineBreak: String = "\n") -> String {
        let skills = (0..<skills).map { "\($0 + 1),\($0 + 2),\($0 + 3)" }
        let activities = (0..<activities).map { "\($0 + 1000),\($0 + 2000)" }
        return (skills + activities).map { $0 + lineBreak }.joined()
    }

    private static func convert(_ text: String, at moment: String = day, name: String? = nil) throws
        -> IndexLite.Conversion
    {
        try IndexLite.document(Array(text.utf8), at: Self.moment(moment), name: name)
    }

    private static func reason(_ text: String, at moment: String = day) throws -> IndexLiteError? {
        do {
            _ = try convert(text, at: moment)
            return nil
        } catch let error as IndexLiteError {
            return error
        }
    }

    @Test func rowsGetTheNamesOfTheirPlaces() throws {
        let conversion = try Self.convert(Self.text(skills: 25, activities: 91), name: "Zezima")
        let document = try #require(HiscoreDocument(conversion.document))
        #expect(document.name == "Zezima")
        #expect(document.skills[24] == SkillRow(id: 24, name: "Sailing", rank: 25, level: 26, xp: 27))
        #expect(document.activities[90] == ActivityRow(id: 90, name: "Zulrah", rank: 1090, score: 2090))
        #expect(conversion.layout == .newest)
        #expect(conversion.unknownRows.isEmpty)
        #expect(try Self.convert(Self.text(skills: 25, activities: 91)).document["name"] == nil)
    }

    @Test func textAndDocumentGoBothWays() throws {
        let text = Self.text(skills: 25, activities: 91)
        let document = try #require(HiscoreDocument(Self.convert(text).document))
        #expect(IndexLite.text(of: document) == Array(text.utf8))
        let absent = HiscoreDocument(
            name: nil, skills: [SkillRow(id: 0, name: "Overall", rank: nil, level: 1, xp: nil)], activities: [])
        #expect(IndexLite.text(of: absent) == Array("-1,1,-1\n".utf8))
    }

    @Test func lineBreaksOfAllKindsAreRead() throws {
        let expected = try Self.convert(Self.text(skills: 25, activities: 91))
        #expect(try Self.convert(Self.text(skills: 25, activities: 91, lineBreak: "\r\n")) == expected)
        #expect(try Self.convert(Self.text(skills: 25, activities: 91) + "\n \r\n\n") == expected)
        #expect(try Self.convert(String(Self.text(skills: 25, activities: 91).dropLast())) == expected)
    }

    @Test func fewerRowsAreTruncated() throws {
        #expect(
            try Self.reason(Self.text(skills: 25, activities: 90))
                == IndexLiteError(.truncated(rows: 115, expected: 116)))
        #expect(try Self.reason("1,2,3\n") == IndexLiteError(.truncated(rows: 1, expected: 116)))
        // 107 rows are a whole answer in January 2025 and a truncated one in April.
        let rows107 = Self.text(skills: 24, activities: 83)
        #expect(try Self.convert(rows107, at: "2025-01-30T04:00:00Z").layout.activities.count == 83)
        #expect(
            try Self.reason(rows107, at: "2025-04-13T04:00:00Z")
                == IndexLiteError(.truncated(rows: 107, expected: 108)))
    }

    @Test func moreRowsAreKeptAsUnknown() throws {
        let conversion = try Self.convert(Self.text(skills: 25, activities: 93))
        let document = try #require(HiscoreDocument(conversion.document))
        #expect(conversion.unknownRows == ["unknown:91", "unknown:92"])
        #expect(document.activities[92] == ActivityRow(id: 92, name: "unknown:92", rank: 1092, score: 2092))
        let skill = try Self.convert(Self.text(skills: 26, activities: 91))
        #expect(skill.unknownRows == ["unknown:25"])
        #expect(HiscoreDocument(skill.document)?.skills[25].xp == 28)
        // A new skill does not make up for a missing activity.
        #expect(try Self.reason(Self.text(skills: 26, activities: 90))?.code == "truncated")
    }

    @Test func theHoursOfAChangeTakeWhatFits() throws {
        let before = Self.text(skills: 24, activities: 83)
        let after = Self.text(skills: 24, activities: 84)
        #expect(try Self.convert(before, at: "2025-02-05T12:00:00Z").layout.rowCount == 107)
        #expect(try Self.convert(after, at: "2025-02-05T12:00:00Z").layout.rowCount == 108)
        #expect(try Self.reason(before, at: "2025-02-05T14:00:00Z")?.code == "truncated")
        #expect(try Self.reason(Self.text(skills: 24, activities: 80), at: "2025-02-05T12:00:00Z")?.code == "truncated")
    }

    @Test func aLayoutBeforeItsHoursIsBelievedWhenItFits() throws {
        let after = Self.text(skills: 25, activities: 88)
        let early = try Self.convert(after, at: "2025-11-17T20:00:00Z")
        #expect(early.layout.skills.last == "Sailing")
        #expect(early.unknownRows.isEmpty)
        #expect(try Self.convert(after, at: "2025-11-17T19:59:59Z").unknownRows == ["unknown:24"])
    }

    @Test func exchangedRowsThatCannotBeToldApartAreRefused() throws {
        let text = Self.text(skills: 24, activities: 60)
        #expect(try Self.reason(text, at: "2022-01-12T00:00:00Z")?.code == "ambiguous_layout")
        #expect(try Self.reason(text, at: "2022-01-07T00:00:00Z") == nil)
        #expect(
            try Self.reason(Self.text(skills: 24, activities: 9), at: "2018-10-31T12:00:00Z")?.code
                == "ambiguous_layout")
    }

    @Test func timesOfUnknownLayoutsAreRefused() throws {
        let error = try #require(try Self.reason(Self.text(skills: 24, activities: 52), at: "2019-12-10T00:00:00Z"))
        #expect(error.code == "unknown_layout")
        #expect(error.description.contains("2019-12-10"))
        #expect(
            try Self.reason(Self.text(skills: 24, activities: 9), at: "2016-01-01T00:00:00Z")?.code == "unknown_layout")
    }

    @Test func aGivenLayoutIsTaken() throws {
        let layout = Layout(skills: ["Overall"], activities: ["Zulrah"])
        let conversion = try IndexLite.document(Array("1,2,3\n4,5".utf8), layout: layout)
        #expect(HiscoreDocument(conversion.document)?.activities.first?.score == 5)
    }

    @Test(arguments: [
        ("1,2,\n", IndexLiteError(.malformed(.number(field: 3)), line: 1)),
        ("1,2,text\n", IndexLiteError(.malformed(.number(field: 3)), line: 1)),
        ("1,2,3\n1,+2\n", IndexLiteError(.malformed(.number(field: 2)), line: 2)),
        ("1,2,3\n1, 2\n", IndexLiteError(.malformed(.number(field: 2)), line: 2)),
        ("1,2,3\n1.5,2\n", IndexLiteError(.malformed(.number(field: 1)), line: 2)),
        ("1,2,3\n-,2\n", IndexLiteError(.malformed(.number(field: 1)), line: 2)),
        ("1,2,3\n9007199254740993,2\n", IndexLiteError(.malformed(.number(field: 1)), line: 2)),
        ("1,2,3\n99999999999999999999,2\n", IndexLiteError(.malformed(.number(field: 1)), line: 2)),
        ("1,2,3\n\n1,2\n", IndexLiteError(.malformed(.blank), line: 2)),
        ("1,2,3\n1,2,3,4\n", IndexLiteError(.malformed(.skill(fields: 4)), line: 2)),
        ("1,2\n1,2\n", IndexLiteError(.malformed(.skill(fields: 2)), line: 1)),
        ("1\n", IndexLiteError(.malformed(.skill(fields: 1)), line: 1)),
        ("1,2,3\n1,2\n1,2,3\n", IndexLiteError(.malformed(.activity(fields: 3)), line: 3)),
        ("1,2,3\n1,2\n1\n", IndexLiteError(.malformed(.activity(fields: 1)), line: 3)),
        ("", IndexLiteError(.empty)), ("\r\n \n", IndexLiteError(.empty)),
        ("<!doctype html>\n<html>", IndexLiteError(.webPage)), (" \n\t<html>", IndexLiteError(.webPage)),
        ("1,2,3\n  <link rel='icon' />\n", IndexLiteError(.webPage, line: 2)),
        ("{\"skills\":[]}", IndexLiteError(.malformed(.number(field: 1)), line: 1)),
        ("1,2,3\r\n1,2\rx\r\n", IndexLiteError(.malformed(.number(field: 2)), line: 2)),
    ])
    func damagedTextsAreRefusedWithTheLine(text: String, error: IndexLiteError) throws {
        #expect(try Self.reason(text) == error)
        #expect(error.line.map { error.description.hasPrefix("line \($0): ") } ?? !error.description.isEmpty)
    }

    @Test func numbersUpToTheLimitAreKept() throws {
        let layout = Layout(skills: ["Overall"], activities: [])
        let conversion = try IndexLite.document(Array("-1,0,9007199254740992".utf8), layout: layout)
        #expect(HiscoreDocument(conversion.document)?.skills.first?.xp == 9_007_199_254_740_992)
        #expect(HiscoreDocument(conversion.document)?.skills.first?.level == 0)
    }

    @Test func noBytesTrap() {
        var random = SeededRandom(seed: 2_026_11_22)
        let alphabet = Array("0123456789,,,,\n\n\r-<x ".utf8)
        for _ in 0..<20_000 {
            let text = (0..<Int(random.next() % 64)).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            _ = try? IndexLite.document(text, layout: Layout(skills: ["Overall"], activities: ["Zulrah"]))
        }
    }

    @Test(.enabled(if: SharedFiles.exists("data/layouts.json"), "needs the shared data"))
    func theBrokenAnswersAreRefused() throws {
        func reason(_ file: String) throws -> IndexLiteError? {
            let text = try #require(SharedFiles.bytes("data/broken-csv/osrslogs_invalid\(file).csv"))
            return try Self.reason(String(decoding: text, as: UTF8.self), at: "2020-06-01T00:00:00Z")
        }
        #expect(try reason("EmptyEntry") == IndexLiteError(.malformed(.number(field: 3)), line: 1))
        #expect(try reason("NaN") == IndexLiteError(.malformed(.number(field: 3)), line: 1))
        #expect(try reason("MissingActivity") == IndexLiteError(.truncated(rows: 78, expected: 79)))
        #expect(try reason("MissingSkill") == IndexLiteError(.truncated(rows: 78, expected: 79)))
        // All rows are there and the last one is whole.
        #expect(try reason("MissingNewlineEOF") == nil)
    }

    @Test(.enabled(if: SharedFiles.exists("data/layouts.json"), "needs the shared data"))
    func aRealOutagePageIsSeenAsOne() throws {
        let page = SharedFiles.lines("data/bodies/outage_2020-01-18_head_fragments.txt")
            .filter { $0.first != UInt8(ascii: "#") }.joined(separator: [0x0A])
        #expect(
            try Self.reason(String(decoding: Array(page), as: UTF8.self), at: "2020-01-18T00:00:00Z")?.reason
                == .webPage)
    }
}
