import CivilTime

/// Moments and lengths of time as people read them.
enum Times {
    /// `2026-01-01 00:00:00 UTC`, with milliseconds only where they are not zero.
    static func moment(_ moment: Timestamp) -> String {
        guard moment.fields.millisecond != 0 else { return moment.readable }
        let text = moment.description
        return "\(text.prefix(10)) \(text.dropFirst(11).dropLast()) UTC"
    }

    /// A moment that may be unknown.
    static func moment(_ moment: Timestamp?) -> String { moment.map { Self.moment($0) } ?? "-" }

    /// A length of time in its two largest units, cut to whole ones: `7 days`, `1 day 3 h`, `45 s`, `120 ms`.
    static func span(milliseconds: Int64) -> String {
        let units: [(length: UInt64, name: String)] = [
            (86_400_000, "day"), (3_600_000, "h"), (60_000, "min"), (1000, "s"), (1, "ms"),
        ]
        var rest = milliseconds.magnitude
        guard let largest = units.firstIndex(where: { rest >= $0.length }) else { return "0 s" }
        var parts: [String] = []
        for unit in units[largest...].prefix(2) {
            let count = rest / unit.length
            rest %= unit.length
            guard count > 0 else { continue }
            parts.append(unit.name == "day" ? Numbers.count(count, "day") : "\(count) \(unit.name)")
        }
        return parts.joined(separator: " ")
    }

    /// A length of time in minutes: `30 min`, `1 day`.
    static func span(minutes: Int) -> String { span(milliseconds: Int64(minutes) * 60_000) }

    /// How one moment lies to another: `7 days later`, `7 days earlier`, `at the same moment`.
    static func distance(milliseconds: Int64) -> String {
        if milliseconds == 0 { return "at the same moment" }
        return "\(span(milliseconds: milliseconds)) \(milliseconds < 0 ? "earlier" : "later")"
    }
}
