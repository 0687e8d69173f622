/// What a JSON value is.
public enum JSONKind: UInt8, Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool
    /// A number.
    case number
    /// A string.
    case string
    /// An array.
    case array
    /// An object.
    case object
}

/// A value inside a parsed document; it keeps the document alive.
public struct JSONNode: Sendable {
    let storage: JSONDocument.Storage
    let index: Int

    private var node: TapeNode { storage.tape[index] }

    /// What the value is.
    public var kind: JSONKind { node.kind }

    /// Where its text lies in the bytes that were parsed; a string's includes the quotes.
    public var byteRange: Range<Int> { node.range }

    /// The first member of that name; nil for a missing member and for a value that is no object. It passes over the
    /// members before it, not into them. Keep a name that is looked up often in a constant: each literal allocates.
    public subscript(name: JSONText) -> JSONNode? {
        members.first { $0.hasName(name) }?.value
    }

    /// The elements of an array in order; none for any other value.
    public var elements: JSONElements {
        JSONElements(storage: storage, index: index + 1, end: kind == .array ? Int(node.next) : index + 1)
    }

    /// The members of an object in the order of the text, repeated names included; none for any other value.
    public var members: JSONMembers {
        JSONMembers(storage: storage, index: index + 1, end: kind == .object ? Int(node.next) : index + 1)
    }

    /// A string, or nil.
    public var text: JSONText? {
        guard kind == .string else { return nil }
        let content = storage.source[node.content]
        return JSONText(utf8: node.isCanonical ? Array(content) : StringScanner.unescaped(content))
    }

    /// A string as Swift text, or nil.
    public var string: String? {
        guard kind == .string else { return nil }
        let content = storage.source[node.content]
        return node.isCanonical
            ? String(decoding: content, as: UTF8.self)
            : String(decoding: StringScanner.unescaped(content), as: UTF8.self)
    }

    /// A number, or nil.
    public var number: Double? {
        kind == .number ? NumberScanner.double(storage.source[byteRange]) : nil
    }

    /// A number that is whole and fits 64 bits, however it is spelled, or nil.
    public var integer: Int64? {
        guard kind == .number else { return nil }
        return NumberScanner.integer(storage.source[byteRange]) ?? number.flatMap { Int64(exactly: $0) }
    }

    /// The truth value, or nil.
    public var bool: Bool? {
        kind == .bool ? storage.source[byteRange.lowerBound] == UInt8(ascii: "t") : nil
    }

    /// Whether this is `null`.
    public var isNull: Bool { kind == .null }

    /// The value as a tree, free of the document.
    public var value: JSONValue {
        switch kind {
        case .null: .null
        case .bool: .bool(bool ?? false)
        case .number: .number(number ?? 0)
        case .string: .string(text ?? "")
        case .array: .array(elements.map(\.value))
        case .object: .object(members.map { JSONMember($0.name, $0.value.value) })
        }
    }

    /// The value in canonical form (RFC 8785). With `omitting`, without any object member of that name, at any depth.
    ///
    /// Throws `duplicateName`, with the offset of the later of the two names, where an object has no canonical form;
    /// omitted members count in that. Linear for members that stand in canonical order.
    public func canonicalBytes(omitting name: JSONText? = nil) throws(JSONError) -> [UInt8] {
        try CanonicalWriter.bytes(of: index, storage.source, storage.tape, omitting: name?.utf8)
    }
}
