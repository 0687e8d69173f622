/// Reads a JSON text (RFC 8259) into a tape.
///
/// It is iterative: nesting costs heap, never stack. It also finds out which parts of the text are canonical as they
/// stand, so that writing the canonical form is mostly copying.
enum JSONParser {
    /// A container whose end has not been reached.
    private struct OpenContainer {
        /// The index of its node; -1 stands for the document around the value.
        var node: Int
        var closer: UInt8
        var isCanonical = true
        var isSorted = true
        /// Where the name read last lies, without its quotes; no name lies at 0.
        var lastName = (start: 0, end: 0)
    }

    /// The nodes of a text, the root first. Time and space are linear in its length.
    static func parse(_ bytes: [UInt8], limits: JSONLimits) throws(JSONError) -> [TapeNode] {
        let longest = min(limits.bytes, Int(UInt32.max) - 1)
        guard bytes.count <= longest else {
            throw JSONError(.tooLong, offset: longest, detail: "\(bytes.count) bytes, at most \(longest) are read")
        }
        return try parse(
            bytes.span, depth: min(limits.depth, JSONLimits.greatestDepth), checksNumbers: limits.checksNumbers)
    }

    private static func parse(
        _ source: Span<UInt8>, depth: Int, checksNumbers: Bool
    ) throws(JSONError) -> [TapeNode] {
        var tape: [TapeNode] = []
        // Hiscore bodies have a node for every six bytes. Growing from here costs at most a few more allocations.
        tape.reserveCapacity(min(source.count / 5 + 4, 1 << 16))
        var enclosing: [OpenContainer] = []
        var container = OpenContainer(node: -1, closer: 0)
        var position = 0
        skipSpace(source, &position)
        nextValue: while true {
            if container.closer == JSONCharacter.closeBrace {
                try scanName(source, &position, &container, &tape)
            }
            guard position < source.count else { throw JSONError(.unexpectedEnd, offset: position) }
            let start = position
            let first = source[position]
            switch first {
            case JSONCharacter.quote:
                let isCanonical = try StringScanner.scan(source, &position)
                append(.string, start, position, isCanonical, to: &tape)
                if !isCanonical { container.isCanonical = false }
            case JSONCharacter.minus, JSONCharacter.zero...JSONCharacter.nine:
                let isCanonical = try NumberScanner.scan(source, &position, checked: checksNumbers)
                append(.number, start, position, isCanonical, to: &tape)
                if !isCanonical { container.isCanonical = false }
            case JSONCharacter.openBracket, JSONCharacter.openBrace:
                guard enclosing.count < depth else { throw JSONError(.tooDeep, offset: start, detail: "over \(depth)") }
                let isObject = first == JSONCharacter.openBrace
                enclosing.append(container)
                container = OpenContainer(
                    node: tape.count, closer: isObject ? JSONCharacter.closeBrace : JSONCharacter.closeBracket)
                append(isObject ? .object : .array, start, start, true, to: &tape)
                position += 1
                if skipSpace(source, &position) { container.isCanonical = false }
                guard position < source.count, source[position] == container.closer else { continue nextValue }
            case UInt8(ascii: "t"):
                try scanLiteral("true", source, &position)
                append(.bool, start, position, true, to: &tape)
            case UInt8(ascii: "f"):
                try scanLiteral("false", source, &position)
                append(.bool, start, position, true, to: &tape)
            case UInt8(ascii: "n"):
                try scanLiteral("null", source, &position)
                append(.null, start, position, true, to: &tape)
            default:
                throw unexpected(source, position, "a value")
            }

            // A value has ended: what follows separates it from the next one or closes containers.
            while true {
                let spaced = skipSpace(source, &position)
                guard container.node >= 0 else {
                    guard position == source.count else { throw JSONError(.trailingBytes, offset: position) }
                    return tape
                }
                if spaced { container.isCanonical = false }
                guard position < source.count else { throw JSONError(.unexpectedEnd, offset: position) }
                let byte = source[position]
                if byte == JSONCharacter.comma {
                    position += 1
                    if skipSpace(source, &position) { container.isCanonical = false }
                    continue nextValue
                }
                guard byte == container.closer else {
                    let isObject = container.closer == JSONCharacter.closeBrace
                    throw unexpected(source, position, isObject ? "a comma or }" : "a comma or ]")
                }
                position += 1
                let isCanonical = container.isCanonical && container.isSorted
                tape[container.node].end = UInt32(truncatingIfNeeded: position)
                tape[container.node].next = UInt32(truncatingIfNeeded: tape.count)
                tape[container.node].isCanonical = isCanonical
                tape[container.node].isSorted = container.isSorted
                container = enclosing.removeLast()
                if !isCanonical { container.isCanonical = false }
            }
        }
    }

