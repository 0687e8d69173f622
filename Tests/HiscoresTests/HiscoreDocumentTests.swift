import CanonicalJSON
import Hiscores
import TestSupport
import Testing

@Suite struct HiscoreDocumentTests {
    private static func value(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    @Test(arguments: [
        (#"{"skills":[]}"#, true), (#"{"activities":[]}"#, true), (#"{"name":"x","skills":[],"activities":[]}"#, true),
        (#"{"skills":null,"activities":[]}"#, true), (#"{"skills":{}}"#, false), (#"{"skills":null}"#, false),
        (#"{}"#, false), (#"[]"#, false), (#"[{"skills":[]}]"#, false), (#"null"#, false), (#""skills""#, false),
    ])
    func aSnapshotIsAnObjectWithRows(text: String, isSnapshot: Bool) throws {
        #expect(HiscoreDocument.isSnapshot(try Self.value(text)) == isSnapshot)
        #expect((HiscoreDocument(try Self.value(text)) != nil) == isSnapshot)
    }

    @Test func theServedFormIsRead() throws {
        let document = try #require(
            HiscoreDocument(
                Self.value(
                    #"{"name":"Lynx Titan","skills":[{"id":0,"name":"Overall","rank":1,"level":2376,"xp":4800000000}],"#
                        + #""activities":[{"id":0,"name":"Grid Points","rank":-1,"score":-1}]}"#)))
        #expect(
            document
                == HiscoreDocument(
                    name: "Lynx Titan",
                    skills: [SkillRow(id: 0, name: "Overall", rank: 1, level: 2376, xp: 4_800_000_000)],
                    activities: [ActivityRow(id: 0, name: "Grid Points", rank: -1, score: -1)]))
    }

    @Test func minusOneZeroNullAndAbsenceAreRead() throws {
        let document = try #require(
            HiscoreDocument(
                Self.value(
                    #"{"activities":[{"name":"a","score":-1},{"name":"b","score":0},{"name":"c","score":null},{"name":"d"}]}"#
                )))
        #expect(document.name == nil)
        #expect(document.activities.map(\.score) == [-1, 0, nil, nil])
        #expect(document.activities.allSatisfy { $0.id == nil && $0.rank == nil && $0.extra.isEmpty })
    }

    @Test func whatIsNotUnderstoodIsKept() throws {
        let text =
            #"{"seasons":[1],"skills":[{"name":"Overall","rank":"first","level":1.5,"xp":7,"trend":2},{"rank":1},3],"#
            + #""name":5,"activities":[{"id":0,"name":null,"rank":1,"score":1}]}"#
        let document = try #require(HiscoreDocument(Self.value(text)))
        #expect(document.name == nil)
        #expect(
            document.skills == [
                SkillRow(
                    id: nil, name: "Overall", rank: nil, level: nil, xp: 7,
                    extra: [
                        JSONMember("rank", .text("first")), JSONMember("level", .number(1.5)),
                        JSONMember("trend", .integer(2)),
                    ])
            ])
        #expect(document.activities.isEmpty)
        #expect(document.extra.map(\.name) == ["seasons", "skills", "name", "activities"])
        #expect(try document.documentValue.canonicalBytes() == Self.value(text).canonicalBytes())
    }

    @Test func rowsThatAreNoListAreKept() throws {
        let text = #"{"activities":{"Zulrah":5},"skills":[]}"#
        let document = try #require(HiscoreDocument(Self.value(text)))
        #expect(document.extra == [JSONMember("activities", .object([JSONMember("Zulrah", .integer(5))]))])
    }

    @Test func absentNumbersAreLeftOut() throws {
        let document = HiscoreDocument(
            name: nil, skills: [SkillRow(id: nil, name: "Attack", rank: 3, level: nil, xp: 0)],
            activities: [ActivityRow(id: 2, name: "Zulrah", rank: nil, score: -1)])
        #expect(
            try document.documentValue
                == Self.value(
                    #"{"skills":[{"name":"Attack","rank":3,"xp":0}],"activities":[{"id":2,"name":"Zulrah","score":-1}]}"#
                ))
    }

    @Test(
        arguments: [
            // rank, experience or score, level: unknown?
            (-1, 0, 1, true), (-1, -1, 1, true), (-1, 0, 0, true), (-1, -1, nil, true), (-1, 0, nil, true),
            (nil, nil, nil, true), (nil, nil, 1, true), (nil, 0, 1, true), (-1, 0, -1, true),
            (-1, 277_453, 60, false), (nil, 277_453, 60, false), (-1, 1154, 10, false), (-1, 0, 3, false),
            (5, 0, 1, false), (1, -1, nil, false), (1, nil, nil, false), (-1, 5, nil, false),
        ] as [(Int64?, Int64?, Int64?, Bool)])
    func everyUnrankedFormIsUnknown(rank: Int64?, value: Int64?, level: Int64?, isUnknown: Bool) {
        #expect(HiscoreDocument.isUnknown(rank: rank, value: value, level: level) == isUnknown)
        #expect(SkillRow(id: 1, name: "Attack", rank: rank, level: level, xp: value).isUnknown == isUnknown)
        if level == nil {
            #expect(ActivityRow(id: 1, name: "Zulrah", rank: rank, score: value).isUnknown == isUnknown)
        }
    }

    @Test func ranksCountFromOne() {
        #expect(ActivityRow(id: 1, name: "Zulrah", rank: 1, score: 5).isRanked)
        #expect(!SkillRow(id: 1, name: "Attack", rank: -1, level: 1, xp: 0).isRanked)
        #expect(!SkillRow(id: 1, name: "Attack", rank: nil, level: 1, xp: 0).isRanked)
    }

    @Test(.enabled(if: SharedFiles.exists("data/layouts.json"), "needs the shared data"))
    func realBodiesOfAllShapesAreRead() throws {
        let bodies =
            [
                ("2024-09_main_no-name-field", nil, 24, 82),
                ("WoodFiveMan.20260213T133935Z.official", "WoodFiveMan", 25, 88),
                ("WoodFiveMan.20260214T170134Z.official", "WoodFiveMan", 25, 88),
            ] as [(String, String?, Int, Int)]
        for (file, name, skills, activities) in bodies {
            let body = try JSONValue(parsing: #require(SharedFiles.bytes("data/bodies/\(file).json")))
            let document = try #require(HiscoreDocument(body))
            #expect(document.name == name, "\(file)")
            #expect((document.skills.count, document.activities.count) == (skills, activities), "\(file)")
            #expect(document.extra.isEmpty)
            #expect(try document.documentValue.canonicalBytes() == body.canonicalBytes())
        }
    }
}
