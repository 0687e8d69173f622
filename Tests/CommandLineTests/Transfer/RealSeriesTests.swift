import CanonicalJSON
import Glibc
import TestSupport
import Testing

/// The real series, imported by the program: what the issue asks to work from a fresh clone.
@Suite("The real series", .enabled(if: RealSeries.arePresent, "the shared captures are not here"), .serialized)
struct RealSeriesTests {
    private static func counts(_ answer: Answer) throws -> [Int64?] {
        let json = try answer.json
        return ["read", "added", "already", "rejected"].map { json.count($0) }
    }

    @Test("import adds 1,458, finds 474 there already and rejects 94: 3; then log, diff, verify, export and import")
    func everything() throws {
        let place = Workplace()
        let imported = try place.run(Program.archive, ["import", "--json"] + RealSeries.paths)
        #expect(imported.status == 3, "\(imported)")
        #expect(try Self.counts(imported) == [2026, 1458, 474, 94])
        #expect(imported.errorText.split(separator: "\n").count { $0.contains("vaOPA.ws.jsonl:") } == 94)

        #expect(try place.run("log", "vaOPA", "--json").lines.count == 474)
        #expect(try place.run("log", "--json").lines.count == 1458)
        let diff = try place.run("diff", "vaOPA@{2025-11-01}", "vaOPA@{2025-11-30}", "--json").json
        #expect(diff.at("from", "captured_at")?.string?.hasPrefix("2025-11-01") == true)
        #expect(diff.at("to", "captured_at")?.string?.hasPrefix("2025-11-30") == true)
        let added = diff["skills"]?.array?.first { $0.text("name") == "Sailing" }
        #expect(added?.text("status") == "added" && added?.at("xp", "change") == .null)
        #expect(diff.at("layout", "added")?.array?.contains(.text("Sailing")) == true)
        let stats = try place.run("stats", "--json").json
        let verified = try place.run("verify", "--json")
        #expect(verified.status == 0)
        #expect(try verified.json["observations"] == .integer(1458))
        #expect(try verified.json["snapshots"] == stats["snapshots"])
        #expect(try place.run("verify", "--quick").status == 0)

        let exported = try place.run("export", "--format", "jsonl", "--to", "all.jsonl")
        #expect(exported.status == 0)
        let copied = try place.run("import", "all.jsonl", "--archive", "copy", "--json")
        #expect(copied.status == 0)
        #expect(try Self.counts(copied) == [1458, 1458, 0, 0])
        try place.run("export", "--format", "jsonl", "--to", "copy.jsonl", "--archive", "copy")
        #expect(try place.run("/usr/bin/cmp", ["all.jsonl", "copy.jsonl"]).status == 0)
    }

    @Test("kill -9 at any moment leaves an archive that verifies; importing again comes to the pinned totals")
    func killed() throws {
        let seed: UInt64 = 20_260_901
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let place = Workplace()
        // How long one series takes on this machine, now: the moments are spread over that.
        let whole = try ContinuousClock().measure {
            try place.run("import", RealSeries.paths[2], "--archive", "other")
        }
        var (held, kills): (Int64, Int) = (0, 0)
        for round in 0..<12 {
            let source = RealSeries.paths[round % RealSeries.paths.count]
            let (process, _) = try place.start(Program.archive, ["import", source])
            usleep(UInt32(Double.random(in: 0...1.1, using: &random) * (whole / .microseconds(1))))
            process.send(SIGKILL)
            let end = try process.wait(seconds: 20)
            #expect([128 + SIGKILL, 0, 3].contains(end), "round \(round): \(end)")
            if end == 128 + SIGKILL { kills += 1 }
            guard place.has("archive/config.json") else { continue }
            let verified = try place.run("verify", "--quick", "--json")
            #expect(verified.status == 0, "round \(round): \(verified)")
            let now = try verified.json.count("observations") ?? -1
            #expect(now >= held, "round \(round): what was acknowledged is gone")
            held = now
        }
        print("\(kills) of 12 imports killed, \(held) observations held")
        #expect(kills > 0 && held > 0)
        let verified = try place.run("verify", "--json")
        #expect(verified.status == 0, "\(verified)")
        // What was there by then depends on the moments; the vaOPA texts may have come before their JSON answers.
        let resumed = try place.run(Program.archive, ["import", "--json"] + RealSeries.paths)
        #expect(resumed.status == 3, "\(resumed)")
        #expect(try Self.counts(resumed) == [2026, 1458 - held, 474 + held, 94])
        #expect(try place.run("verify", "--json").json["observations"] == .integer(1458))
    }
}
