import CanonicalJSON
import Testing

/// JSONTestSuite (https://github.com/nst/JSONTestSuite) over the parser and the canonical form.
@Suite("JSONTestSuite", .enabled(if: SharedFiles.arePresent, "the shared test data are absent"))
struct JSONTestSuiteTests {
    static let folder = "conformance/jsontestsuite"

    /// What comes of a file: its canonical form, or the code and offset of the refusal.
    static func outcome(_ file: String) throws -> String {
        let bytes = try #require(SharedFiles.bytes("\(folder)/\(file)"))
        do throws(JSONError) {
            return String(decoding: try JSONDocument(parsing: bytes).root.canonicalBytes(), as: UTF8.self)
        } catch {
            return "\(error.code) at \(error.offset)"
        }
    }

    static func files(_ folder: String, _ prefix: String) -> [String] {
        SharedFiles.names("\(Self.folder)/\(folder)").filter { $0.hasPrefix(prefix) }
    }

    @Test("all 95 texts that must be accepted are; the two with repeated names have no canonical form")
    func accepted() throws {
        let files = Self.files("test_parsing", "y_")
        #expect(files.count == 95)
        var withoutCanonicalForm: [String] = []
        for file in files {
            let bytes = try #require(SharedFiles.bytes("\(Self.folder)/test_parsing/\(file)"))
            let document = try JSONDocument(parsing: bytes)
            #expect(try JSONDocument(parsing: document.root.value.compactBytes()).root.value == document.root.value)
            if try Self.outcome("test_parsing/\(file)").hasPrefix("duplicateName") { withoutCanonicalForm.append(file) }
        }
        #expect(
            withoutCanonicalForm == ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"])
    }

    @Test("all 188 texts that must be rejected are")
    func rejected() throws {
        let files = Self.files("test_parsing", "n_")
        #expect(files.count == 188)
        for file in files {
            let bytes = try #require(SharedFiles.bytes("\(Self.folder)/test_parsing/\(file)"))
            #expect(throws: JSONError.self, "\(file)") { try JSONDocument(parsing: bytes) }
        }
    }

    @Test("the 35 texts that are ours to decide, and the decisions")
    func decided() throws {
        var outcomes: [String: String] = [:]
        for file in Self.files("test_parsing", "i_") { outcomes[file] = try Self.outcome("test_parsing/\(file)") }
        for (file, outcome) in outcomes.sorted(by: { $0.key < $1.key }) { print("(\"\(file)\", \"\(outcome)\"),") }
        for file in Self.files("test_transform", "") {
            print("(\"\(file)\", #\"\(try Self.outcome("test_transform/\(file)"))\"#),")
        }
    }
}