    /// A member name and its colon, up to the value.
    @inline(__always)
    private static func scanName(
        _ source: Span<UInt8>, _ position: inout Int, _ container: inout OpenContainer, _ tape: inout [TapeNode]
    ) throws(JSONError) {
        let start = position
        guard position < source.count else { throw JSONError(.unexpectedEnd, offset: position) }
        guard source[position] == JSONCharacter.quote else { throw unexpected(source, position, "a member name") }
        let isCanonical = try StringScanner.scan(source, &position)
        append(.string, start, position, isCanonical, to: &tape)
        if container.isSorted {
            let name = (start: start &+ 1, end: position &- 1)
            let last = container.lastName
            if !isCanonical
                || last.start > 0
                    && CanonicalOrder.compare(
                        source.extracting(last.start..<last.end), source.extracting(name.start..<name.end)) >= 0
            {
                container.isSorted = false
            }
            container.lastName = name
        }
        if skipSpace(source, &position) { container.isCanonical = false }
        guard position < source.count else { throw JSONError(.unexpectedEnd, offset: position) }
        guard source[position] == JSONCharacter.colon else { throw unexpected(source, position, "a colon") }
        position += 1
        if skipSpace(source, &position) { container.isCanonical = false }
    }

    @inline(__always)
    private static func append(
        _ kind: JSONKind, _ start: Int, _ end: Int, _ isCanonical: Bool, to tape: inout [TapeNode]
    ) {
        tape.append(
            TapeNode(
                kind: kind, isCanonical: isCanonical, start: UInt32(truncatingIfNeeded: start),
                end: UInt32(truncatingIfNeeded: end), next: UInt32(truncatingIfNeeded: tape.count + 1)))
    }

    /// Whether there was any space.
    @inline(__always) @discardableResult
    private static func skipSpace(_ source: Span<UInt8>, _ position: inout Int) -> Bool {
        guard position < source.count, source[position] <= 0x20 else { return false }
        return skipSomeSpace(source, &position)
    }

    @inline(never)
    private static func skipSomeSpace(_ source: Span<UInt8>, _ position: inout Int) -> Bool {
        let start = position
        while position < source.count {
            switch source[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return position != start
            }
        }
        return position != start
    }

    private static func scanLiteral(
        _ literal: StaticString, _ source: Span<UInt8>, _ position: inout Int
    ) throws(JSONError) {
        for expected in literal.description.utf8 {
            guard position < source.count else { throw JSONError(.unexpectedEnd, offset: position) }
            guard source[position] == expected else { throw unexpected(source, position, "\(literal)") }
            position += 1
        }
    }

    /// The error for a byte that the grammar does not allow there.
    @inline(never)
    private static func unexpected(_ source: Span<UInt8>, _ position: Int, _ expected: String) -> JSONError {
        let isByteOrderMark =
            position == 0 && source.count >= 3 && source[0] == 0xEF && source[1] == 0xBB && source[2] == 0xBF
        return JSONError(
            .syntax, offset: position, detail: isByteOrderMark ? "a byte order mark" : "expected \(expected)")
    }
}
