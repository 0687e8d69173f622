import CanonicalJSON
import Testing

/// `reclassify`: kept answers that were not understood, as an older version left them.
@Suite("reclassify")
struct ReclassifyTests {
    private let place = Workplace()

    private static let understood =
        "eyJza2lsbHMiOlt7ImlkIjowLCJuYW1lIjoiT3ZlcmFsbCIsInJhbmsiOjcsImxldmVsIjo5OSwieHAiOjV9XSwibmFtZSI6Ikx5bnggVGl0YW4iLCJhY3Rpdml0aWVzIjpbXX0="
    private static let notUnderstood = "MSwyLDMK"

    /// An archive with one kept answer that is a snapshot, and one that is none.
    private func makeArchive() throws {
        let lines = [Self.understood, Self.notUnderstood].enumerated().map { hour, body in
            #"{"player":"Lynx Titan","board":"main","captured_at":"2026-01-01T0\#(hour):00:00Z","result":"invalid","#
                + #""http_status":200,"error":"not understood","agent":"osrs-archive/0.0.1","run":"r1","#
                + #""body_base64":"\#(body)"}"#
        }
        #expect(try place.run("import", "-", input: lines.joined(separator: "\n")).status == 0)
    }

    private func counts(_ arguments: String...) throws -> [Int64?] {
        let answer = try place.run(Program.archive, ["reclassify", "--json"] + arguments)
        let json = try answer.json
        #expect(answer.status == 0, "\(answer)")
        #expect(json.keys == ["schema", "looked_at", "reclassified", "unchanged", "damaged", "dry_run"])
        #expect(json["dry_run"] == .bool(!arguments.isEmpty))
        return ["looked_at", "reclassified", "unchanged", "damaged"].map { json.count($0) }
    }

    @Test("what is understood becomes a snapshot, once, and the failure stays", arguments: [false, true])
    func understood(isSealed: Bool) throws {
        try makeArchive()
        if isSealed { try place.run("gc") }
        #expect(try place.run("show", "lynx_titan").status == 20)
        #expect(try counts("--dry-run") == [2, 1, 1, 0])
        #expect(try place.run("show", "lynx_titan").status == 20)
        #expect(try counts() == [2, 1, 1, 0])
        #expect(try place.run("cat", "lynx_titan").text.contains("Lynx Titan"))
        let log = try place.run("log", "--failures", "--json").lines
        #expect(log.map { $0.text("outcome") } == ["invalid", "stored", "invalid"])
        let line = try #require(log.first { $0.text("outcome") == "stored" })
        #expect(line.text("captured_at") == "2026-01-01T00:00:00.000Z" && line["error"] == .null)
        #expect(line.text("agent") == "osrs-archive/0.0.1" && line.text("run") == "r1")
        #expect(try place.run("log", "lynx_titan").text.contains("[reclassified]"))
        #expect(try counts() == [2, 0, 2, 0])
        #expect(try place.run("reclassify").text == "looked at 2 kept answers: 0 became snapshots\n")
        #expect(try place.run("verify").status == 0)
    }

    @Test("a damaged answer is 12, after the rest")
    func damaged() throws {
        try makeArchive()
        let files = try place.files(below: "archive/objects")
        #expect(files.count == 2)
        for file in files {
            // The smaller one is the text that is no snapshot.
            var bytes = try place.bytes(of: file)
            guard bytes.count < 40 else { continue }
            bytes[14] ^= 1
            try place.write(bytes, to: file)
        }
        let answer = try place.run("reclassify", "--json")
        let json = try answer.json
        #expect(answer.status == 12 && json.count("reclassified") == 1 && json.count("damaged") == 1, "\(answer)")
        #expect(answer.errorText.contains("main/lynx_titan"))
        #expect(try place.run("show", "lynx_titan").status == 0)
    }

    @Test("without an archive it is 10, and nothing is made")
    func nowhere() throws {
        #expect(try place.run("reclassify").status == 10)
        #expect(!place.has("archive"))
    }
}
