import CanonicalJSON
import TestSupport
import Testing

/// JSONTestSuite (https://github.com/nst/JSONTestSuite) over the parser and the canonical form.
@Suite("JSONTestSuite", .enabled(if: SharedFiles.exists("conformance"), "the shared test data are absent"))
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

    /// RFC 8259 leaves these to the parser. A number that a double cannot hold as written is refused, one that rounds
    /// to 0 is 0; text that is not UTF-8 or has half a surrogate pair is refused; so is a byte order mark.
    static let decisions: [(file: String, outcome: String)] = [
        ("i_number_double_huge_neg_exp", "[0]"),
        ("i_number_huge_exp", "numberOverflow at 1"),
        ("i_number_neg_int_huge_exp", "numberOverflow at 1"),
        ("i_number_pos_double_huge_exp", "numberOverflow at 1"),
        ("i_number_real_neg_overflow", "numberOverflow at 1"),
        ("i_number_real_pos_overflow", "numberOverflow at 1"),
        ("i_number_real_underflow", "[0]"),
        ("i_number_too_big_neg_int", "inexactInteger at 1"),
        ("i_number_too_big_pos_int", "[100000000000000000000]"),
        ("i_number_very_big_negative_int", "inexactInteger at 1"),
        ("i_object_key_lone_2nd_surrogate", "loneSurrogate at 2"),
        ("i_string_1st_surrogate_but_2nd_missing", "loneSurrogate at 2"),
        ("i_string_1st_valid_surrogate_2nd_invalid", "loneSurrogate at 2"),
        ("i_string_UTF-16LE_with_BOM", "syntax at 0"),
        ("i_string_UTF-8_invalid_sequence", "invalidUTF8 at 7"),
        ("i_string_UTF8_surrogate_U+D800", "invalidUTF8 at 2"),
        ("i_string_incomplete_surrogate_and_escape_valid", "loneSurrogate at 2"),
        ("i_string_incomplete_surrogate_pair", "loneSurrogate at 2"),
        ("i_string_incomplete_surrogates_escape_valid", "loneSurrogate at 2"),
        ("i_string_invalid_lonely_surrogate", "loneSurrogate at 2"),
        ("i_string_invalid_surrogate", "loneSurrogate at 2"),
        ("i_string_invalid_utf-8", "invalidUTF8 at 2"),
        ("i_string_inverted_surrogates_U+1D11E", "loneSurrogate at 2"),
        ("i_string_iso_latin_1", "invalidUTF8 at 2"),
        ("i_string_lone_second_surrogate", "loneSurrogate at 2"),
        ("i_string_lone_utf8_continuation_byte", "invalidUTF8 at 2"),
        ("i_string_not_in_unicode_range", "invalidUTF8 at 2"),
        ("i_string_overlong_sequence_2_bytes", "invalidUTF8 at 2"),
        ("i_string_overlong_sequence_6_bytes", "invalidUTF8 at 2"),
        ("i_string_overlong_sequence_6_bytes_null", "invalidUTF8 at 2"),
        ("i_string_truncated-utf-8", "invalidUTF8 at 2"),
        ("i_string_utf16BE_no_BOM", "syntax at 0"),
        ("i_string_utf16LE_no_BOM", "syntax at 1"),
        ("i_structure_500_nested_arrays", String(repeating: "[", count: 500) + String(repeating: "]", count: 500)),
        ("i_structure_UTF-8_BOM_empty_object", "syntax at 0"),
    ]

    @Test("the 35 texts that are ours to decide come out as decided")
    func decided() throws {
        #expect(Self.files("test_parsing", "i_") == Self.decisions.map { $0.file + ".json" })
        for (file, outcome) in Self.decisions {
            #expect(Array(try Self.outcome("test_parsing/\(file).json").utf8) == Array(outcome.utf8), "\(file)")
        }
    }

    /// Integers keep no more than a double holds, names that look alike stay two, and repeated names have no canonical
    /// form even where the values agree.
    static let transforms: [(file: String, outcome: String)] = [
        ("number_-9223372036854775808", "[-9223372036854776000]"),
        ("number_-9223372036854775809", "inexactInteger at 1"),
        ("number_1.0", "[1]"),
        ("number_1.000000000000000005", "[1]"),
        ("number_1000000000000000", "[1000000000000000]"),
        ("number_10000000000000000999", "inexactInteger at 1"),
        ("number_1e-999", "[0]"),
        ("number_1e6", "[1000000]"),
        ("number_9223372036854775807", "inexactInteger at 1"),
        ("number_9223372036854775808", "[9223372036854776000]"),
        ("object_key_nfc_nfd", "{\"e\u{301}\":\"NFD\",\"\u{E9}\":\"NFC\"}"),
        ("object_key_nfd_nfc", "{\"e\u{301}\":\"NFD\",\"\u{E9}\":\"NFC\"}"),
        ("object_same_key_different_values", "duplicateName at 7"),
        ("object_same_key_same_value", "duplicateName at 7"),
        ("object_same_key_unclear_values", "duplicateName at 8"),
        ("string_1_escaped_invalid_codepoint", "loneSurrogate at 2"),
        ("string_1_invalid_codepoint", "invalidUTF8 at 2"),
        ("string_2_escaped_invalid_codepoints", "loneSurrogate at 2"),
        ("string_2_invalid_codepoints", "invalidUTF8 at 2"),
        ("string_3_escaped_invalid_codepoints", "loneSurrogate at 2"),
        ("string_3_invalid_codepoints", "invalidUTF8 at 2"),
        ("string_with_escaped_NULL", #"["A\u0000B"]"#),
    ]

    @Test("the 22 texts that parsers are known to alter come out as recorded")
    func transformed() throws {
        #expect(Self.files("test_transform", "") == Self.transforms.map { $0.file + ".json" })
        for (file, outcome) in Self.transforms {
            #expect(Array(try Self.outcome("test_transform/\(file).json").utf8) == Array(outcome.utf8), "\(file)")
        }
    }
}
