/// Why bytes are no JSON, or JSON that has no canonical form, and where.
public struct JSONError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// The text breaks RFC 8259's grammar.
        case syntax
        /// The text ends inside a value.
        case unexpectedEnd
        /// Bytes follow the value.
        case trailingBytes
        /// A byte sequence is not UTF-8 (overlong forms and surrogates included).
        case invalidUTF8
        /// A `\u` escape names half of a surrogate pair.
        case loneSurrogate
        /// Arrays and objects are nested deeper than `JSONLimits.depth`.
        case tooDeep
        /// The text is longer than `JSONLimits.bytes`.
        case tooLong
        /// A number is too large for a double.
        case numberOverflow
        /// An integer literal that a double does not hold exactly.
        case inexactInteger
        /// An object has two members of one name.
        case duplicateName
    }

    /// What is wrong.
    public let code: Code
    /// The offset in bytes of the first byte of the offending token.
    public let offset: Int
    /// More about it for a person: the name, the literal; empty where the code says all.
    public let detail: String

    /// An error at an offset.
    public init(_ code: Code, offset: Int, detail: String = "") {
        (self.code, self.offset, self.detail) = (code, offset, detail)
    }
}

extension JSONError: CustomStringConvertible {
    /// One sentence for a person, with the offset.
    public var description: String {
        let reason =
            switch code {
            case .syntax: "not JSON"
            case .unexpectedEnd: "the JSON text ends too early"
            case .trailingBytes: "bytes follow the JSON value"
            case .invalidUTF8: "not valid UTF-8"
            case .loneSurrogate: "a lone surrogate escape"
            case .tooDeep: "nested too deeply"
            case .tooLong: "the JSON text is too long"
            case .numberOverflow: "a number too large for a double"
            case .inexactInteger: "an integer that a double does not hold exactly"
            case .duplicateName: "two members of one name"
            }
        return "\(reason) at byte \(offset)" + (detail.isEmpty ? "" : ": \(detail)")
    }
}

/// Bounds on what a parser accepts.
public struct JSONLimits: Hashable, Sendable {
    /// The deepest nesting that any limit allows: what walks a tree by recursion has stack for it.
    public static let greatestDepth = 1024

    /// The deepest nesting of arrays and objects; above `greatestDepth` it counts as that.
    public var depth: Int
    /// The longest text in bytes; below 2^32.
    public var bytes: Int
    /// Whether numbers are refused that no double stands for. Without that they are read as the nearest double, infinity
    /// included: for texts of which most is kept as it is written.
    public var checksNumbers: Bool

    /// Depth 512 and 64 MiB (docs/FORMAT.md, "Canonical JSON").
    public init(depth: Int = 512, bytes: Int = 64 << 20, checksNumbers: Bool = true) {
        (self.depth, self.bytes, self.checksNumbers) = (depth, bytes, checksNumbers)
    }
}
