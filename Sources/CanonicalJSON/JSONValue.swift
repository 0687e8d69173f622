/// A string of a JSON document, kept as its UTF-8 bytes.
///
/// Equality and hashing compare bytes. Swift's `String` compares by canonical equivalence, under which two different
/// member names (`é` composed and decomposed) would be one.
public struct JSONText: Hashable, Sendable {
    /// The unescaped text: valid UTF-8 without lone surrogates.
    public let utf8: [UInt8]

    /// The text with these bytes, which the caller knows to be valid UTF-8.
    public init(utf8: [UInt8]) { self.utf8 = utf8 }

    /// The text of a Swift string.
    public init(_ string: String) { utf8 = Array(string.utf8) }

    /// The text as a Swift string.
    public var string: String { String(decoding: utf8, as: UTF8.self) }
}

extension JSONText: ExpressibleByStringLiteral, CustomStringConvertible {
    /// The text of a literal.
    public init(stringLiteral literal: String) { self.init(literal) }

    /// The text itself.
    public var description: String { string }
}

/// One member of a JSON object.
public struct JSONMember: Hashable, Sendable {
    /// Its name.
    public var name: JSONText
    /// Its value.
    public var value: JSONValue

    /// A member.
    public init(_ name: JSONText, _ value: JSONValue) { (self.name, self.value) = (name, value) }
}

/// A JSON value as a tree. Object members keep the order in which they were read or built; the canonical form sorts
/// them when it is written. Two objects are equal here only with their members in the same order: compare
/// canonical bytes where order must not matter.
public enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number, finite; RFC 8785 takes every number for an IEEE 754 double.
    case number(Double)
    /// A string.
    case string(JSONText)
    /// An array.
    case array([JSONValue])
    /// An object.
    case object([JSONMember])
}

extension JSONValue {
    /// A whole number; exact up to 2^53 either way.
    public static func integer(_ value: some BinaryInteger) -> JSONValue { .number(Double(value)) }

    /// A string from Swift text.
    public static func text(_ value: String) -> JSONValue { .string(JSONText(value)) }

    /// The first member of that name; nil for a missing member and for a value that is no object.
    public subscript(name: JSONText) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The elements of an array, or nil.
    public var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members of an object in their order, or nil.
    public var object: [JSONMember]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// A string as Swift text, or nil.
    public var string: String? {
        if case .string(let text) = self { text.string } else { nil }
    }

    /// The truth value, or nil.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number, or nil.
    public var number: Double? {
        if case .number(let value) = self { value } else { nil }
    }

    /// The number where it is whole and fits 64 bits, or nil.
    public var integer: Int64? {
        if case .number(let value) = self { Int64(exactly: value) } else { nil }
    }

    /// Whether this is `null`.
    public var isNull: Bool { self == .null }
}
