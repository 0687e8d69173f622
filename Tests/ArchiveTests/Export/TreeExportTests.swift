import Archive
import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@Suite("Exporting a tree") struct TreeExportTests {
    private static func line(
        _ at: String, xp: Int, board: String = "main", player: String = "Zezi Ma",
        attack: String = "\"rank\":-1,\"xp\":0"
    ) -> String {
        #"{"player":"\#(player)","board":"\#(board)","captured_at":"\#(at)","source":"https://x","latency_ms":12,"body":"#
            + #"{"name":"\#(player)","skills":[{"name":"Overall","rank":1,"level":5,"xp":\#(xp)},{"name":"Attack","level":1,"#
            + attack
            + #"},{"name":"Magic","rank":1,"level":3,"xp":\#(xp)}],"activities":[{"name":"Zulrah","rank":-1,"score":0}]}}"#
            + "\n"
    }

    private static func tree(_ bench: ImportBench, in storage: MemoryStorage) throws -> ExportSummary {
        try Exporter(of: bench.archive) { _, _ in }.writeTree(to: storage)
    }

    private static func json(_ storage: MemoryStorage, _ path: String) throws -> JSONValue {
        try JSONValue(parsing: #require(storage.files[path], "\(storage.files.keys.sorted())"))
    }

    @Test("a file has the earlier tool's metadata, the data as stored, and a delta without its faults")
    func file() throws {
        let bench = try ImportBench()
        try bench.run(
            Self.line("2025-11-01T04:15:00.250Z", xp: 100)
                + Self.line("2025-11-02T04:15:00Z", xp: 90, attack: "\"rank\":5,\"xp\":1200"))
        let storage = MemoryStorage()
        #expect(try Self.tree(bench, in: storage).written == 2)
        let first = try Self.json(storage, "Zezi_Ma/20251101_041500.json")
        let metadata = try #require(first["metadata"])
        #expect(metadata["schema_version"]?.string == "1.1")
        #expect(metadata["player"]?.string == "Zezi Ma")
        #expect(metadata["resolved_mode"]?.string == "main")
        #expect(metadata["fetched_at"]?.string == "2025-11-01T04:15:00.250000+00:00")
        #expect(metadata["fetched_at_unix"]?.integer == 1_761_970_500)
        #expect(metadata["endpoint"]?.string == "https://x")
        // python3 -c 'import uuid; print(uuid.uuid5(uuid.NAMESPACE_URL, "osrs:Zezi Ma:2025-11-01T04:15:00.250000+00:00"))'
        #expect(metadata["snapshot_id"]?.string == "15fb0ce9-1307-5e8c-b3bc-281c7e8aa3eb")
        #expect(first["delta"]?.isNull == true)
        let data = try #require(try first["data"]?.canonicalBytes())
        #expect(try SHA256.digest(data) == bench.observations.first?.snapshot)

        let second = try Self.json(storage, "Zezi_Ma/20251102_041500.json")
        #expect(second["metadata"]?["fetched_at"]?.string == "2025-11-02T04:15:00+00:00")
        let delta = try #require(try second["delta"]?.canonicalBytes())
        #expect(
            String(decoding: delta, as: UTF8.self)
                == #"{"activity_deltas":[],"skill_deltas":[{"level_delta":0,"name":"Overall","xp_delta":-10},"#
                + #"{"level_delta":0,"name":"Magic","xp_delta":-10}],"total_xp_delta":-10}"#)
    }

    @Test(
        "gains that no number can hold are shown as the nearest one that can",
        arguments: [
            ("0", "9000000000000000000", 9_223_372_036_854_775_807.0),
            ("0", "-9000000000000000000", -9_223_372_036_854_775_808.0),
        ])
    func hugeGains(before: String, after: String, total: Double) throws {
        func line(_ day: Int, _ xp: String) -> String {
            let skills = ["Attack", "Magic"].map { #"{"name":"\#($0)","rank":1,"level":1,"xp":\#(xp)}"# }
            return #"{"player":"A","board":"main","captured_at":"2025-11-0\#(day)T00:00:00Z","#
                + #""body":{"skills":[\#(skills.joined(separator: ","))]}}"# + "\n"
        }
        let bench = try ImportBench()
        try bench.run(line(1, before) + line(2, after))
        let storage = MemoryStorage()
        #expect(try Self.tree(bench, in: storage).written == 2)
        let delta = try #require(try Self.json(storage, "A/20251102_000000.json")["delta"])
        #expect(delta["total_xp_delta"] == .number(total))
    }

    @Test("two captures within a second do not collide, on one board or two, and a second export writes nothing")
    func collisions() throws {
        let bench = try ImportBench()
        try bench.run(
            Self.line("2025-11-01T04:15:00.250Z", xp: 1) + Self.line("2025-11-01T04:15:00.750Z", xp: 2)
                + Self.line("2025-11-01T04:15:00.250Z", xp: 1, board: "hardcore_ironman"))
        let storage = MemoryStorage()
        #expect(try Self.tree(bench, in: storage).written == 3)
        #expect(
            storage.files.keys.sorted() == [
                "Zezi_Ma/20251101_041500.json", "Zezi_Ma/20251101_041500_2.json", "Zezi_Ma/20251101_041500_3.json",
            ])
        let before = storage.files
        let again = try Self.tree(bench, in: storage)
        #expect([again.written, again.already] == [0, 3])
        #expect(storage.files == before)
        #expect(
            try Self.json(storage, "Zezi_Ma/20251101_041500_3.json")["metadata"]?["resolved_mode"]?.string
                == "hardcore")
    }

    @Test("a file of anybody else's keeps its name and its bytes")
    func foreign() throws {
        let bench = try ImportBench()
        try bench.run(Self.line("2025-11-01T04:15:00Z", xp: 1))
        let path = "Zezi_Ma/20251101_041500.json"
        let storage = MemoryStorage(files: [path: Array("mine".utf8)], folders: ["Zezi_Ma"])
        #expect(try Self.tree(bench, in: storage).written == 1)
        #expect(storage.files[path] == Array("mine".utf8))
        #expect(storage.files["Zezi_Ma/20251101_041500_2.json"] != nil)
    }

    @Test("a tree on disk imported into an empty archive gives equal observations")
    func roundTrip() throws {
        let bench = try ImportBench()
        try bench.run(
            Self.line("2025-11-01T04:15:00.250Z", xp: 1) + Self.line("2025-11-01T04:15:00.750Z", xp: 2)
                + Self.line("2025-11-01T04:15:00.250Z", xp: 1, board: "hardcore_ironman")
                + Self.line("2025-11-01T04:15:00.250Z", xp: 1, board: "skiller", player: "a-b_c"))
        let old =
            #"{"metadata":{"schema_version":"1.1","snapshot_id":"5a5b9d4c-8d0a-5a5c-8b0a-0123456789ab","player":"Old","#
            + #""resolved_mode":"main","fetched_at":"2025-10-29T20:09:51.123000+00:00","latency_ms":3,"#
            + #""agent_version":"0.1.0"},"data":{"skills":[]}}"#
        try bench.run(old)
        let folder = TemporaryFolder()
        let storage = try FileStorage(root: folder.path)
        #expect(try Exporter(of: bench.archive) { _, _ in }.writeTree(to: storage).written == 5)
        let copy = try ImportBench()
        #expect(try copy.run([.path(folder.path)]).counts == [5, 5, 0, 0])
        #expect(try copy.observations == bench.observations)
        let file = try JSONValue(parsing: storage.readAll("Old/20251029_200951.json", limit: 1 << 16))
        #expect(file["metadata"]?["snapshot_id"]?.string == "5a5b9d4c-8d0a-5a5c-8b0a-0123456789ab")
        #expect(file["metadata"]?["agent_version"]?.string == "osrs-snapshot-agent/0.1.0")
        #expect(copy.notes.isEmpty)
    }
}
