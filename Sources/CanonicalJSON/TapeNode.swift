/// One value of a parsed text, or one member name.
///
/// A document is a flat array of these in the order of the text, so that reading it costs one allocation whatever its
/// shape. A container is followed by its contents; in an object each value is preceded by its name, a `.string` node.
/// Offsets and indices have 32 bits, as `JSONLimits.bytes` is below 2^32 and no text has more nodes than bytes.
struct TapeNode {
    let kind: JSONKind
    /// The source bytes of this node are its canonical form.
    var isCanonical: Bool
    /// An object whose names are free of escapes and strictly ascending in canonical order.
    var isSorted = false
    /// The offset of the first byte of the token.
    let start: UInt32
    /// One past the offset of the last byte.
    var end: UInt32
    /// The index of the first node that is no part of this one.
    var next: UInt32

    /// The bytes of the token in the source; those of a string include its quotes.
    var range: Range<Int> { Int(start)..<Int(end) }

    /// The bytes of a string between its quotes.
    var content: Range<Int> { Int(start) + 1..<Int(end) - 1 }
}
