import Archive
import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

extension ImportBench {
    /// An archive's lines as a source.
    static func lines(of archive: Archive, _ selection: ExportSelection = ExportSelection()) throws -> [ImportSource] {
        [source(try lineBytes(of: archive, selection))]
    }

    static func lineBytes(of archive: Archive, _ selection: ExportSelection = ExportSelection()) throws -> [UInt8] {
        var bytes: [UInt8] = []
        _ = try Exporter(of: archive, selection) { _, _ in }.writeLines { bytes += $0 }
        return bytes
    }
}

@Suite("Exporting") struct ExportTests {
    /// Two players, three boards, failures and kept bodies, with all the evidence there can be.
    private static func sample() throws -> ImportBench {
        let bench = try ImportBench()
        var batch = Batch()
        for minute in [5, 2, 9] {
            let document = SampleData.document(xp: 100 * minute)
            batch.add(try SampleData.observation(document, at: minute, board: .ironman), document: document)
        }
        let document = SampleData.document(xp: 7)
        var observation = try SampleData.observation(document, at: 5)
        observation.displayName = nil
        observation.evidence = Evidence(
            httpStatus: 200, latencyMilliseconds: 3, attempt: 2, redirect: "https://y", source: "s",
            agent: "osrs-archive/0.1.0", run: "r", clockIsSet: true, provenance: ["derived", "imputed"],
            suspicions: ["changed_hands"])
        batch.add(observation, document: document)
        batch.add(SampleData.failure(.throttled, at: 6), document: nil)
        for (minute, body) in ["", "a", "ab", "abc", "\u{0}\u{ff}é"].enumerated() {
            let bytes = Array(body.utf8)
            var invalid = SampleData.failure(.invalid, at: 20 + minute, player: "Other")
            invalid.evidence.body = AnswerBody(
                contentType: "text/plain", bytes: bytes.count, id: SHA256.digest(bytes), isKept: true)
            batch.add(invalid, document: bytes)
        }
        var noted = SampleData.failure(.unavailable, at: 30, player: "Other")
        noted.evidence.body = AnswerBody(contentType: nil, bytes: 9, id: SHA256.digest([1]), isKept: false)
        batch.add(noted, document: nil)
        try bench.archive.commit(batch, lockTimeout: SampleData.atOnce)
        return bench
    }

    @Test("lines imported into an empty archive give equal ids, evidence, documents and order, and the same lines")
    func lines() throws {
        let bench = try Self.sample()
        let copy = try ImportBench()
        let lines = try ImportBench.lineBytes(of: bench.archive)
        #expect(try copy.run(lines).counts == [11, 11, 0, 0])
        #expect(try ImportBench.contents(of: copy.archive) == ImportBench.contents(of: bench.archive))
        #expect(copy.archive.head == bench.archive.head)
        #expect(try ImportBench.lineBytes(of: copy.archive) == lines)
        #expect(try copy.run(lines).counts == [11, 0, 11, 0])
    }

    @Test("every line has every member and the document's own bytes")
    func lineShape() throws {
        let bench = try Self.sample()
        let lines = try ImportBench.lineBytes(of: bench.archive).split(separator: UInt8(ascii: "\n")).map(Array.init)
        for line in lines {
            let names = try JSONDocument(parsing: line).root.members.map(\.name.string)
            #expect(
                names == [
                    "schema", "player", "display_name", "board", "captured_at", "result", "snapshot", "progress",
                    "http_status", "latency_ms", "attempt", "error", "redirect", "source", "agent", "run", "clock",
                    "provenance", "suspicions", "answer", "body_base64", "body",
                ])
        }
        let document = String(decoding: SampleData.document(xp: 500), as: UTF8.self)
        #expect(String(decoding: lines[0], as: UTF8.self).hasSuffix(#""body":\#(document)}"#))
    }

    @Test("a selection bounds players, board and time, both ends included")
    func selection() throws {
        let bench = try Self.sample()
        func times(_ selection: ExportSelection) throws -> Int {
            try ImportBench.lineBytes(of: bench.archive, selection).count { $0 == UInt8(ascii: "\n") }
        }
        #expect(try times(ExportSelection(players: [SampleData.player("other")])) == 6)
        #expect(try times(ExportSelection(board: .ironman)) == 3)
        #expect(try times(ExportSelection(since: SampleData.moment(5), until: SampleData.moment(6))) == 3)
        #expect(try times(ExportSelection(players: [])) == 0)
    }

    @Test("the table has a row for each row of a document, quoted where needed, with absent numbers empty")
    func table() throws {
        let bench = try ImportBench()
        let body =
            #"{"skills":[{"name":"Overall","rank":-1,"level":32,"xp":4600000000}],"#
            + #""activities":[{"name":"a \"b\", c","rank":null,"score":0}]}"#
        try bench.run(#"{"player":"A","board":"main","captured_at":"2025-11-01T00:00:00Z","body":\#(body)}"#)
        try bench.run(
            #"{"player":"A","board":"main","captured_at":"2025-11-02T00:00:00Z","result":"not_found"}"#)
        var bytes: [UInt8] = []
        let summary = try Exporter(of: bench.archive) { _, _ in }.writeTable { bytes += $0 }
        #expect(summary.written == 1)
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                captured_at,player,board,section,name,rank,level,value
                2025-11-01T00:00:00.000Z,a,main,skills,Overall,-1,32,4600000000
                2025-11-01T00:00:00.000Z,a,main,activities,"a ""b"", c",,,0

                """)
    }

    @Test("a quote is doubled whatever stands behind it")
    func quotesBeforeCombiningMarks() throws {
        let bench = try ImportBench()
        let body = #"{"skills":[],"activities":[{"name":"a\"\u0301,b","rank":1,"score":2}]}"#
        try bench.run(#"{"player":"A","board":"main","captured_at":"2025-11-01T00:00:00Z","body":\#(body)}"#)
        var bytes: [UInt8] = []
        _ = try Exporter(of: bench.archive) { _, _ in }.writeTable { bytes += $0 }
        let row = "2025-11-01T00:00:00.000Z,a,main,activities,\"a\"\"\u{301},b\",1,,2\n"
        #expect(bytes.suffix(row.utf8.count).elementsEqual(row.utf8))
    }

    @Test("an observation whose document is damaged is left out and named")
    func damaged() throws {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        try archive.commit(SampleData.batch(xp: 0..<3, from: 0), lockTimeout: SampleData.atOnce)
        try storage.remove(LooseObjects.path(of: SHA256.digest(SampleData.document(xp: 1))))
        var named: [LogEntry] = []
        let exporter = Exporter(of: archive) { entry, error in
            #expect(error.code == .missing)
            named.append(entry)
        }
        #expect(try exporter.writeLines { _ in }.failed == 1)
        #expect(try exporter.writeTable { _ in }.written == 2)
        #expect(try exporter.writeTree(to: MemoryStorage()).failed == 1)
        #expect(named.map(\.sequenceNumber) == [1, 1, 1])
    }

    @Test("what a sink throws ends the export")
    func closedPipe() throws {
        struct Closed: Error {}
        let bench = try Self.sample()
        #expect(throws: Closed.self) {
            _ = try Exporter(of: bench.archive) { _, _ in }.writeLines { _ throws(Closed) in throw Closed() }
        }
    }
}
