/// One record of comma-separated values (RFC 4180), its line end left out.
enum CSVLine {
    /// Fields joined by commas. A field with a comma, a quote or a line break stands in quotes, its quotes doubled.
    static func text(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",")
    }

    private static func field(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
        // By scalars: a quote with a combining mark behind it is still a quote.
        let doubled = text.unicodeScalars.reduce(into: "") { $0 += $1 == "\"" ? "\"\"" : String($1) }
        return "\"\(doubled)\""
    }
}
