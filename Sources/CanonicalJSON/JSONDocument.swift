/// A parsed JSON text: its bytes, and a flat table of what stands where in them.
///
/// Parsing makes a handful of allocations whatever the shape, and reading a node makes none beyond the value asked for.
/// Member names may repeat here; only the canonical form refuses that.
public struct JSONDocument: Sendable {
    final class Storage: Sendable {
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
