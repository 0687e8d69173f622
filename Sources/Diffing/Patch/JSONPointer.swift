public import CanonicalJSON

/// A place in a JSON document (RFC 6901): the member names and array indices that lead to it from the root.
public struct JSONPointer: Hashable, Sendable {
    /// The unescaped reference tokens; none for the whole document.
    public var tokens: [JSONText]

    /// The pointer with these unescaped tokens.
    public init(_ tokens: [JSONText]) { self.tokens = tokens }

    /// Reads the string form: empty, or `/` before each token, with `~1` for `/` and `~0` for `~`. Nil for a text that
    /// does not start with `/`, or has a `~` before anything else (RFC 6901, section 3).
    public init?(parsing text: JSONText) {
        var tokens: [JSONText] = []
        guard !text.utf8.isEmpty else {
            self.tokens = tokens
            return
        }
        guard text.utf8[0] == UInt8(ascii: "/") else { return nil }
        for part in text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let token = Self.unescape(part) else { return nil }
            tokens.append(JSONText(utf8: token))
        }
        self.tokens = tokens
    }

    /// The string form, escaped.
    public var text: JSONText {
        var text: [UInt8] = []
        for token in tokens {
            text.append(UInt8(ascii: "/"))
            for byte in token.utf8 {
                switch byte {
                case UInt8(ascii: "~"): text += "~0".utf8
                case UInt8(ascii: "/"): text += "~1".utf8
                default: text.append(byte)
                }
            }
        }
        return JSONText(utf8: text)
    }

    private static func unescape(_ part: ArraySlice<UInt8>) -> [UInt8]? {
        var token: [UInt8] = []
        var rest = part
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else {
                token.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "0"): token.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): token.append(UInt8(ascii: "/"))
            default: return nil
            }
        }
        return token
    }
}

extension JSONPointer: CustomStringConvertible {
    /// The string form, as Swift text.
    public var description: String { text.string }
}

extension JSONText {
    /// The token as an array index: ASCII digits without a leading zero (RFC 6901, section 4), or nil.
    var arrayIndex: Int? {
        guard let first = utf8.first, first != UInt8(ascii: "0") || utf8.count == 1 else { return nil }
        var index = 0
        for byte in utf8 {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let (tens, tooLarge) = index.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            guard !tooLarge, !overflow else { return nil }
            index = sum
        }
        return index
    }

    /// Whether this is `-`, the place after the last element of an array (RFC 6901, section 4).
    var isEndOfArray: Bool { utf8 == [UInt8(ascii: "-")] }
}
