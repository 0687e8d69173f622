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
            lines.append(Self.line(columns.map { Self.escaped(section.titles[$0]) }))
            lines.append(Self.line(columns.map { table.alignments[$0] == .leading ? "---" : "---:" }))
            for row in section.rows { lines.append(Self.line(columns.map { Self.escaped(row[$0].text) })) }
        }
        return lines
    }

    /// Text from outside that Markdown shows as it is: printable, with a backslash before every character that would
    /// end a cell or begin markup.
    static func escaped(_ text: String) -> String {
        Printable.text(text).unicodeScalars.reduce(into: "") { escaped, scalar in
            if #"\|`*_<>[]"#.unicodeScalars.contains(scalar) { escaped.append("\\") }
            escaped.unicodeScalars.append(scalar)
        }
    }

    private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}
