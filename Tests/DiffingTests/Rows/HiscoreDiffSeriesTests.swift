import Diffing
import Hiscores
import Testing

@Suite("Real captures", .enabled(if: Capture.areThere, "no shared files"))
struct HiscoreDiffSeriesTests {
    @Test("Sailing arrives as an added row, and as no gain")
    func sailing() throws {
        let (before, after) = try Capture.around("2025-11-20", in: "vaOPA")
        let diff = HiscoreDiff(from: before.document, to: after.document)
        let row = try #require(diff.skills.last)
        #expect((row.name, row.status, row.xp.from, row.xp.change) == ("Sailing", .added, nil, nil))
        #expect(diff.layout.added == ["Sailing"] && diff.layout.removed.isEmpty && diff.layout.renumbered.isEmpty)
    }

    @Test(
        "A row inserted into the list shows as layout, and the rows it renumbers as no play",
        arguments: [
            ("2025-05-15", "Yama", 82), ("2025-07-24", "Doom of Mokhaiotl", 40), ("2025-10-17", "Grid Points", 0),
            ("2025-11-07", "Shellbane Gryphon", 62), ("2026-02-26", "Brutus", 26), ("2026-08-03", "Mad Angel", 54),
        ])
    func insertedRow(day: String, name: String, id: Int) throws {
        let (before, after) = try Capture.around(day, in: "vaRautaMake")
        let diff = HiscoreDiff(from: before.document, to: after.document)
        #expect(diff.layout.added == [name] && diff.layout.removed.isEmpty)
        #expect(diff.layout.renumbered == after.document.activities.dropFirst(id + 1).map(\.name))
        let row = try #require(diff.activities.first { $0.name == name })
        #expect((row.status, row.score.change) == (.added, nil))
        // The same day without the renumbering has the same play.
        var renumbered = before.document
        for index in renumbered.activities.indices { renumbered.activities[index].id = nil }
        let plain = HiscoreDiff(from: renumbered, to: after.document)
        #expect(plain.layout.renumbered.isEmpty)
        #expect((plain.skills, plain.activities, plain.totals) == (diff.skills, diff.activities, diff.totals))
    }

    @Test(
        "The turn of unranked scores from -1 to 0 in November 2025 is no gain",
        arguments: [("ArchonBorn", "2025-11-15", 79), ("vaOPA", "2025-11-15", 19), ("vaRautaMake", "2025-11-19", 33)])
    func turnToZero(name: String, day: String, count: Int) throws {
        let (before, after) = try Capture.around(day, in: name)
        let turned = HiscoreDiff(from: before.document, to: after.document).activities
            .filter { $0.score.from == -1 && $0.score.to == 0 }
        #expect(turned.count == count)
        #expect(turned.allSatisfy { $0.status == .unchanged && $0.score.change == nil && $0.rank.change == nil })
    }

    @Test("A fall is shown")
    func falls() throws {
        let (before, after) = try Capture.around("2025-10-24", in: "vaOPA")
        let rows = HiscoreDiff(from: before.document, to: after.document).activities(.play)
        let row = try #require(rows.first { $0.name == "PvP Arena - Rank" })
        #expect((row.status, row.score.change) == (.changed, -40))
    }

    @Test(
        "Gains of the skills are those of Overall, once, wherever all of them are known",
        arguments: ["vaOPA", "vaRautaMake"])
    func overallIsNotSummed(name: String) throws {
        let series = try Capture.series(name)
        var compared = 0
        for (before, after) in zip(series, series.dropFirst()) {
            let diff = HiscoreDiff(from: before.document, to: after.document)
            #expect(!diff.skills.contains { $0.name == "Overall" })
            let change = try #require(diff.overall.xp.change)
            if diff.skills.allSatisfy({ $0.status == .changed || $0.status == .rankOnly || $0.status == .unchanged }) {
                compared += 1
                #expect(diff.totals.xpGained == change, "\(after.capturedAt)")
            }
        }
        #expect(compared > 400)
    }

    @Test("No capture gains what it did not show before", arguments: Capture.seriesNames)
    func unknownIsNoGain(name: String) throws {
        let series = try Capture.series(name)
        for (before, after) in zip(series, series.dropFirst()) {
            let diff = HiscoreDiff(from: before.document, to: after.document)
            for row in diff.activities where row.score.change != nil {
                #expect(row.rank.from != -1 || (row.score.from ?? 0) > 0, "\(row.name), \(after.capturedAt)")
                #expect(row.rank.to != -1 || (row.score.to ?? 0) > 0, "\(row.name), \(after.capturedAt)")
            }
            for row in diff.activities where row.status == .unchanged { #expect((row.score.change ?? 0) == 0) }
            #expect(diff.activities.count == after.document.activities.count)
            #expect(diff.skills.count + 1 == after.document.skills.count)
        }
    }
}
