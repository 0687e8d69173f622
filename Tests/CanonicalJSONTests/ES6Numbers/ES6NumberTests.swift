import CanonicalJSON
import Testing

@Suite("Numbers in ECMAScript's form")
struct ES6NumberTests {
    @Test("a million lines of the JCS number file hash as published (scripts/es6-numbers checks all 10^8)")
    func checkpoints() throws {
        var checked: [Int] = []
        try ES6NumberSequence.verify(lines: 1_000_000, text: { try JSONValue.number($0).canonicalBytes() }) {
            (line, digest, published) in
            #expect(digest == published, "\(line) lines")
            checked.append(line)
        }
        #expect(checked == [1_000, 10_000, 100_000, 1_000_000])
    }

    @Test("each number reads back as itself, and its text is a fixed point of the parser too")
    func roundTrip() throws {
        var sequence = ES6NumberSequence()
        for _ in 0..<20_000 {
            let value = sequence.next()
            let text = try JSONValue.number(value).canonicalBytes()
            let document = try JSONDocument(parsing: text)
            #expect(document.root.number == value)
            #expect(try document.root.canonicalBytes() == text)
        }
    }
}
