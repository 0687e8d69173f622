import CanonicalJSON
import ObjectStore
import TestSupport
import Testing

@testable import Archive

@Suite struct RecordTemplateTests {
    private let document = SHA256.digest(Array("document".utf8))
    private let progress = SHA256.digest(Array("progress".utf8))

    /// The record out of what it was split into.
    private func rejoined(_ record: [UInt8], document: ObjectID? = nil, progress: ObjectID? = nil) throws -> [UInt8]? {
        let (text, values) = try #require(RecordTemplate.split(record, document: document, progress: progress))
        var strings: [ArraySlice<UInt8>] = []
        let numbers = values.map { value -> Int64 in
            switch value {
            case .number(let number): return number
            case .string(let content):
                strings.append(content)
                return Int64(strings.count - 1)
            }
        }
        return try RecordTemplate(text: text).render(
            numbers[...], strings: strings, document: document, progress: progress)
    }

    /// Any canonical object with a moment and a result.
    private func record(_ random: inout SeededRandom, depth: Int) -> String {
        func value(_ depth: Int) -> String {
            switch Int.random(in: 0..<(depth > 0 ? 11 : 8), using: &random) {
            case 0:
                return ["null", "true", "false", "1.5", "1e-7", "1e+30", "0", "-1"].randomElement(using: &random) ?? ""
            case 1: return "\(Int64(bitPattern: random.next()) >> 11)"
            case 2: return "\(Int.random(in: 0...99, using: &random))"
            case 3: return "\"\(document.hex)\""
            case 4: return "\"\(progress.hex)\""
            case 5...7:
                let texts = ["", "12", "a:b", #"\""#, #"\\"#, #"\u001f"#, "é", "{", "]", "null"]
                return "\"\(texts.randomElement(using: &random) ?? "")\""
            case 8:
                return "["
                    + (0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth - 1) }
                    .joined(separator: ",") + "]"
            default: return object(depth - 1, [])
            }
        }
        func object(_ depth: Int, _ more: [(String, String)]) -> String {
            var members = more
            for name in ["a", "b", "body", "id", "kind", "snapshot", #"x\"y"#, "z"] where Bool.random(using: &random) {
                members.append((name, value(depth)))
            }
            return "{"
                + members.sorted { $0.0.utf16.lexicographicallyPrecedes($1.0.utf16) }.map { "\"\($0.0)\":\($0.1)" }
                .joined(separator: ",") + "}"
        }
        return object(
            depth,
            [("captured_at", "\(Int.random(in: -99...1_000_000_000_000, using: &random))"), ("result", "\"ok\"")])
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func whatIsSplitIsRenderedAgain(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<100 {
            let record = Array(record(&random, depth: 4).utf8)
            #expect(try rejoined(record, document: document, progress: progress) == record, "seed \(seed)")
            #expect(try rejoined(record) == record, "seed \(seed)")
        }
    }

    @Test func recordsOfOneShapeShareATemplate() throws {
        let one = try RecordFormat.encode(
            .observation(try SampleData.observation(SampleData.document(xp: 1), at: 1, player: "a")))
        let other = try RecordFormat.encode(
            .observation(try SampleData.observation(SampleData.document(xp: 2), at: 9, player: "b")))
        func text(_ record: [UInt8], _ xp: Int) throws -> [UInt8] {
            let document = SampleData.document(xp: xp)
            let progress = try JSONDocument(parsing: document).root.canonicalBytes(omitting: "rank")
            return try #require(
                RecordTemplate.split(record, document: SHA256.digest(document), progress: SHA256.digest(progress))
            ).text
        }
        #expect(try text(one, 1) == text(other, 2))
        let template = try RecordTemplate(text: try text(one, 1))
        #expect(template.hasDocument && template.isSuccess)
        #expect(template.layout.count == template.kinds.count + 1)
        #expect(template.displayName != nil)
    }

    @Test func aKeptBodyIsADocumentAndNoSnapshot() throws {
        let record = #"{"body":{"id":"\#(document.hex)"},"captured_at":5,"result":"invalid"}"#
        let split = try #require(RecordTemplate.split(Array(record.utf8), document: document, progress: nil))
        let template = try RecordTemplate(text: split.text)
        #expect(template.hasDocument && !template.isSuccess)
        // An id in a nested member of that name is no snapshot either.
        let nested = #"{"a":{"snapshot":"\#(document.hex)"},"captured_at":5,"result":"ok"}"#
        let other = try #require(RecordTemplate.split(Array(nested.utf8), document: document, progress: nil))
        #expect(try !RecordTemplate(text: other.text).isSuccess)
    }

    @Test func whatIsNoRecordIsRefused() {
        for text in ["", "{}", "\0", "[\0,\u{1}]", #"{"captured_at":\#(1),"result":2}"#, "{\"captured_at\":\0"] {
            #expect(throws: PackError.self) { try RecordTemplate(text: Array(text.utf8)) }
        }
        let moments = "{\"captured_at\":\0,\"result\":\u{1}"
        #expect(throws: Never.self) { try RecordTemplate(text: Array((moments + "}").utf8)) }
        // Deeper, longer, or of more values than a record can be.
        let deep = moments + ",\"z\":" + String(repeating: "[", count: 600)
        let long = moments + ",\"z\":\"" + String(repeating: "x", count: 70_000) + "\"}"
        let wide = moments + ",\"z\":[" + String(repeating: "\0,", count: 4095) + "\0]}"
        let keys =
            moments + ",\"" + String(repeating: "z", count: 50_000) + "\":["
            + String(repeating: "\0,", count: 40) + "\0]}"
        for text in [deep, long, wide, keys] {
            #expect(throws: PackError.self) { try RecordTemplate(text: Array(text.utf8)) }
        }
        #expect(RecordTemplate.split([0x7B, 0x01, 0x7D], document: nil, progress: nil) == nil)
        #expect(RecordTemplate.split(Array(#"{"a"#.utf8), document: nil, progress: nil) == nil)
    }

    @Test func rowsThatDoNotFitGiveNothing() throws {
        let template = try RecordTemplate(text: Array("{\"captured_at\":\0,\"result\":\u{1},\"snapshot\":\u{2}}".utf8))
        let strings = [Array("ok".utf8)[...]]
        func renders(_ numbers: [Int64], document: ObjectID?) -> Bool {
            template.render(numbers[...], strings: strings, document: document, progress: nil) != nil
        }
        #expect(renders([5, 0], document: document))
        #expect(!renders([5], document: document))
        #expect(!renders([5, 0, 0], document: document))
        #expect(!renders([5, 1], document: document))
        #expect(!renders([5, -1], document: document))
        #expect(!renders([5, 0], document: nil))
    }
}
