import Archive
import CivilTime
import Hiscores
import ObjectStore
import Testing

@Suite("Importing snapshot files of the earlier tool") struct SnapshotFileTests {
    private static let current = #"""
        {
          "metadata": {
            "schema_version": "1.1",
            "snapshot_id": "5a5b9d4c-8d0a-5a5c-8b0a-0123456789ab",
            "player": "Archon Born",
            "requested_mode": "auto",
            "resolved_mode": "hardcore",
            "fetched_at": "2025-10-29T20:09:51.123999+00:00",
            "fetched_at_unix": 1761768591,
            "endpoint": "https://secure.runescape.com/m=hiscore_oldschool_hardcore_ironman/index_lite.json?player=Archon Born",
            "latency_ms": 312.57,
            "agent_version": "0.1.0"
          },
          "data": {"name": "ArchonBorn", "skills": [{"id": 0, "name": "Overall", "rank": null, "level": 1, "xp": 0}], "activities": []},
          "delta": null
        }
        """#

    private static let first =
        #"{"metadata":{"player":"Zezima","mode":"main","fetched_at":"2025-10-20T04:00:00+00:00","endpoint":"https://x"},"#
        + #""data":{"skills":[{"name":"Overall","rank":-1}],"activities":[]}}"#

    @Test("schema 1.1 keeps its data as it stands, null included, and all that its metadata tells")
    func current() throws {
        let bench = try ImportBench()
        #expect(try bench.run(Self.current).counts == [1, 1, 0, 0])
        let observation = try #require(bench.observations.first)
        #expect(observation.board == .hardcoreIronman)
        #expect(observation.player.key == "archon_born")
        #expect(observation.displayName == "ArchonBorn")
        #expect(observation.capturedAt.description == "2025-10-29T20:09:51.123Z")
        #expect(
            observation.evidence
                == Evidence(
                    latencyMilliseconds: 313,
                    source:
                        "https://secure.runescape.com/m=hiscore_oldschool_hardcore_ironman/index_lite.json?player=Archon Born",
                    agent: "osrs-snapshot-agent/0.1.0", run: "5a5b9d4c-8d0a-5a5c-8b0a-0123456789ab",
                    provenance: ["nulled"]))
        #expect(try bench.text(observation)?.contains(#""rank":null"#) == true)
    }

    @Test("the first form has a mode and keeps -1")
    func first() throws {
        let bench = try ImportBench()
        try bench.run(Self.first)
        let observation = try #require(bench.observations.first)
        #expect(observation.board == .main)
        #expect(observation.evidence == Evidence(source: "https://x"))
        #expect(try bench.text(observation)?.contains(#""rank":-1"#) == true)
    }

    @Test("a file without player, board or time needs the options; one of another board or time is damaged")
    func bad() throws {
        let bench = try ImportBench()
        let bare = #"{"metadata":{"requested_mode":"auto"},"data":{"skills":[]}}"#
        #expect(try bench.run(bare).rejections == [.needsPlaceAndTime: 1])
        let options = ImportOptions(player: "a", board: .main, capturedAt: Timestamp(date: "2025-01-01"))
        #expect(try bench.run(bare, options).counts == [1, 1, 0, 0])
        for (text, code) in [
            (#"{"metadata":{"mode":"group_ironman"},"data":{"skills":[]}}"#, ImportRejection.Code.malformed),
            (#"{"metadata":{"fetched_at":"yesterday"},"data":{"skills":[]}}"#, .malformed),
            (#"{"metadata":{"latency_ms":-1},"data":{"skills":[]}}"#, .malformed),
            (#"{"metadata":{},"data":null}"#, .notASnapshot),
        ] {
            #expect(try bench.run(text, options).rejections == [code: 1], "\(text)")
        }
    }

    @Test("a folder is walked by name; what holds no snapshot is noted once, a damaged file is rejected")
    func folder() throws {
        let bench = try ImportBench()
        let storage = MemoryStorage(
            files: [
                "zezima/20251020_040000.json": Array(Self.first.utf8),
                "archon/20251029_200951.json": Array(Self.current.utf8),
                "archon/20251030_200951.json": Array(Self.current.utf8.prefix(400)),
                "mode_cache.json": Array(#"{"zezima":{"mode":"main"}}"#.utf8),
                "notes.txt": Array("1,2,3\n".utf8), ".hidden/x.json": Array(Self.first.utf8),
            ], folders: ["zezima", "archon", ".hidden"])
        let source = ImportSource.stored(in: storage, "", name: "data/snapshots")
        #expect(try bench.run([source]).counts == [3, 2, 0, 1])
        #expect(try bench.archive.history.players().map(\.key) == ["archon_born", "zezima"])
        #expect(bench.rejections.map(\.source) == ["data/snapshots/archon/20251030_200951.json"])
        #expect(
            bench.notes == [
                "data/snapshots: passed over 2 files without a snapshot, such as data/snapshots/mode_cache.json"
            ])

        let again = try ImportBench()
        #expect(try again.run([source], ImportOptions(format: .tree)).counts == [3, 2, 0, 1])
        #expect(again.notes == bench.notes)
        #expect(try again.run([source], ImportOptions(format: .wom)).counts == [1, 0, 0, 1])
    }
}
