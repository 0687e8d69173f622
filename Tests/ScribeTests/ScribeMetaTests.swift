import Scribe
import Testing

@Suite struct ScribeMetaTests {
    private func split(_ words: [String], _ message: String? = nil) throws -> String {
        let (meta, text) = try ScribeArguments.splitMeta(words: words, message: message)
        return meta.pairs.map { "\($0.key)=\($0.value)" }.joined(separator: ";") + "|" + text
    }

    @Test func wordWithoutEqualsEndsThePairsAndIsTheMessage() throws {
        #expect(try split(["a=1", "b=2", "Captured two"]) == "a=1;b=2|Captured two")
    }

    @Test func messageMayStandBetweenTwoFlags() throws {
        #expect(try split(["a=1", "Captured", "b=2"]) == "a=1;b=2|Captured")
    }

    @Test func messageOfItsOwn() throws {
        #expect(try split(["a=1", "b=x=y", "c="], "level = 99") == "a=1;b=x=y;c=|level = 99")
        #expect(try split([], "plain") == "|plain")
    }

    @Test func laterValueOfAKeyWinsInTheFirstPlace() throws {
        #expect(try split(["a=1", "b=2", " a = 3 "], "m") == "a=3;b=2|m")
    }

    @Test func keysAndValuesStayOnOneLine() throws {
        #expect(try split(["a\nb=c\u{2028}d\n"], "m") == "a b=c d|m")
    }

    @Test(
        arguments: [
            (["oops"], nil, "Meta value must be key=value, received: oops"),
            (["oops"], "message", "Meta value must be key=value, received: oops"),
            (["a=1", "one", "two"], nil, "Meta value must be key=value, received: two"),
            (["=1"], "message", "Meta key cannot be empty."),
            ([" \n=1"], "message", "Meta key cannot be empty."),
        ] as [([String], String?, String)])
    func wordsThatAreRefused(words: [String], message: String?, expected: String) {
        #expect { try split(words, message) } throws: { "\($0)" == expected }
    }

    @Test func pairsAloneAreNoMessage() {
        #expect(throws: ScribeError.messageMissing) { try split(["a=1"]) }
        #expect(throws: ScribeError.messageMissing) { try split([]) }
    }
}
