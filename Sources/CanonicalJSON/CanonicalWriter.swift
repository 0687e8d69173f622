/// Writes the canonical form (RFC 8785) of a node of a parsed document.
///
/// What stands in the source as it must stand in the output is copied in runs as long as possible: a whole container
/// that the parser found to be canonical, or neighbours that stay neighbours.
struct CanonicalWriter: ~Copyable {
    private var output: [UInt8] = []
    /// The source bytes that come next in the output but are not copied yet. Its end moves on whenever the byte to
    /// write is the one that follows in the source.
    private var run = (start: 0, end: 0)

    /// The canonical bytes of the node at `index`, without the members named `omitted`. Recursion is bounded by
    /// `JSONLimits.greatestDepth`.
    static func bytes(
        of index: Int, _ source: [UInt8], _ tape: [TapeNode], omitting omitted: [UInt8]?
    ) throws(JSONError) -> [UInt8] {
        var writer = CanonicalWriter()
        writer.output.reserveCapacity(tape[index].range.count)
        try writer.write(index, source, tape.span, omitted)
        writer.flush(source)
        return writer.output
    }

    private mutating func write(
        _ index: Int, _ source: [UInt8], _ tape: Span<TapeNode>, _ omitted: [UInt8]?
    ) throws(JSONError) {
        let node = tape[index]
        switch node.kind {
        case .array where !node.isCanonical || omitted != nil:
            put(JSONCharacter.openBracket, source)
            var element = index + 1
            while element < Int(node.next) {
                if element > index + 1 { put(JSONCharacter.comma, source) }
                try write(element, source, tape, omitted)
                element = Int(tape[element].next)
            }
            put(JSONCharacter.closeBracket, source)
        case .object where !node.isCanonical || omitted != nil:
            try writeObject(index, source, tape, omitted)
        case .string where !node.isCanonical:
            flush(source)
            StringText.append(StringScanner.unescaped(source[node.content]), to: &output)
        case .number where !node.isCanonical:
            flush(source)
            NumberText.append(NumberScanner.double(source[node.range]), to: &output)
        default:
            copy(node.range, source)
        }
    }

    private mutating func writeObject(
        _ index: Int, _ source: [UInt8], _ tape: Span<TapeNode>, _ omitted: [UInt8]?
    ) throws(JSONError) {
        let node = tape[index]
        var isFirst = true
        put(JSONCharacter.openBrace, source)
        if node.isSorted {
            var name = index + 1
            while name < Int(node.next) {
                try writeMember(name, source, tape, omitted, &isFirst)
                name = Int(tape[name + 1].next)
            }
        } else {
            for name in try CanonicalOrder.sortedNames(of: index, source, tape) {
                try writeMember(name, source, tape, omitted, &isFirst)
            }
        }
        put(JSONCharacter.closeBrace, source)
    }

    @inline(__always)
    private mutating func writeMember(
        _ name: Int, _ source: [UInt8], _ tape: Span<TapeNode>, _ omitted: [UInt8]?, _ isFirst: inout Bool
    ) throws(JSONError) {
        let (nameNode, valueNode) = (tape[name], tape[name + 1])
        if let omitted, StringScanner.content(of: nameNode, source, equals: omitted) { return }
        if !isFirst { put(JSONCharacter.comma, source) }
        isFirst = false
        let isCopied = valueNode.isCanonical && (omitted == nil || valueNode.next == name + 2)
        if isCopied && nameNode.isCanonical && valueNode.start == nameNode.end + 1 {
            // Nothing but the colon stands between them.
            copy(Int(nameNode.start)..<Int(valueNode.end), source)
        } else {
            try write(name, source, tape, omitted)
            put(JSONCharacter.colon, source)
            try write(name + 1, source, tape, omitted)
        }
    }

    /// Outputs one byte.
    @inline(__always)
    private mutating func put(_ byte: UInt8, _ source: [UInt8]) {
        if run.end < source.count, source[run.end] == byte {
            run.end += 1
        } else {
            flush(source)
            output.append(byte)
        }
    }

    /// Outputs a part of the source.
    @inline(__always)
    private mutating func copy(_ range: Range<Int>, _ source: [UInt8]) {
        if range.lowerBound != run.end {
            flush(source)
            run.start = range.lowerBound
        }
        run.end = range.upperBound
    }

    @inline(__always)
    private mutating func flush(_ source: [UInt8]) {
        if run.start < run.end { output += source[run.start..<run.end] }
        run.start = run.end
    }
}
