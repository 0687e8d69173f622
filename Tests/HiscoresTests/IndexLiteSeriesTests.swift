import CanonicalJSON
import CivilTime
import Hiscores
import TestSupport
import Testing

/// Eighteen months of one player's captures in both forms.
@Suite(.enabled(if: SharedFiles.exists("data/layouts.json"), "needs the shared data"))
struct IndexLiteSeriesTests {
    private struct Capture {
        let moment: Timestamp
        let line: JSONValue
    }

    private static func captures(_ file: String) throws -> [Capture] {
        try SharedFiles.lines("data/series/\(file)").map { bytes in
            let line = try JSONValue(parsing: bytes)
            let text = try #require(line["captured_at"]?.string)
            return Capture(moment: try #require(Timestamp(rfc3339: text)), line: line)
        }
    }

    @Test func textsBecomeTheDocumentsOfTheSameMoments() throws {
        var bodies: [Timestamp: JSONValue] = [:]
        for capture in try Self.captures("vaOPA.jsonl") { bodies[capture.moment] = capture.line["body"] }
        var accepted = 0
        var compared = 0
        var truncated: [Int: Int] = [:]
        for capture in try Self.captures("vaOPA.ws.jsonl") {
            let text = Array(try #require(capture.line["csv"]?.string).utf8)
            do {
                let body = bodies[capture.moment]
                let conversion = try IndexLite.document(text, at: capture.moment, name: body?["name"]?.string)
                accepted += 1
                #expect(conversion.unknownRows.isEmpty)
                let expected = try #require(body, "accepted, but no complete capture is known of \(capture.moment)")
                #expect(try conversion.document.canonicalBytes() == expected.canonicalBytes())
                compared += 1
            } catch let error as IndexLiteError {
                guard case .truncated(let rows, _) = error.reason else { throw error }
                truncated[rows, default: 0] += 1
                #expect(bodies[capture.moment] == nil)
            }
        }
        print("vaOPA.ws.jsonl: \(accepted) accepted, \(compared) equal, truncated by rows: \(truncated)")
        #expect(accepted == 474)
        #expect(compared == bodies.count)
        #expect(truncated == [103: 1, 107: 85, 110: 1, 111: 1, 112: 1, 115: 5])
    }

    @Test(arguments: ["vaRautaMake", "GIM_Foolin", "ArchonBorn"])
    func documentsComeBackFromTheirViewAndHaveALayoutOfTheirMoment(player: String) throws {
        for capture in try Self.captures("\(player).jsonl") {
            let body = try #require(capture.line["body"])
            let document = try #require(HiscoreDocument(body))
            #expect(document.extra.isEmpty)
            #expect(try document.documentValue.canonicalBytes() == body.canonicalBytes())
            let layout = Layout(skills: document.skills.map(\.name), activities: document.activities.map(\.name))
            #expect(Layout.possible(at: capture.moment).contains(layout), "\(capture.moment)")
        }
    }
}
