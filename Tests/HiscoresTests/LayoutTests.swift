import CanonicalJSON
import CivilTime
import TestSupport
import Testing

@testable import Hiscores

@Suite struct LayoutTests {
    private static func moment(_ text: String) throws -> Timestamp {
        try #require(Timestamp(rfc3339: text) ?? Timestamp(date: text)?.endOfDay)
    }

    @Test(arguments: [
        ("2017-12-06", 24, 9), ("2018-10-30", 24, 9), ("2018-11-02", 24, 9), ("2019-04-11", 24, 10),
        ("2019-11-12", 24, 10), ("2020-01-05", 24, 54), ("2020-02-13", 24, 55), ("2021-01-06", 24, 56),
        ("2021-03-24", 24, 57), ("2021-06-03", 24, 58), ("2021-06-30", 24, 59), ("2022-01-05", 24, 60),
        ("2022-01-18", 24, 60), ("2022-04-13", 24, 61), ("2022-07-13", 24, 62), ("2022-08-24", 24, 64),
        ("2023-01-11", 24, 65), ("2023-04-12", 24, 68), ("2023-05-24", 24, 70), ("2023-07-26", 24, 74),
        ("2023-08-23", 24, 75), ("2024-01-24", 24, 76), ("2024-03-20", 24, 79), ("2024-08-28", 24, 80),
        ("2024-09-25", 24, 82), ("2025-01-29", 24, 83), ("2025-02-05", 24, 84), ("2025-05-14", 24, 85),
        ("2025-07-23", 24, 86), ("2025-10-15", 24, 87), ("2025-11-05", 24, 88), ("2025-11-19", 25, 88),
        ("2026-02-25", 25, 89), ("2026-06-30", 25, 90), ("2026-07-29", 25, 91), ("2030-01-01", 25, 91),
    ])
    func everyEraHasItsRows(day: String, skills: Int, activities: Int) throws {
        let layout = try Layout.inForce(at: Self.moment(day))
        #expect((layout.skills.count, layout.activities.count) == (skills, activities))
        #expect(layout.rowCount == skills + activities)
        #expect(Set(layout.skills + layout.activities).count == layout.rowCount)
        #expect(layout.skills.first == Metric.overallName)
        #expect((layout.skills + layout.activities).allSatisfy { Metric.named($0)?.name == $0 })
    }

    @Test func erasFollowOneAnother() throws {
        let eras = LayoutHistory.eras
        #expect(eras.count == 34)
        #expect(eras.last?.layout == Layout.newest)
        for (era, next) in zip(eras, eras.dropFirst()) {
            #expect(era.earliest <= era.certain)
            #expect(era.certain <= next.earliest)
            #expect(era.layout != next.layout)
        }
        #expect(try #require(eras.last).certain < Self.moment("2027-01-01"), "a misspelt time in the table")
    }

    /// The days of the catalogue and those of the layouts are written in two places.
    @Test func rowsFirstAppearOnTheirDayInTheCatalogue() throws {
        for (era, next) in zip(LayoutHistory.eras, LayoutHistory.eras.dropFirst()) {
            guard let before = era.layout, let after = next.layout else { continue }
            let known = Set(before.skills + before.activities)
            for name in after.skills + after.activities where !known.contains(name) {
                #expect(Metric.named(name)?.firstSeen == next.earliest.startOfDay, "\(name)")
            }
        }
    }

    @Test(arguments: ["2017-12-05", "2013-02-22", "2019-11-13", "2020-01-04"])
    func timesOfUnknownOrderAreRefused(day: String) throws {
        let moment = try Self.moment(day)
        #expect(throws: LayoutError(moment: moment)) { try Layout.inForce(at: moment) }
        #expect(Layout.possible(at: moment).isEmpty)
        #expect(LayoutError(moment: moment).description.contains(moment.description))
    }

    @Test func duringTheHoursOfAChangeBothArePossible() throws {
        func rows(_ text: String) throws -> [Int] { Layout.possible(at: try Self.moment(text)).map(\.rowCount) }
        #expect(try rows("2026-07-29T07:59:59.999Z") == [115])
        #expect(try rows("2026-07-29T08:00:00Z") == [116, 115])
        #expect(try rows("2026-07-29T13:59:59.999Z") == [116, 115])
        #expect(try rows("2026-07-29T14:00:00Z") == [116])
    }

    @Test func nexCameWithTwoRowsExchanged() throws {
        func order(_ day: String) throws -> [String] {
            try Layout.inForce(at: Self.moment(day)).activities.filter { ["Scorpia", "Skotizo", "Nex"].contains($0) }
        }
        #expect(try order("2022-01-04") == ["Scorpia", "Skotizo"])
        #expect(try order("2022-01-06") == ["Nex", "Skotizo", "Scorpia"])
        #expect(try order("2022-01-18") == ["Nex", "Scorpia", "Skotizo"])
    }

    @Test(.enabled(if: SharedFiles.exists("data/layouts.json"), "needs the shared data"))
    func theCompiledLayoutsAgree() throws {
        let days = [
            "24+84": "2025-03-01", "24+85": "2025-06-01", "24+86": "2025-08-01", "24+87": "2025-10-20",
            "24+88": "2025-11-10", "25+88": "2025-12-01", "25+89": "2026-03-01", "25+90": "2026-07-10",
            "25+91": "2026-08-01",
        ]
        let compiled = try JSONValue(parsing: #require(SharedFiles.bytes("data/layouts.json")))
        #expect(compiled.object?.count == days.count)
        for member in compiled.object ?? [] {
            let layout = try Layout.inForce(at: Self.moment(#require(days[member.name.string])))
            #expect(member.value["skills"]?.array?.map(\.string) == layout.skills)
            #expect(member.value["activities"]?.array?.map(\.string) == layout.activities)
        }
    }

    @Test(.enabled(if: SharedFiles.exists("data/layouts.json"), "needs the shared data"))
    func datedAnswersHaveTheRowsOfTheirDay() throws {
        // The undated answers have the rows of early 2023, and of late 2017.
        let days = [
            "po-2023-04-13": "2023-04-13", "po-2023-05-24": "2023-05-24", "po-2023-07-27": "2023-07-27",
            "po-2023-08-23": "2023-08-23", "po-2024-01-24": "2024-01-24", "po-2024-03-20": "2024-03-20",
            "po-2024-08-28": "2024-08-28", "po-2024-09-25": "2024-09-25", "po-2024-09-25.1": "2024-09-25",
            "po-2025-01-29": "2025-01-29", "po-2025-02-05": "2025-02-05", "po-2025-05-14": "2025-05-14",
            "po-2025-07-23": "2025-07-23", "po-2025-10-15": "2025-10-15", "po-2025-11-05": "2025-11-05",
            "po-2025-11-19": "2025-11-19", "po-2026-02-25": "2026-02-25", "po-default": "2023-02-01",
            "po-default.6": "2023-02-01", "osrs_ex_24+9": "2017-12-07",
        ]
        for (file, day) in days {
            let text = try #require(SharedFiles.bytes("data/csv/\(file).csv"))
            let conversion = try IndexLite.document(text, at: Self.moment(day))
            #expect(try conversion.layout == Layout.inForce(at: Self.moment(day)), "\(file)")
            #expect(conversion.unknownRows.isEmpty)
            let lines = text.split(separator: UInt8(ascii: "\n")).count
            #expect(lines == conversion.layout.rowCount)
        }
    }
}
