import CanonicalJSON
import ObjectStore
import TestSupport
import Testing

@Suite struct TemplateTests {
    /// The template text with `#` for a slot, and the numbers; nil where the document does not fit.
    private func split(_ document: String) -> (String, [Int64])? {
        var (text, numbers): ([UInt8], [Int64]) = ([1, 2, 3], [4])
        guard Template.split(Array(document.utf8), text: &text, numbers: &numbers) else { return nil }
        return (String(decoding: text.map { $0 == 0 ? UInt8(ascii: "#") : $0 }, as: UTF8.self), numbers)
    }

    @Test func takesIntegersOutOfADocument() throws {
        let (text, numbers) = try #require(split(#"{"a":[1,-2,{"id":3,"xp":4}],"id":{"x":5},"z":0}"#))
        #expect(text == ##"{"a":[#,#,{"id":3,"xp":#}],"id":{"x":#},"z":#}"##)
        #expect(numbers == [1, -2, 4, 5, 0])
    }

    @Test(arguments: [
        "-0", "1.0", "1e5", "1E5", "01", "-01", "00", "1-2", "-", "--1", "1+", "-a", "12345678.5", "123456789e1",
        "9223372036854775808", "-9223372036854775809", "123456789012345678901234567890", "012345678", "0123456789",
    ])
    func leavesOtherNumbersInTheText(number: String) throws {
        let (text, numbers) = try #require(split("[\(number),7]"))
        #expect(text == "[\(number),#]")
        #expect(numbers == [7])
    }

    @Test(arguments: [
        Int64.min, .min + 1, .max, 0, 9, -9, 10, 99, 100, 9_999_999, 10_000_000, 99_999_999, 100_000_000,
        9_999_999_999_999_999, 10_000_000_000_000_000, -100_000_000,
    ])
    func holdsEvery64BitInteger(number: Int64) throws {
        var (text, numbers, output): ([UInt8], [Int64], [UInt8]) = ([], [], [])
        for document in ["\(number)", "[\(number)]", "{\"a\":\(number),\"b\":\(number)}"] {
            #expect(Template.split(Array(document.utf8), text: &text, numbers: &numbers))
            #expect(numbers.allSatisfy { $0 == number } && !numbers.isEmpty)
            let template = try Template(text: text)
            #expect(template.render(numbers, into: &output))
            #expect(output == Array(document.utf8))
        }
    }

    @Test func leavesStringsAlone() throws {
        let document = #"{"1":"2\"3:4,5\\","id":"6","a\"id":7,"x":[{"id":8},"9"]}"#
        let (text, numbers) = try #require(split(document))
        #expect(text == ##"{"1":"2\"3:4,5\\","id":"6","a\"id":#,"x":[{"id":8},"9"]}"##)
        #expect(numbers == [7])
    }

    @Test func refusesWhatDoesNotFit() {
        #expect(split("[1\n]") == nil)
        #expect(split("[\"\u{0}\"]") == nil)
        #expect(split("[\"\\\u{1}\"]") == nil)
        #expect(split("\"a") == nil)
        #expect(split("[" + Array(repeating: "1", count: 4_096).joined(separator: ",") + "]") != nil)
        #expect(split("[" + Array(repeating: "1", count: 4_097).joined(separator: ",") + "]") == nil)
        #expect(split("\"" + String(repeating: "a", count: 65_534) + "\"") != nil)
        #expect(split("\"" + String(repeating: "a", count: 65_535) + "\"") == nil)
    }

    @Test func namesColumnsByMemberAndPath() throws {
        func keys(_ text: String) throws -> RowLayout {
            try Template(text: text.utf8.map { $0 == UInt8(ascii: "#") ? 0 : $0 }).layout
        }
        func layout(_ keys: String...) throws -> RowLayout { try RowLayout(keys: keys.map { Array($0.utf8) }) }
        #expect(try keys("#") == layout(""))
        #expect(
            try keys(##"{"skills":[{"id":1,"name":"Attack","rank":#,"xp":#}]}"##)
                == layout("rank\u{0}skills\u{1}Attack", "xp\u{0}skills\u{1}Attack"))
        #expect(
            try keys(##"[[#,"x",#],{"name":7,"a":#},{"a":#}]"##) == layout("0\u{2}0", "2\u{2}0", "a\u{2}1", "a\u{2}2"))
        #expect(
            try keys(##"[{"a":#,"name":"n"},{"a":#,"name":"n"},{"a":#,"name":"n"}]"##)
                == layout("a\u{1}n", "a\u{1}n\u{3}1", "a\u{1}n\u{3}2"))
    }

    @Test(arguments: [
        "", "{", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "{,}", "[1]]", "1 ", "tru", "\"a", "[\"\u{0}\"]", "{\u{0}:1}",
        "\u{0}\u{0}", "]", "{\"a\":1,}", "nul", "e5", "[1}", "{\"a\":1]",
    ])
    func refusesTemplatesThatAreNoJSON(text: String) {
        #expect { try Template(text: Array(text.utf8)) } throws: { ($0 as? TemplateError)?.code == .malformed }
    }

    @Test func boundsTemplates() throws {
        func nested(_ depth: Int) -> [UInt8] {
            (0..<depth).flatMap { _ in Array("[{\"a\":".utf8) } + [0] + (0..<depth).flatMap { _ in Array("}]".utf8) }
        }
        #expect(try Template(text: nested(256)).slotCount == 1)
        #expect { try Template(text: nested(257)) } throws: { ($0 as? TemplateError)?.code == .tooDeep }
        #expect { try Template(text: [UInt8](repeating: 0x31, count: 65_537)) } throws: {
            ($0 as? TemplateError)?.code == .tooLarge
        }
        let slots = Array("[".utf8) + (0..<4_096).flatMap { _ in [0, UInt8(ascii: ",")] } + [0, UInt8(ascii: "]")]
        #expect { try Template(text: slots) } throws: { ($0 as? TemplateError)?.code == .tooLarge }
        // A path of 30,000 bytes before each of 4,000 slots.
        let long =
            Array("{\"\(String(repeating: "p", count: 30_000))\":[".utf8)
            + (0..<4_000).flatMap { _ in [0, UInt8(ascii: ",")] } + Array("0]}".utf8)
        #expect { try Template(text: long) } throws: { ($0 as? TemplateError)?.code == .tooLarge }
    }

