import TestSupport
import Testing

@testable import ObjectStore

/// Printed codes: their text, and every kind of slip.
@Suite("Recovery codes")
struct RecoveryCodeTests {
    // From an independent implementation in Python.
    private let code = "000GD-40R4X-0M300-E209K-185G3-R38ED-1W811-24GKZ-2GAH1-C5RR2-34D1B-P70XX-3RFKA-BQSYD"
    private let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    private func failure(_ text: String) -> RecoveryCode.Failure? {
        do throws(RecoveryCode.Failure) { _ = try RecoveryCode.key(of: Array(text.utf8)) } catch { return error }
        return nil
    }

    @Test("a key has the code that another implementation gives it, and comes back from it")
    func golden() throws {
        #expect(RecoveryCode.text(of: try SecretKey.of(Array(0..<32))) == code)
        #expect(try RecoveryCode.key(of: Array(code.utf8)).exposedBytes() == Array(0..<32))
    }

    @Test("case, separators and look-alikes do not matter")
    func spellings() throws {
        for text in [
            code.lowercased(), code.filter { $0 != "-" }, String(code.map { $0 == "-" ? "\n" : $0 }),
            "  \(code)\n", String(code.map { $0 == "0" ? "O" : $0 == "1" ? "l" : $0 }),
            String(code.map { $0 == "1" ? "I" : $0 }),
        ] { #expect(try RecoveryCode.key(of: Array(text.utf8)).exposedBytes() == Array(0..<32)) }
    }

    @Test("random keys come back", arguments: [21, 22] as [UInt64])
    func random(seed: UInt64) throws {
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        for _ in 0..<200 {
            let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = RecoveryCode.text(of: try SecretKey.of(bytes))
            #expect(text.count == 83)
            #expect(try RecoveryCode.key(of: Array(text.utf8)).exposedBytes() == bytes)
        }
    }

    @Test("each wrong character is found, and its group named")
    func substitutions() {
        let characters = Array(code)
        for index in characters.indices where characters[index] != "-" {
            for wrong in alphabet where wrong != characters[index] {
                var text = characters
                text[index] = wrong
                #expect(failure(String(text)) == .mistyped(groups: [index / 6 + 1]))
            }
        }
    }

    @Test("two exchanged characters of a group, and two exchanged groups, are found and named")
    func exchanges() {
        let groups = code.split(separator: "-").map(Array.init)
        for (index, group) in groups.enumerated() {
            for first in 0..<5 {
                for second in first + 1..<5 where group[first] != group[second] {
                    var wrong = groups
                    wrong[index].swapAt(first, second)
                    #expect(failure(wrong.map { String($0) }.joined(separator: "-")) == .mistyped(groups: [index + 1]))
                }
            }
            for other in index + 1..<groups.count {
                var wrong = groups
                wrong.swapAt(index, other)
                #expect(
                    failure(wrong.map { String($0) }.joined(separator: "-"))
                        == .mistyped(groups: [index + 1, other + 1]))
            }
        }
    }

    @Test("missing and additional groups and characters are counted, characters that no code has are named")
    func shapes() {
        #expect(failure("") == .groups(found: 0))
        #expect(failure("\(code)-00000") == .groups(found: 15))
        #expect(failure(String(code.dropLast(6))) == .groups(found: 13))
        #expect(failure(String(code.dropLast())) == .length(group: 14, found: 4))
        #expect(failure(String(code.filter { $0 != "-" }.dropLast())) == .groups(found: 1))
        #expect(failure("U" + code.dropFirst()) == .character(group: 1, "U"))
        #expect(failure(String(code.dropLast()) + "é") == .character(group: 14, "é"))
        #expect(failure(String(code.filter { $0 != "-" }.dropLast()) + "U") == .character(group: 14, "U"))
        #expect(failure("U" + code.dropFirst().dropLast()) == .character(group: 1, "U"))
        #expect(failure("0" + code.dropLast() + "U") == .length(group: 1, found: 6))
    }

    @Test("bytes that are no UTF-8 are no code, and a space of any kind parts groups")
    func bytes() throws {
        var broken = Array(code.utf8)
        broken[7] = 0xFF
        #expect(throws: RecoveryCode.Failure.character(group: 2, "\u{FFFD}")) { _ = try RecoveryCode.key(of: broken) }
        let spaced = Array(code.replacing("-", with: "\u{A0}").utf8)
        #expect(try RecoveryCode.key(of: spaced).exposedBytes() == Array(0..<32))
    }

    @Test("groups of two codes, each right by itself, are no code")
    func mixed() throws {
        let other = RecoveryCode.text(of: try SecretKey.of(9)).split(separator: "-")
        var groups = code.split(separator: "-")
        groups[3] = other[3]
        #expect(failure(groups.joined(separator: "-")) == .checksum)
    }
}
