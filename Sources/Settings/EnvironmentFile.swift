/// The `.env` file: `NAME=value` lines.
///
/// Blank lines and lines that start with `#` are passed over; `export ` may stand before a name; a later line of the
/// same name wins. A bare value ends before ` #`. In single quotes all is literal; in double quotes `\"` and `\\` stand
/// for `"` and `\`. Anything else is an error with its line: swift-configuration's own reader of such files drops what
/// it does not understand, and takes quotes for part of the value.
enum EnvironmentFile {
    /// The variables of a file in memory; `path` is for messages.
    static func variables(parsing bytes: [UInt8], path: String) throws(SettingsError) -> [String: String] {
        var variables: [String: String] = [:]
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let content = bytes.starts(with: mark) ? bytes[mark.count...] : bytes[...]
        for (index, line) in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        {
            do throws(LineError) {
                if let (name, value) = try assignment(line) { variables[name] = value }
            } catch {
                throw .environmentFileInvalid(path: path, line: index + 1, reason: error.rawValue)
            }
        }
        return variables
    }

    private enum LineError: String, Error {
        case notText = "not UTF-8 text"
        case notAssignment = "expected NAME=value"
        case openQuote = "the value's quote is never closed"
        case afterQuote = "text follows the closing quote"
    }

    private static func assignment(_ bytes: ArraySlice<UInt8>) throws(LineError) -> (name: String, value: String)? {
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
        var line = text.unicodeScalars[...].trimmed
        guard let first = line.first, first != "#" else { return nil }
        if line.starts(with: "export ".unicodeScalars) { line = line.dropFirst(7).trimmed }
        guard let equals = line.firstIndex(of: "=") else { throw .notAssignment }
        let name = line[..<equals].trimmed
        guard let initial = name.first, !("0"..."9").contains(initial), name.allSatisfy(\.isNameScalar)
        else { throw .notAssignment }
        return (String(name), try value(line[line.index(after: equals)...].trimmed))
    }

    private static func value(_ text: Substring.UnicodeScalarView) throws(LineError) -> String {
        guard let quote = text.first, quote == "\"" || quote == "'" else {
            var previous: Unicode.Scalar = " "
            let comment = text.indices.first { index in
                defer { previous = text[index] }
                return text[index] == "#" && previous.isBlank
            }
            return String(text[..<(comment ?? text.endIndex)].trimmed)
        }
        var value = String.UnicodeScalarView()
        var rest = text.dropFirst()
        while let scalar = rest.popFirst() {
            if scalar == quote {
                let tail = rest.trimmed
                guard tail.isEmpty || tail.first == "#" else { throw .afterQuote }
                return String(value)
            }
            if scalar == "\\", quote == "\"", let escaped = rest.first, escaped == "\"" || escaped == "\\" {
                value.append(rest.removeFirst())
            } else {
                value.append(scalar)
            }
        }
        throw .openQuote
    }
}

extension Unicode.Scalar {
    /// A space, a tab, or the CR of a CRLF line end.
    fileprivate var isBlank: Bool { self == " " || self == "\t" || self == "\r" }

    /// A letter, digit or underscore of ASCII: what a variable's name is made of.
    fileprivate var isNameScalar: Bool {
        ("a"..."z").contains(self) || ("A"..."Z").contains(self) || ("0"..."9").contains(self) || self == "_"
    }
}

extension Substring.UnicodeScalarView {
    /// Without blanks at its ends.
    fileprivate var trimmed: Substring.UnicodeScalarView {
        var view = self
        while view.first?.isBlank == true { view.removeFirst() }
        while view.last?.isBlank == true { view.removeLast() }
        return view
    }
}