    @Test func rendersWhatItSplitWhateverTheBytes() throws {
        var source = RandomDocument(random: SeededRandom(seed: 11))
        var (text, numbers, matched, output): ([UInt8], [Int64], [Int64], [UInt8]) = ([], [], [], [])
        var (templates, fits) = (0, 0)
        for _ in 0..<8_000 {
            let document = source.bytes()
            guard Template.split(document, text: &text, numbers: &numbers) else { continue }
            fits += 1
            #expect(Self.join(text, numbers) == document, "seed 11: \(document)")
            guard let template = try? Template(text: text) else { continue }
            templates += 1
            #expect(template.render(numbers, into: &output) && output == document, "seed 11: \(document)")
            #expect(template.matches(document, numbers: &matched) && matched == numbers, "seed 11: \(document)")
        }
        #expect(templates > 100 && fits > 1_000)
    }

    @Test func reducesAsCanonicalJSONDoes() throws {
        var source = RandomDocument(random: SeededRandom(seed: 12))
        var (text, numbers, output): ([UInt8], [Int64], [UInt8]) = ([], [], [])
        for _ in 0..<8_000 {
            let document = source.canonical()
            let root = try JSONDocument(parsing: document).root
            #expect(try root.canonicalBytes() == document, "seed 12")
            #expect(Template.split(document, text: &text, numbers: &numbers))
            let template = try Template(text: text)
            #expect(template.render(numbers, into: &output) && output == document)
            for member in ["rank", "xp", "id", "name", ""] {
                #expect(template.reduced(omitting: Array(member.utf8)).render(numbers, into: &output))
                #expect(try root.canonicalBytes(omitting: JSONText(utf8: Array(member.utf8))) == output, "seed 12")
            }
        }
    }

    @Test func matchesOnlyDocumentsOfTheTemplate() throws {
        var source = RandomDocument(random: SeededRandom(seed: 13))
        var (text, numbers, other, matched): ([UInt8], [Int64], [UInt8], [Int64]) = ([], [], [], [])
        for _ in 0..<5_000 {
            let document = source.canonical(depth: 3)
            #expect(Template.split(document, text: &text, numbers: &numbers))
            let template = try Template(text: text)
            for _ in 0..<4 where !document.isEmpty {
                var changed = document
                changed[Int.random(in: changed.indices, using: &source.random)] =
                    Array("0123456789-.e,\"]}a".utf8).randomElement(using: &source.random) ?? 0
                let fits = Template.split(changed, text: &other, numbers: &numbers)
                let matches = template.matches(changed, numbers: &matched)
                #expect(matches == (fits && other == text), "seed 13: \(changed)")
                #expect(!matches || matched == numbers)
            }
        }
    }

    @Test func refusesRowsOfAnotherLength() throws {
        let template = try Template(text: Array("[\u{0}]".utf8))
        var output: [UInt8] = [1]
        #expect(!template.render([], into: &output) && output.isEmpty)
        #expect(!template.reduced(omitting: []).render([1, 2], into: &output))
    }

    @Test(.enabled(if: SharedFiles.exists("data/series"), "the real captures are not here"))
    func holdsRealCaptures() throws {
        var (text, numbers, output): ([UInt8], [Int64], [UInt8]) = ([], [], [])
        for line in SharedFiles.lines("data/series/ArchonBorn.jsonl") {
            let body = try #require(try JSONDocument(parsing: line).root["body"])
            let document = try body.canonicalBytes()
            #expect(Template.split(document, text: &text, numbers: &numbers))
            let template = try Template(text: text)
            #expect(template.render(numbers, into: &output) && output == document)
            #expect(template.reduced(omitting: Array("rank".utf8)).render(numbers, into: &output))
            #expect(try body.canonicalBytes(omitting: "rank") == output)
        }
    }

    /// A slow second opinion: the numbers in the place of the zero bytes.
    private static func join(_ text: [UInt8], _ numbers: [Int64]) -> [UInt8] {
        var rest = numbers[...]
        return text.flatMap { $0 == 0 ? Array("\(rest.popFirst() ?? 0)".utf8) : [$0] }
    }
}
