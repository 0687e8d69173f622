import Archive
import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@Suite("Importing from other trackers") struct TrackerImportTests {
    private static func snapshot(_ at: String, overall: Int = 5) -> String {
        #"""
        {"playerId":1,"createdAt":"\#(at)","importedAt":null,"data":{
        "skills":{"runecrafting":{"metric":"runecrafting","experience":-1,"rank":-1,"level":1,"ehp":0.5},
        "overall":{"metric":"overall","experience":\#(overall),"rank":7,"level":32,"ehp":0}},
        "bosses":{"zulrah":{"metric":"zulrah","kills":3,"rank":9,"ehb":0},
        "new_boss":{"metric":"new_boss","kills":1,"rank":-1,"ehb":0}},
        "activities":{"league_points":{"metric":"league_points","score":0,"rank":-1},
        "guardians_of_the_rift":{"metric":"guardians_of_the_rift","score":2,"rank":1}},
        "computed":{"ehp":{"metric":"ehp","value":1.5,"rank":3}}}}
        """#
    }

    @Test("a Wise Old Man snapshot has the service's names in the order of the catalogue, and -1 stays -1")
    func wiseOldMan() throws {
        let bench = try ImportBench()
        let player =
            #"{"username":"zezi ma","displayName":"Zezi ma","type":"hardcore","latestSnapshot":\#(Self.snapshot("2026-02-13T13:38:19.274Z"))}"#
        #expect(try bench.run(player).counts == [1, 1, 0, 0])
        let observation = try #require(bench.observations.first)
        #expect(observation.board == .hardcoreIronman)
        #expect(observation.player.key == "zezi_ma")
        #expect(observation.displayName == "Zezi ma")
        #expect(observation.capturedAt.description == "2026-02-13T13:38:19.274Z")
        #expect(observation.evidence == Evidence(source: "wiseoldman.net", provenance: ["derived"]))
        let expected =
            #"{"activities":[{"name":"League Points","rank":-1,"score":0},{"name":"Rifts closed","rank":1,"score":2},"#
            + #"{"name":"Zulrah","rank":9,"score":3},{"name":"new_boss","rank":-1,"score":1}],"#
            + #""skills":[{"level":32,"name":"Overall","rank":7,"xp":5},"#
            + #"{"level":1,"name":"Runecraft","rank":-1,"xp":-1}]}"#
        #expect(try bench.text(observation) == expected)
    }

    @Test("a page needs player and board, marks the days that may be imputed, and names the snapshots that are none")
    func page() throws {
        let bench = try ImportBench()
        let times = ["2026-02-13T13:38:19.274Z", "2025-12-26T23:00:00.000Z", "2024-03-21T23:59:59.999Z"]
        let page = "[" + (times.map { Self.snapshot($0) } + [#"{"createdAt":"x"}"#]).joined(separator: ",\n") + "]"
        #expect(try bench.run(page).rejections == [.needsPlaceAndTime: 3, .notASnapshot: 1])
        #expect(
            bench.rejections.map(\.description) == [
                "input: snapshot 4: it has no data",
                "input: it does not say its player and its board: give --player and --board (3 snapshots)",
            ])
        let summary = try bench.run(page, ImportOptions(player: "Zezima", board: .main))
        #expect(summary.counts == [4, 3, 0, 1])
        #expect(bench.rejections.first?.reason.hasPrefix("snapshot 4: ") == true)
        #expect(
            try bench.observations.map(\.evidence.provenance) == [["derived"], ["derived", "imputed"], ["derived"]])
    }

    @Test("the board that a person names counts more than the type of account")
    func board() throws {
        let bench = try ImportBench()
        let player =
            #"{"username":"a","type":"ironman","latestSnapshot":\#(Self.snapshot("2026-02-13T13:38:19.274Z"))}"#
        try bench.run(player, ImportOptions(board: .main))
        #expect(try bench.observations.map(\.board) == [.main])
        #expect(
            try bench.run(#"{"username":"a","type":"ironman","latestSnapshot":null}"#).rejections == [.notASnapshot: 1])
    }

    @Test(
        "a real Wise Old Man player has every row of its day",
        .enabled(if: SharedFiles.exists("data/series"), "the shared captures are not here"))
    func realPlayer() throws {
        let bench = try ImportBench()
        try bench.run(#require(SharedFiles.bytes("data/bodies/WoodFiveMan.20260213T133935Z.wom-player.json")))
        let observation = try #require(bench.observations.first)
        #expect(observation.board == .ironman)
        #expect(observation.displayName == "WoodFiveMan")
        let snapshot = try #require(observation.snapshot)
        let document = try #require(HiscoreDocument(JSONValue(parsing: bench.archive.document(snapshot))))
        let layout = try Layout.inForce(at: observation.capturedAt)
        #expect(document.skills.map(\.name) == layout.skills)
        let untracked: Set = [
            "Grid Points", "Deadman Points", "Bounty Hunter (Legacy) - Hunter", "Bounty Hunter (Legacy) - Rogue",
        ]
        #expect(document.activities.map(\.name) == layout.activities.filter { !untracked.contains($0) })
        #expect(document.skills.first?.xp == 915_327)
    }

    @Test("a datapoint of Crystal Math Labs has skills with rank and experience and nothing else")
    func crystalMathLabs() throws {
        let bench = try ImportBench()
        let columns = (1...24).map(String.init).joined(separator: ",")
        let options = ImportOptions(player: "Zezima", board: .main)
        let text = [
            "1580392356 \(columns) \(columns)", "1580392357 \(columns) 1,2", "x \(columns) \(columns)",
            "1580392358 \(columns),25 \(columns),25", "1580392359 \(columns)x \(columns)", "-1",
            "99999999999999999 \(columns) \(columns)", "1763600000 \(columns),25 \(columns),-1",
        ]
        let summary = try bench.run(text.joined(separator: "\n"), options)
        #expect(summary.counts == [8, 2, 0, 6])
        #expect(bench.rejections.map(\.line) == [2, 3, 4, 5, 6, 7])
        #expect(try bench.run("\(text[0])\nx\n\(text[0])").rejections == [.needsPlaceAndTime: 2, .malformed: 1])
        #expect(bench.rejections.map(\.line) == [2, nil] && bench.rejections.map(\.count) == [1, 2])
        #expect(
            bench.rejections.last?.reason
                == "it does not say its player and its board: give --player and --board (2 snapshots)")
        let observation = try #require(bench.observations.first)
        #expect(observation.capturedAt.description == "2020-01-30T13:52:36.000Z")
        #expect(observation.evidence == Evidence(source: "crystalmathlabs.com", provenance: ["derived"]))
        let document = try #require(try bench.text(observation))
        #expect(
            document.hasPrefix(#"{"skills":[{"name":"Overall","rank":1,"xp":1},{"name":"Attack","rank":2,"xp":2},"#))
        #expect(document.hasSuffix(#"{"name":"Construction","rank":24,"xp":24}]}"#))
        #expect(try bench.text(bench.observations.last)?.hasSuffix(#"{"name":"Sailing","rank":-1,"xp":25}]}"#) == true)
    }

    @Test(
        "real datapoints sum up, whatever their order in the file",
        .enabled(if: SharedFiles.exists("data/series"), "the shared captures are not here"))
    func realDatapoints() throws {
        let bench = try ImportBench()
        let options = ImportOptions(player: "Psikoi", board: .main)
        #expect(try bench.run(#require(SharedFiles.bytes("data/psikoi_cml.txt")), options).counts == [219, 219, 0, 0])
        for observation in try bench.observations {
            let snapshot = try #require(observation.snapshot)
            let document = try #require(HiscoreDocument(JSONValue(parsing: bench.archive.document(snapshot))))
            let sum = document.skills.dropFirst().reduce(0) { $0 + ($1.xp ?? 0) }
            #expect(sum == document.skills.first?.xp)
        }
    }
}
