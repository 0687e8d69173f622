import CivilTime
import Scribe
import Testing

@Suite struct ScribeEntryTests {
    let project = ScribeProject(name: "osrs-archive", progressLog: "log", defaultAgent: "Scribe")
    let time = Timestamp(millisecondsSinceEpoch: 1_760_935_595_999) ?? .earliest

    @Test func allSegments() {
        let entry = ScribeEntry(
            "Snapshot stored", at: time, project: project, status: .success, agent: "Capture",
            meta: ["player": "lynx_titan", "latency_ms": "41"])
        #expect(
            entry.text == "[✅] [2025-10-20 04:46:35 UTC] [Agent: Capture] [Project: osrs-archive] "
                + "Snapshot stored | player=lynx_titan; latency_ms=41")
        #expect(entry.line == Array((entry.text + "\n").utf8))
    }

    @Test func emptySegmentsAreDropped() {
        let bare = ScribeProject(progressLog: "log")
        #expect(ScribeEntry("done", time: "T", project: bare).text == "[📝] [T] done")
        let blank = ScribeProject(name: "", progressLog: "log", defaultAgent: " ")
        #expect(ScribeEntry("done", time: "T", project: blank).text == "[📝] [T] done")
        #expect(
            ScribeEntry("done", time: "T", project: project, agent: "").text
                == "[📝] [T] [Agent: Scribe] [Project: osrs-archive] done")
    }

    @Test func emojiFlagGoesBeforeStatusBeforeDefault() {
        let project = ScribeProject(progressLog: "log", defaultEmoji: "🦊")
        func entry(_ emoji: String?, _ status: ScribeStatus?) -> String {
            ScribeEntry("m", time: "T", project: project, emoji: emoji, status: status).text
        }
        #expect(entry("🔥", .error) == "[🔥] [T] m")
        #expect(entry("", .error) == "[❌] [T] m")
        #expect(entry(nil, nil) == "[🦊] [T] m")
    }

    @Test func statusEmoji() {
        #expect(
            ScribeStatus.allCases.map { "\($0) \($0.emoji)" }.joined(separator: " ")
                == "info ℹ️ success ✅ warn ⚠️ error ❌ bug 🐞 plan 🧭")
    }

    @Test(arguments: [
        "\n", "\r", "\r\n", "\u{2028}", "\u{2029}", "\u{85}", "\u{0B}", "\u{0C}", "\0", "\u{1B}", "\u{7F}", "\t",
    ])
    func noPartForgesAnEntry(breaking: String) {
        let forged = "a\(breaking)[✅] [2026-01-01 00:00:00 UTC] b"
        let entry = ScribeEntry(
            forged, time: forged, project: ScribeProject(name: forged, progressLog: "log"), emoji: forged,
            agent: forged, meta: [forged: forged])
        let body = entry.line.dropLast()
        #expect(body.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        #expect(!entry.text.unicodeScalars.contains { (0x7F...0x9F).contains($0.value) })
        #expect(!entry.text.unicodeScalars.contains { $0.value == 0x2028 || $0.value == 0x2029 })
        #expect(entry.line.last == UInt8(ascii: "\n"))
    }

    @Test func breaksBecomeSpacesAndEmojiSequencesStay() {
        let entry = ScribeEntry("one\ntwo", time: "T\u{85}", project: ScribeProject(progressLog: "l"), emoji: "👩‍💻")
        #expect(entry.text == "[👩‍💻] [T ] one two")
    }
}
