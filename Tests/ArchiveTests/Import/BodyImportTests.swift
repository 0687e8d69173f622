import Archive
import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@Suite("Importing single bodies") struct BodyImportTests {
    private static let place = ImportOptions(
        player: "Zezima", board: .main, capturedAt: Timestamp(rfc3339: "2026-03-15T04:15:00Z"))

    @Test("an official body needs player, board and time, and its own name is no answer to that")
    func needsPlace() throws {
        let bench = try ImportBench()
        let body = #"{"name":"Zezima","skills":[],"activities":[]}"#
        #expect(try bench.run(body).counts == [1, 0, 0, 1])
        #expect(bench.rejections.first?.code == .needsPlaceAndTime)
        #expect(
            bench.rejections.first?.reason
                == "it does not say its player, its board and its time: give --player, --board and --at")
        try bench.run(body, ImportOptions(board: .main))
        #expect(bench.rejections.first?.reason == "it does not say its player and its time: give --player and --at")
        try bench.run(body, ImportOptions(player: "Zezima", board: .main))
        #expect(bench.rejections.first?.reason == "it does not say its time: give --at")
        #expect(try bench.run("1,2,3\n-1,-1\n").rejections == [.needsPlaceAndTime: 1])
    }

    @Test("compact and indented bodies are the same snapshot")
    func official() throws {
        let bench = try ImportBench()
        let compact = #"{"name":"Zezima X","skills":[{"id":0,"rank":-1}],"activities":[]}"#
        let indented =
            "{\n  \"name\": \"Zezima X\",\n  \"activities\": [],\n  \"skills\": [\n{\"rank\": -1, \"id\": 0}\n]\n}\n"
        #expect(try bench.run(compact, Self.place).counts == [1, 1, 0, 0])
        #expect(try bench.run(indented, Self.place).counts == [1, 0, 1, 0])
        #expect(try bench.observations.first?.displayName == "Zezima X")
        #expect(try bench.observations.first?.player.key == "zezima")
    }

    @Test("what is no snapshot is told apart and named")
    func notASnapshot() throws {
        let bench = try ImportBench()
        let cases: [(String, ImportRejection.Code)] = [
            ("", .unknownFormat), ("<!doctype html>", .unknownFormat), ("hello", .unknownFormat),
            ("{\"a\":1}", .unknownFormat), ("[]", .unknownFormat), ("12 monkeys", .unknownFormat),
            ("{\n\"skills\": [\n}", .malformed), ("{\"skills\":[],\"a\":9007199254740993}", .malformed),
            ("1,2,3\n4,x\n", .malformed), ("1,2,3\n", .malformed), ("17", .unknownFormat),
        ]
        for (text, code) in cases {
            try bench.run(text, Self.place)
            #expect(bench.rejections.map(\.code) == [code], "\(text)")
        }
        try bench.run("{\n\"skills\": [\n}", Self.place)
        #expect(bench.rejections.first?.line == 3)
        var official = Self.place
        official.format = .official
        #expect(try bench.run("{\"a\":1}", official).rejections == [.notASnapshot: 1])
        #expect(try bench.run("<html>", official).rejections == [.malformed: 1])
        #expect(bench.archive.history.observationCount == 0)
    }

    @Test("a missing file is a rejection, and the others go on")
    func missing() throws {
        let bench = try ImportBench()
        let body = ImportBench.source(Array(#"{"skills":[]}"#.utf8))
        let summary = try bench.run([.path("/nonexistent/file.jsonl"), body], Self.place)
        #expect(summary.counts == [2, 1, 0, 1])
        #expect(bench.rejections.first?.code == .unreadable)
        #expect(bench.rejections.first?.description == "/nonexistent/file.jsonl: there is no such file or folder")
        try bench.run([.path("/dev/null/file.jsonl")], Self.place)
        #expect(bench.rejections.first?.description == "/dev/null/file.jsonl: it cannot be read: Not a directory")
        try bench.run([.path("/dev/null")], Self.place)
        #expect(bench.rejections.first?.description == "/dev/null: it cannot be read: not a regular file")
        try bench.run([.stream(name: "standard input") { _ in [] }], Self.place)
        #expect(bench.rejections.first?.description == "standard input: it is empty")
        try bench.run("", ImportOptions(format: .official))
        #expect(bench.rejections.first?.description == "input: it is empty")
    }

    @Test(
        "real bodies of the service come in as they are",
        .enabled(if: SharedFiles.exists("data/series"), "the shared captures are not here"),
        arguments: [
            "2024-09_main_no-name-field.json", "WoodFiveMan.20260213T133935Z.official.json",
            "b0atyStats.2026-07-30.8919ea7f.json", "lynxTitanStats.2025-11-15.b2911032.json",
        ])
    func realBodies(name: String) throws {
        let bench = try ImportBench()
        let bytes = try #require(SharedFiles.bytes("data/bodies/\(name)"))
        #expect(try bench.run(bytes, Self.place).counts == [1, 1, 0, 0])
    }

    @Test(
        "malformed index_lite.ws bodies are all refused",
        .enabled(if: SharedFiles.exists("data/series"), "the shared captures are not here"),
        arguments: ["EmptyEntry", "MissingActivity", "MissingSkill", "NaN"])
    func brokenTexts(name: String) throws {
        let bench = try ImportBench()
        let bytes = try #require(SharedFiles.bytes("data/broken-csv/osrslogs_invalid\(name).csv"))
        try #require(!bytes.isEmpty)
        var options = Self.place
        options.capturedAt = Timestamp(date: "2020-06-01")
        options.format = .ws
        #expect(try bench.run(bytes, options).counts == [1, 0, 0, 1])
    }
}
