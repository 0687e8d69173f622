import CivilTime
import Hiscores
import Testing

@Suite struct MetricTests {
    @Test func theCatalogueHasEveryRowOnce() {
        #expect(Metric.all.count == 25 + 91 + 1)
        #expect(Set(Metric.all.map(\.name)).count == Metric.all.count)
        for keyPath in [\Metric.wiseOldManIdentifier, \.jsonHiscoresIdentifier] {
            let identifiers = Metric.all.compactMap { $0[keyPath: keyPath] }
            #expect(Set(identifiers).count == identifiers.count)
        }
        #expect(Metric.all.count { $0.kind == .skill } == 25)
        #expect(Metric.all.count { $0.kind == .clue } == 7)
        #expect(Metric.all.count { $0.kind == .boss } == 72)
    }

    @Test func identifiersAreWellFormed() {
        for metric in Metric.all {
            if let identifier = metric.wiseOldManIdentifier { #expect(Metric.slug(of: identifier) == identifier) }
            if let identifier = metric.jsonHiscoresIdentifier {
                #expect(identifier.utf8.allSatisfy { byte in Self.isLetterOrDigit(byte) })
            }
        }
        // Points of game modes and the legacy Bounty Hunter rows are no metrics of Wise Old Man.
        #expect(
            Metric.all.filter { $0.wiseOldManIdentifier == nil }.map(\.name) == [
                "Grid Points", "League Points", "Deadman Points", "Bounty Hunter (Legacy) - Hunter",
                "Bounty Hunter (Legacy) - Rogue",
            ])
        #expect(
            Metric.all.filter { $0.jsonHiscoresIdentifier == nil }.map(\.name) == [
                "Grid Points", "The Fractured Archive",
            ])
    }

    @Test(arguments: [
        ("Zulrah", "Zulrah"), ("zulrah", "Zulrah"), ("KREE'ARRA", "Kree'Arra"), ("Last Man Standing", "LMS - Rank"),
        ("runecrafting", "Runecraft"), ("The Nightmare", "Nightmare"), ("Guardians of the Rift", "Rifts closed"),
        ("overall", Metric.overallName),
    ])
    func rowsAreFoundByName(text: String, name: String) {
        #expect(Metric.named(text)?.name == name)
    }

    @Test func rowsAreFoundByForeignIdentifiers() {
        #expect(Metric.wiseOldMan("guardians_of_the_rift")?.name == "Rifts closed")
        #expect(Metric.wiseOldMan("runecrafting")?.name == "Runecraft")
        #expect(Metric.wiseOldMan("league_points")?.name == "League Points")
        #expect(Metric.jsonHiscores("hunterBHV2")?.name == "Bounty Hunter - Hunter")
        #expect(Metric.jsonHiscores("hunterBH")?.name == "Bounty Hunter (Legacy) - Hunter")
        #expect(Metric.wiseOldMan("ehp") == nil)
        #expect(Metric.jsonHiscores("") == nil)
        for metric in Metric.all {
            #expect(metric.wiseOldManIdentifier.map { Metric.wiseOldMan($0) } ?? metric == metric)
            #expect(metric.jsonHiscoresIdentifier.map { Metric.jsonHiscores($0) } ?? metric == metric)
        }
    }

    @Test func unknownRowsHaveASlug() {
        #expect(Metric.named("unknown:91") == nil)
        #expect(Metric.identifier(ofRow: "LMS - Rank") == "last_man_standing")
        #expect(Metric.identifier(ofRow: "Bounty Hunter (Legacy) - Rogue") == "bounty_hunter_legacy_rogue")
        #expect(Metric.identifier(ofRow: "The Snow Queen's \u{2019}Hall: É 2 ") == "the_snow_queens_hall_2")
        #expect(Metric.slug(of: "") == "")
        #expect(Metric.slug(of: "--") == "")
    }

    @Test func firstDaysAreDates() throws {
        #expect(Metric.named("Sailing")?.firstSeen == Timestamp(date: "2025-11-19"))
        #expect(try #require(Metric.named("Overall")).firstSeen == nil)
        #expect(Metric.all.count { $0.firstSeen != nil } == 83)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
