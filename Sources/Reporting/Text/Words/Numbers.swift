/// Numbers as people read them.
enum Numbers {
    /// Digits in groups of three: `4,600,000,000`.
    static func grouped(_ value: some BinaryInteger) -> String {
        let digits = String(value.magnitude)
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// The same with its sign: `+12`, `-3`, `0`.
    static func signed(_ value: some BinaryInteger) -> String {
        (value > 0 ? "+" : "") + grouped(value)
    }

    /// A count with its noun: `1 snapshot`, `1,204 snapshots`.
    static func count(_ value: some BinaryInteger, _ noun: String) -> String {
        "\(grouped(value)) \(noun)\(value == 1 ? "" : "s")"
    }

    /// A size in a decimal unit and exact: `1.2 MB (1,234,567 bytes)`; below a thousand exact only.
    static func bytes(_ value: Int) -> String {
        let exact = count(value, "byte")
        let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
        guard value >= 1000 else { return exact }
        // In tenths of the unit, rounded half up; a value that rounds to 1000.0 takes the next unit.
        var tenths = value / 100 + (value % 100 >= 50 ? 1 : 0)
        var unit = 0
        while tenths >= 10_000, unit + 1 < units.count {
            tenths = (tenths + 500) / 1000
            unit += 1
        }
        return "\(grouped(tenths / 10)).\(tenths % 10) \(units[unit]) (\(exact))"
    }
}
