/// A moment in UTC, counted in whole milliseconds since 1970-01-01T00:00:00.000Z, leap seconds left out (as POSIX does).
///
/// The range is that of RFC 3339: the years 0000 to 9999. Everything in the archive that is a moment is one of these.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the Unix epoch; negative before 1970.
    public let millisecondsSinceEpoch: Int64

    /// The first moment that can be written: 0000-01-01T00:00:00.000Z.
    public static let earliest = Timestamp(unchecked: -62_167_219_200_000)
    /// The last moment that can be written: 9999-12-31T23:59:59.999Z.
    public static let latest = Timestamp(unchecked: 253_402_300_799_999)

    /// Milliseconds in one day.
    public static let millisecondsPerDay: Int64 = 86_400_000

    private init(unchecked milliseconds: Int64) { millisecondsSinceEpoch = milliseconds }

    /// The moment that lies `milliseconds` after the Unix epoch, or nil outside the years 0000 to 9999.
    public init?(millisecondsSinceEpoch milliseconds: Int64) {
        guard milliseconds >= Self.earliest.millisecondsSinceEpoch, milliseconds <= Self.latest.millisecondsSinceEpoch
        else { return nil }
        millisecondsSinceEpoch = milliseconds
    }

    /// The moment `milliseconds` later (earlier when negative), held within `earliest` and `latest`.
    public func advanced(byMilliseconds milliseconds: Int64) -> Timestamp {
        let (sum, overflow) = millisecondsSinceEpoch.addingReportingOverflow(milliseconds)
        if overflow { return milliseconds < 0 ? .earliest : .latest }
        return Timestamp(
            unchecked: min(max(sum, Self.earliest.millisecondsSinceEpoch), Self.latest.millisecondsSinceEpoch))
    }

    /// Milliseconds from `earlier` to this moment; negative when this one is earlier.
    public func milliseconds(since earlier: Timestamp) -> Int64 {
        millisecondsSinceEpoch - earlier.millisecondsSinceEpoch
    }

    /// The first millisecond of this moment's UTC day.
    public var startOfDay: Timestamp {
        let day = millisecondsSinceEpoch.flooringDivision(by: Self.millisecondsPerDay)
        return Timestamp(unchecked: day * Self.millisecondsPerDay)
    }

    /// The last millisecond of this moment's UTC day.
    public var endOfDay: Timestamp { startOfDay.advanced(byMilliseconds: Self.millisecondsPerDay - 1) }

    /// Earlier moments come first.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.millisecondsSinceEpoch < right.millisecondsSinceEpoch
    }
}

extension Timestamp {
    /// The calendar date and time of day of a moment, in UTC, in the proleptic Gregorian calendar.
    public struct Fields: Hashable, Sendable {
        /// Year, 0 to 9999.
        public var year: Int
        /// Month, 1 to 12.
        public var month: Int
        /// Day of the month, from 1.
        public var day: Int
        /// Hour, 0 to 23.
        public var hour = 0
        /// Minute, 0 to 59.
        public var minute = 0
        /// Second, 0 to 59.
        public var second = 0
        /// Millisecond, 0 to 999.
        public var millisecond = 0

        /// Fields as given; `Timestamp.init(_:)` checks them.
        public init(
            year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0
        ) {
            (self.year, self.month, self.day) = (year, month, day)
            (self.hour, self.minute, self.second, self.millisecond) = (hour, minute, second, millisecond)
        }
    }

    /// The moment with these fields, or nil where the calendar has none (February 30th, hour 24, second 60).
    public init?(_ fields: Fields) {
        guard (0...9999).contains(fields.year), (1...12).contains(fields.month),
            fields.day >= 1, fields.day <= Self.daysInMonth(fields.month, year: fields.year),
            (0...23).contains(fields.hour), (0...59).contains(fields.minute),
            (0...59).contains(fields.second), (0...999).contains(fields.millisecond)
        else { return nil }
        let seconds = (fields.hour * 60 + fields.minute) * 60 + fields.second
        let days = Self.daysSinceEpoch(year: fields.year, month: fields.month, day: fields.day)
        self.init(unchecked: Int64(days) * Self.millisecondsPerDay + Int64(seconds * 1000 + fields.millisecond))
    }

    /// The date and time of day of this moment in UTC.
    public var fields: Fields {
        let day = millisecondsSinceEpoch.flooringDivision(by: Self.millisecondsPerDay)
        let rest = Int(millisecondsSinceEpoch - day * Self.millisecondsPerDay)
        var fields = Self.date(daysSinceEpoch: Int(day))
        fields.hour = rest / 3_600_000
        fields.minute = rest / 60_000 % 60
        fields.second = rest / 1000 % 60
        fields.millisecond = rest % 1000
        return fields
    }

    /// Days in a month of the proleptic Gregorian calendar; `month` is 1 to 12.
    static func daysInMonth(_ month: Int, year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 to a date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil).
    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The inverse of `daysSinceEpoch` (civil_from_days in the same paper).
    private static func date(daysSinceEpoch days: Int) -> Fields {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return Fields(year: year, month: month, day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}

extension Int64 {
    /// The quotient rounded towards negative infinity, so that days before 1970 come out whole.
    fileprivate func flooringDivision(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
