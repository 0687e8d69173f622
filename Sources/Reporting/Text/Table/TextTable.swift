/// Rows of cells in aligned columns, in one or more sections that share the columns' widths.
///
/// Every cell is made printable when it is rendered. A column without content in any row is left out.
struct TextTable {
    /// On which side of its column a cell stands.
    enum Alignment {
        case leading
        case trailing
    }

    /// One cell.
    struct Cell: ExpressibleByStringLiteral {
        let text: String
        let role: Style.Role

        init(_ text: String, _ role: Style.Role = .plain) { (self.text, self.role) = (text, role) }

        init(stringLiteral text: String) { self.init(text) }
    }

    /// Rows under a line of titles. Rows have as many cells as the table has columns.
    struct Section {
        let titles: [String]
        let rows: [[Cell]]
    }

    /// One for each column.
    let alignments: [Alignment]
    let sections: [Section]

    /// A table of several sections; those without rows are left out.
    init(_ alignments: [Alignment], sections: [Section]) {
        self.alignments = alignments
        self.sections = sections.filter { !$0.rows.isEmpty }
    }

    /// A table of one section.
    init(_ columns: [(title: String, alignment: Alignment)], rows: [[Cell]]) {
        self.init(columns.map(\.alignment), sections: [Section(titles: columns.map(\.title), rows: rows)])
    }

    var isEmpty: Bool { sections.isEmpty }

    /// The lines for a terminal, an empty one between sections.
    func lines(_ style: Style) -> [String] {
        let columns = columns(of: sections)
        let widths = alignments.indices.map { column in
            sections.flatMap { section in
                [DisplayWidth.of(section.titles[column])]
                    + section.rows.map { DisplayWidth.of(Printable.text($0[column].text)) }
            }.max() ?? 0
        }
        var lines: [String] = []
        for section in sections {
            if !lines.isEmpty { lines.append("") }
            let titles = section.titles.map { Cell($0, .heading) }
            for row in [titles] + section.rows { lines.append(line(row, columns, widths, style)) }
        }
        return lines
    }

    /// The columns in which any row of these sections has content.
    func columns(of sections: [Section]) -> [Int] {
        alignments.indices.filter { column in
            sections.contains { $0.rows.contains { !$0[column].text.isEmpty } }
        }
    }

    private func line(_ cells: [Cell], _ columns: [Int], _ widths: [Int], _ style: Style) -> String {
        var line = ""
        // Spaces are written only once something follows them, so no line ends in any.
        var pendingSpaces = 0
        for column in columns {
            let text = Printable.text(cells[column].text)
            let padding = widths[column] - DisplayWidth.of(text)
            if !text.isEmpty {
                if alignments[column] == .trailing { pendingSpaces += padding }
                line += String(repeating: " ", count: pendingSpaces) + style.paint(text, cells[column].role)
                pendingSpaces = alignments[column] == .trailing ? 2 : padding + 2
            } else {
                pendingSpaces += widths[column] + 2
            }
        }
        return line
    }
}
