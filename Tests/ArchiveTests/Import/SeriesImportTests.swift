import Archive
import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@Suite("Importing real series", .enabled(if: SharedFiles.exists("data/series"), "the shared captures are not here"))
struct SeriesImportTests {
    private static let names = [
        "ArchonBorn.jsonl", "GIM_Foolin.jsonl", "vaOPA.jsonl", "vaOPA.ws.jsonl", "vaRautaMake.jsonl",
    ]

    private static func sources() throws -> [ImportSource] {
        try names.map { try .path("\(SharedFiles.folder)/data/series/\($0)") }
    }

    /// 35 + 475 + 474 + 474 observations; of the 568 `.ws` lines 474 repeat the instants of vaOPA.jsonl with equal
    /// values, and 94 have fewer rows than the layout of their day.
    @Test("all of them give 1,458 observations; 474 are there already, and 94 were cut off")
    func everything() throws {
        let bench = try ImportBench()
        let summary = try bench.run(Self.sources())
        #expect(summary.counts == [2026, 1458, 474, 94])
        #expect(bench.rejections.allSatisfy { $0.source.hasSuffix("vaOPA.ws.jsonl") && $0.code == .malformed })
        #expect(bench.rejections.allSatisfy { $0.reason.contains("it was cut off") })
        #expect(bench.notes.isEmpty)
        #expect(bench.archive.history.observationCount == 1458)
        #expect(try bench.run(Self.sources()).counts == [2026, 0, 1932, 94])

        let copy = try ImportBench()
        try copy.run(ImportBench.lines(of: bench.archive))
        #expect(try ImportBench.contents(of: copy.archive) == ImportBench.contents(of: bench.archive))
    }

    @Test("the texts alone give the same snapshots as the JSON answers of the same instants")
    func texts() throws {
        let texts = try ImportBench()
        let bodies = try ImportBench()
        #expect(try texts.run([.path("\(SharedFiles.folder)/data/series/vaOPA.ws.jsonl")]).counts == [568, 474, 0, 94])
        try bodies.run([.path("\(SharedFiles.folder)/data/series/vaOPA.jsonl")])
        #expect(try texts.archive.identities == bodies.archive.identities)
    }

    @Test("an import that ended early is resumed by running it again")
    func resumed() throws {
        let whole = try ImportBench()
        let series = try #require(SharedFiles.bytes("data/series/vaOPA.jsonl"))
        try whole.run(series)
        let part = try ImportBench()
        let cut = series.count * 2 / 3
        try part.run(Array(series[..<cut]))
        #expect(part.rejections.count == 1)
        let before = part.archive.history.observationCount
        let summary = try part.run(series)
        #expect(summary.counts == [474, 474 - before, before, 0])
        #expect(try part.archive.identities == whole.archive.identities)
    }
}
