/// A length of time as people type it: `30min`, `12h`, `7d`, `2w`, `1mo`, `1y`.
public struct TimeSpan: Hashable, Sendable {
    /// Its length in milliseconds, never negative.
    public let milliseconds: Int64

    /// Why a text is no length of time.
    public enum ParseError: Error, Hashable, Sendable {
        /// `Nm`: minutes or months? The text must say `min` or `mo`.
        case ambiguousUnit
        /// Not digits followed by a unit, or longer than the calendar.
        case malformed
    }

    /// A length of so many milliseconds; `milliseconds` is not negative.
    public init(milliseconds: Int64) { self.milliseconds = max(0, milliseconds) }

    /// Reads digits and a unit. A month is 31 days and a year 365.
    public init(parsing text: some StringProtocol) throws(ParseError) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, let count = Int64(digits) else { throw .malformed }
        let day = Timestamp.millisecondsPerDay
        let unit: Int64
        switch text.dropFirst(digits.count) {
        case "min": unit = 60_000
        case "h": unit = 3_600_000
        case "d": unit = day
        case "w": unit = 7 * day
        case "mo": unit = 31 * day
        case "y": unit = 365 * day
        case "m": throw .ambiguousUnit
        default: throw .malformed
        }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow, product <= 10_000 * 366 * day else { throw .malformed }
        milliseconds = product
    }
}

/// A moment as people type it, absolute or back from now.
public enum TimeExpression: Hashable, Sendable {
    /// An exact moment (RFC 3339).
    case moment(Timestamp)
    /// A whole UTC day, given by its first millisecond.
    case day(Timestamp)

    /// Reads RFC 3339 with any offset, a bare date, `now`, `today`, `yesterday` (whole UTC days) or a length of time
    /// back from `now`.
    public init(parsing text: String, now: Timestamp) throws(TimeSpan.ParseError) {
        switch text {
        case "now": self = .moment(now)
        case "today": self = .day(now.startOfDay)
        case "yesterday": self = .day(now.startOfDay.advanced(byMilliseconds: -Timestamp.millisecondsPerDay))
        default:
            if let moment = Timestamp(rfc3339: text) {
                self = .moment(moment)
            } else if let day = Timestamp(date: text) {
                self = .day(day)
            } else {
                self = .moment(now.advanced(byMilliseconds: -(try TimeSpan(parsing: text)).milliseconds))
            }
        }
    }

    /// The first millisecond that it covers: what `--since` means.
    public var start: Timestamp {
        switch self {
        case .moment(let moment), .day(let moment): moment
        }
    }

    /// The last millisecond that it covers: what `--until` and `@{…}` mean.
    public var end: Timestamp {
        switch self {
        case .moment(let moment): moment
        case .day(let day): day.endOfDay
        }
    }
}
