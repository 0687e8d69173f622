/// A parsed JSON text: its bytes, and a flat table of what stands where in them.
///
/// Parsing makes a handful of allocations whatever the shape, and reading a node makes none beyond the value asked for.
/// Member names may repeat here; only the canonical form refuses that.
public struct JSONDocument: Sendable {
    fileprivate final class Storage: Sendable {
        let source: [UInt8]
        let tape: [TapeNode]

        init(source: [UInt8], tape: [TapeNode]) { (self.source, self.tape) = (source, tape) }
    }

    private let storage: Storage

    /// Reads one JSON text, strictly as RFC 8259 has it, with space around it and nothing else.
    ///
    /// Refused with the offset: bytes that break the grammar (a byte order mark included), lone surrogates, invalid
    /// UTF-8, nesting over `limits.depth`, texts over `limits.bytes`, numbers too large for a double, and integer
    /// literals (no fraction, no exponent) that a double does not hold, unless they are spelled as the canonical form of
    /// the nearest double. Time and space are linear; the table takes 16 bytes a value and a name.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        storage = Storage(source: bytes, tape: try JSONParser.parse(bytes, limits: limits))
    }

    /// The value that the text holds.
    public var root: JSONNode { JSONNode(storage: storage, index: 0) }
}

/// A value inside a parsed document; it keeps the document alive.
public struct JSONNode: Sendable {
    fileprivate let storage: JSONDocument.Storage
    fileprivate let index: Int

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

/// The elements of an array.
public struct JSONElements: Sequence, IteratorProtocol, Sendable {
    fileprivate let storage: JSONDocument.Storage
    fileprivate var index: Int
    fileprivate let end: Int

    /// The next element.
    public mutating func next() -> JSONNode? {
        guard index < end else { return nil }
        defer { index = Int(storage.tape[index].next) }
        return JSONNode(storage: storage, index: index)
    }
}

/// The members of an object.
public struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    fileprivate let storage: JSONDocument.Storage
    fileprivate var index: Int
    fileprivate let end: Int

    /// One member of an object of a parsed document.
    public struct Member: Sendable {
        fileprivate let nameNode: JSONNode

        /// Its name, made when asked for.
        public var name: JSONText { nameNode.text ?? "" }

        /// Its value.
        public var value: JSONNode { JSONNode(storage: nameNode.storage, index: nameNode.index + 1) }

        /// Whether it has that name, found without making a text of it.
        public func hasName(_ name: JSONText) -> Bool {
            let storage = nameNode.storage
            return StringScanner.content(of: storage.tape[nameNode.index], storage.source, equals: name.utf8)
        }
    }

    /// The next member.
    public mutating func next() -> Member? {
        guard index < end else { return nil }
        defer { index = Int(storage.tape[index + 1].next) }
        return Member(nameNode: JSONNode(storage: storage, index: index))
    }
}
