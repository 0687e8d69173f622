import Testing

@testable import Settings

@Suite struct EnvironmentFileTests {
    private func read(_ text: String) throws(SettingsError) -> [String: String] {
        try EnvironmentFile.variables(parsing: Array(text.utf8), path: ".env")
    }

    @Test(arguments: [
        ("A=1", "1"), ("  A = 1  ", "1"), ("export A=1", "1"), ("A=1\r", "1"), ("A=", ""), ("A=#b", ""),
        ("A=b#c", "b#c"), ("A=b #c", "b"), ("A=b=c", "b=c"), ("A='b # c' # d", "b # c"),
        ("A=\"b\\\"c\\\\d\\n\"", "b\"c\\d\\n"),
        ("A='b\\'", "b\\"), ("A=\"\"", ""), ("A=it's", "it's"), ("A=ä 🦊", "ä 🦊"),
    ])
    func values(line: String, expected: String) throws {
        #expect(try read("# first\n\n\(line)\n") == ["A": expected])
    }

    @Test func laterLineWins() throws {
        #expect(try read("A=1\nB=2\nA=3") == ["A": "3", "B": "2"])
    }

    @Test func emptyFileAndByteOrderMark() throws {
        #expect(try read("") == [:])
        #expect(try read("\u{FEFF}A=1") == ["A": "1"])
    }

    @Test(arguments: [
        ("A", "expected NAME=value"), ("=1", "expected NAME=value"), ("1A=2", "expected NAME=value"),
        ("A B=1", "expected NAME=value"), ("Ä=1", "expected NAME=value"), ("A='b", "the value's quote is never closed"),
        ("A=\"b\\\"", "the value's quote is never closed"), ("A='b'c", "text follows the closing quote"),
        ("A=\0", "not UTF-8 text"),
    ])
    func brokenLinesAreNamed(line: String, reason: String) {
        #expect { try read("B=1\n\(line)\nC=2") } throws: { "\($0)" == ".env, line 2: \(reason)." }
    }

    @Test func bytesThatAreNoText() {
        #expect(throws: SettingsError.environmentFileInvalid(path: ".env", line: 1, reason: "not UTF-8 text")) {
            try EnvironmentFile.variables(parsing: [UInt8(ascii: "A"), UInt8(ascii: "="), 0xFF], path: ".env")
        }
    }
}
