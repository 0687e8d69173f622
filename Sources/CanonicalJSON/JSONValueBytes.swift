extension JSONValue {
    /// Reads one JSON text; see `JSONDocument`, which is the faster way where the bytes can be kept.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONError) {
        self = try JSONDocument(parsing: bytes, limits: limits).root.value
    }

    /// The canonical form (RFC 8785).
    ///
    /// Throws `duplicateName` where an object has two members of one name, `numberOverflow` for a number that is not
    /// finite and `tooDeep` beyond `JSONLimits.greatestDepth`. The offset counts bytes of the output, up to the token
    /// that could not be written.
    public func canonicalBytes() throws(JSONError) -> [UInt8] {
        var output: [UInt8] = []
        try writeCanonical(to: &output, depth: 0)
        return output
    }

    /// The shortest text with members in the order they have here; numbers and strings in canonical form. A number that
    /// is not finite becomes `null`, as in ECMAScript.
    public func compactBytes() -> [UInt8] {
        var output: [UInt8] = []
        write(to: &output, indent: nil, level: 0)
        return output
    }

    /// Like `compactBytes`, for people: each element and member on its own line, `indent` spaces deeper than the line of
    /// its container, and a space after each colon. Empty containers stay on one line; there is no line feed at the end.
    public func indentedBytes(indent: Int = 2) -> [UInt8] {
        var output: [UInt8] = []
        write(to: &output, indent: indent, level: 0)
        return output
    }

    private func writeCanonical(to output: inout [UInt8], depth: Int) throws(JSONError) {
        switch self {
        case .array, .object:
            guard depth < JSONLimits.greatestDepth else { throw JSONError(.tooDeep, offset: output.count) }
        case .number(let value):
            guard value.isFinite else {
                throw JSONError(.numberOverflow, offset: output.count, detail: value.description)
            }
        default: break
        }
        switch self {
        case .array(let elements):
            output.append(JSONCharacter.openBracket)
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(JSONCharacter.comma) }
                try element.writeCanonical(to: &output, depth: depth + 1)
            }
            output.append(JSONCharacter.closeBracket)
        case .object(let members):
            output.append(JSONCharacter.openBrace)
            let sorted = members.sorted { CanonicalOrder.compare($0.name.utf8.span, $1.name.utf8.span) < 0 }
            for (index, member) in sorted.enumerated() {
                if index > 0 {
                    output.append(JSONCharacter.comma)
                    guard sorted[index - 1].name != member.name else {
                        throw JSONError(.duplicateName, offset: output.count, detail: member.name.string)
                    }
                }
                StringText.append(member.name.utf8, to: &output)
                output.append(JSONCharacter.colon)
                try member.value.writeCanonical(to: &output, depth: depth + 1)
            }
            output.append(JSONCharacter.closeBrace)
        default: writeScalar(to: &output)
        }
    }

    private func write(to output: inout [UInt8], indent: Int?, level: Int) {
        func startLine(_ level: Int) {
            guard let indent else { return }
            output.append(0x0A)
            output += repeatElement(0x20, count: max(0, indent) * level)
        }
        switch self {
        case .array(let elements):
            output.append(JSONCharacter.openBracket)
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(JSONCharacter.comma) }
                startLine(level + 1)
                element.write(to: &output, indent: indent, level: level + 1)
            }
            if !elements.isEmpty { startLine(level) }
            output.append(JSONCharacter.closeBracket)
        case .object(let members):
            output.append(JSONCharacter.openBrace)
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(JSONCharacter.comma) }
                startLine(level + 1)
                StringText.append(member.name.utf8, to: &output)
                output.append(JSONCharacter.colon)
                if indent != nil { output.append(0x20) }
                member.value.write(to: &output, indent: indent, level: level + 1)
            }
            if !members.isEmpty { startLine(level) }
            output.append(JSONCharacter.closeBrace)
        default: writeScalar(to: &output)
        }
    }

    private func writeScalar(to output: inout [UInt8]) {
        switch self {
        case .bool(true): output += "true".utf8
        case .bool(false): output += "false".utf8
        case .number(let value) where value.isFinite: NumberText.append(value, to: &output)
        case .string(let text): StringText.append(text.utf8, to: &output)
        default: output += "null".utf8
        }
    }
}
