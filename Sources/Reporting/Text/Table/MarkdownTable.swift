/// The sections of a table as Markdown (GitHub Flavored Markdown, section 4.10).
struct MarkdownTable {
    private let table: TextTable

    init(_ table: TextTable) { self.table = table }

    /// The lines: each section a table of its own, an empty line between two.
    var lines: [String] {
        var lines: [String] = []
        for section in table.sections {
            if !lines.isEmpty { lines.append("") }
            let columns = table.columns(of: [section])
            lines.append(Self.line(columns.map { Self.cell(section.titles[$0]) }))
            lines.append(Self.line(columns.map { table.alignments[$0] == .leading ? "---" : "---:" }))
            for row in section.rows { lines.append(Self.line(columns.map { Self.cell(row[$0].text) })) }
        }
        return lines
    }

    /// Text from outside that Markdown shows as it is: printable, with a backslash before every character that would
    /// begin markup. An underscore within a word begins none (GitHub Flavored Markdown, section 6.4).
    static func escaped(_ text: String) -> String {
        let scalars = Array(Printable.text(text).unicodeScalars)
        var escaped = ""
        for (index, scalar) in scalars.enumerated() {
            let isWithinWord =
                index > 0 && isWordCharacter(scalars[index - 1])
                && index + 1 < scalars.count && isWordCharacter(scalars[index + 1])
            if scalar == "_" ? !isWithinWord : #"\`*<["#.unicodeScalars.contains(scalar) { escaped.append("\\") }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }

    /// The same for a cell, which a bar would end (section 4.10).
    private static func cell(_ text: String) -> String {
        escaped(text).split(separator: "|", omittingEmptySubsequences: false).joined(separator: #"\|"#)
    }

    private static func isWordCharacter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}
