import CanonicalJSON
import TestSupport
import Testing

@testable import Diffing

/// The public test suite of RFC 6902 (json-patch-tests).
@Suite("JSON Patch conformance", .enabled(if: SharedFiles.exists("conformance/json-patch"), "no shared files"))
struct PatchConformanceTests {
    @Test(
        "Every record gives the expected document or the expected failure",
        arguments: [("tests.json", 62, 30, 0), ("spec_tests.json", 12, 4, 0)])
    func records(file: String, expected: Int, failing: Int, applying: Int) throws {
        let suite = try JSONValue(parsing: #require(SharedFiles.bytes("conformance/json-patch/\(file)")))
        var counts = (expected: 0, failing: 0, applying: 0)
        for record in try #require(suite.array) {
            guard record["disabled"]?.bool != true else { continue }
            guard let patch = record["patch"], let document = record["doc"] else { continue }
            let comment = record["comment"]?.string ?? ""
            if record["error"] != nil {
                counts.failing += 1
                #expect(throws: PatchError.self, "\(comment): \(patch)") {
                    try JSONPatch(parsing: patch).apply(to: document)
                }
                continue
            }
            let result = try JSONPatch(parsing: patch).apply(to: document)
            if let wanted = record["expected"] {
                counts.expected += 1
                #expect(try result.canonicalBytes() == wanted.canonicalBytes(), "\(comment)")
            } else {
                counts.applying += 1
            }
        }
        #expect(counts == (expected, failing, applying), "records that ran")
    }
}
