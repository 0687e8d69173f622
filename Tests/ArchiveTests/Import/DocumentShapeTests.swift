import ObjectStore
import Testing

@testable import Archive

/// A line that is read by what was learned from others gives what parsing it gives.
@Suite("Learned documents") struct DocumentShapeTests {
    private static func line(_ body: String, more: String = "") -> [UInt8] {
        Array(#"{"player":"Zezima","board":"main","captured_at":"2025-11-01T06:15:00Z","body":\#(body)\#(more)}"#.utf8)
    }

    private static func body(name: String = #""Zezima""#, _ xp: String = "1", rank: String = "2", id: Int = 0) -> String
    {
        #"{"name":\#(name),"skills":[{"id":\#(id),"name":"Overall","rank":\#(rank),"level":3,"xp":\#(xp)}],"#
            + #""activities":[{"id":7,"name":"é","rank":-1,"score":0}]}"#
    }

    /// What a line gives, as text.
    private static func outcome(_ line: [UInt8], _ builder: ObservationBuilder) -> String {
        do throws(ImportFailure) {
            let imported = try ObservationLine.decode(line, ImportOptions(), builder)
            let document = try? imported.document?.bytes()
            return "\(imported.observation) \(document.map { String(decoding: $0, as: UTF8.self) } ?? "-")"
        } catch {
            return "\(error)"
        }
    }

    @Test("learned or parsed, a line is the same")
    func sameAsParsed() {
        let bodies = [
            Self.body(), Self.body("2"), Self.body("-0"), Self.body("1e3"), Self.body("1.5"),
            Self.body("-9007199254740992"), Self.body("9007199254740993"),
            Self.body("1152921504606846976"), Self.body("9223372036854775807"), Self.body("00"),
            Self.body("4800000000", rank: "-1"),
            Self.body(id: 1), Self.body(name: #""B0aty""#), Self.body(name: #""A\u0042c""#),
            Self.body(name: #""\\\"""#),
            Self.body(name: "\"Iron\u{A0}Man\""), Self.body(name: "7"), Self.body(name: "null"),
            Self.body(name: #""""#),
            Self.body(name: "\"tab\tin\""), Self.body().replacing(#""name":"Zezima","#, with: ""),
            Self.body().replacing(",", with: ", "), Self.body() + " ", #"{"skills":[],"x":1,"x":2}"#, #"{"skills":3}"#,
            "{}", "1",
            Self.body().replacing("]}", with: #"],"name":"twice"}"#), Self.body().replacing("Overall", with: "Total"),
        ]
        let learned = ObservationBuilder()
        for _ in 0..<2 {
            for body in bodies {
                for more in [
                    "", #","latency_ms":5"#, #","result":"invalid""#, #","csv":"1,2""#, #","body":{"skills":[]}"#, "}",
                    " x",
                ] {
                    let line = Self.line(body, more: more)
                    #expect(Self.outcome(line, learned) == Self.outcome(line, ObservationBuilder()))
                }
            }
        }
    }

    @Test("bytes that are no UTF-8 in a name are refused as ever")
    func notUTF8() {
        let learned = ObservationBuilder()
        var line = Self.line(Self.body())
        _ = Self.outcome(line, learned)
        #expect(learned.document(in: line, from: line.count - Self.body().utf8.count - 1) != nil)
        guard let place = line.lastIndex(of: UInt8(ascii: "Z")) else { return }
        line[place] = 0xFF
        #expect(Self.outcome(line, learned) == Self.outcome(line, ObservationBuilder()))
        #expect(Self.outcome(line, learned).contains("malformed"))
    }

    @Test("a body is told from a text that looks like one")
    func lookalike() {
        let learned = ObservationBuilder()
        _ = Self.outcome(Self.line(Self.body()), learned)
        let quoted = Self.body().replacing("\"", with: "\\\"")
        let nested = #"{"x":{"body":\#(Self.body())},"player":"a","board":"main","captured_at":"2025-11-01T06:15:00Z"}"#
        let first = #"{"body":\#(Self.body()),"player":"a","board":"main","captured_at":"2025-11-01T06:15:00Z"}"#
        for text in [nested, first, #"{"error":"\"body\":\#(quoted)","player":"a"}"#, #"["body":\#(Self.body())]"#] {
            let line = Array(text.utf8)
            #expect(Self.outcome(line, learned) == Self.outcome(line, ObservationBuilder()))
        }
    }
}
