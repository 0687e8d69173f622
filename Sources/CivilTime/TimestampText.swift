extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with three decimals: `YYYY-MM-DDTHH:MM:SS.mmmZ`, always 24 characters.
    public var description: String { text(separator: UInt8(ascii: "T"), milliseconds: true, suffix: "Z") }

    /// For people: `YYYY-MM-DD HH:MM:SS UTC`, milliseconds left out.
    public var readable: String { text(separator: UInt8(ascii: " "), milliseconds: false, suffix: " UTC") }

    /// The date alone: `YYYY-MM-DD`.
    public var dateText: String { String(description.prefix(10)) }

    /// For file names: `YYYYMMDD_HHMMSS`.
    public var fileNameText: String {
        let moment = fields
        return [moment.year, moment.month, moment.day].zeroPadded([4, 2, 2]) + "_"
            + [moment.hour, moment.minute, moment.second].zeroPadded([2, 2, 2])
    }

    private func text(separator: UInt8, milliseconds: Bool, suffix: String) -> String {
        let moment = fields
        var bytes: [UInt8] = []
        bytes.reserveCapacity(28)
        bytes.appendDecimal(moment.year, width: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDecimal(moment.month, width: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDecimal(moment.day, width: 2)
        bytes.append(separator)
        bytes.appendDecimal(moment.hour, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDecimal(moment.minute, width: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendDecimal(moment.second, width: 2)
        if milliseconds {
            bytes.append(UInt8(ascii: "."))
            bytes.appendDecimal(moment.millisecond, width: 3)
        }
        bytes.append(contentsOf: suffix.utf8)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Timestamp {
    /// Reads an RFC 3339 date-time with any offset (`2025-11-01T04:15:25Z`, `2025-11-01 06:15:25.5+02:00`), or nil.
    ///
    /// `T` may be a space or lower case; the seconds' fraction may have any number of digits, cut to milliseconds;
    /// second 60 (a leap second) is read as the last millisecond of its minute. Seconds may be left out, the offset
    /// may not. A moment outside the years 0000 to 9999 once in UTC is nil.
    public init?(rfc3339 text: some StringProtocol) {
        var scanner = DigitScanner(text.utf8)
        guard let date = scanner.date(), scanner.skip("Tt "),
            let hour = scanner.number(digits: 2), scanner.skip(":"), let minute = scanner.number(digits: 2)
        else { return nil }
        var fields = date
        (fields.hour, fields.minute) = (hour, minute)
        if scanner.skip(":") {
            guard let second = scanner.number(digits: 2) else { return nil }
            fields.second = second
            if scanner.skip(".") {
                guard let fraction = scanner.milliseconds() else { return nil }
                fields.millisecond = fraction
            }
            if second == 60 { (fields.second, fields.millisecond) = (59, 999) }
        }
        guard let offset = scanner.offsetInMinutes(), scanner.isAtEnd, let local = Timestamp(fields) else { return nil }
        self.init(millisecondsSinceEpoch: local.millisecondsSinceEpoch - Int64(offset) * 60_000)
    }

    /// The first millisecond of a bare UTC date (`2025-11-01`), or nil where the text is no date.
    public init?(date text: some StringProtocol) {
        var scanner = DigitScanner(text.utf8)
        guard let date = scanner.date(), scanner.isAtEnd else { return nil }
        self.init(date)
    }

    /// Reads the file-name form `YYYYMMDD_HHMMSS`, taken as UTC, or nil.
    public init?(fileNameText text: some StringProtocol) {
        var scanner = DigitScanner(text.utf8)
        guard let year = scanner.number(digits: 4), let month = scanner.number(digits: 2),
            let day = scanner.number(digits: 2), scanner.skip("_"),
            let hour = scanner.number(digits: 2), let minute = scanner.number(digits: 2),
            let second = scanner.number(digits: 2), scanner.isAtEnd
        else { return nil }
        self.init(Fields(year: year, month: month, day: day, hour: hour, minute: minute, second: second))
    }
}

/// Reads fixed-width digits and separators from the front of a text.
private struct DigitScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    var isAtEnd: Bool { position == bytes.count }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skip(_ choices: StaticString) -> Bool {
        guard let next, choices.description.utf8.contains(next) else { return false }
        position += 1
        return true
    }

    mutating func number(digits: Int) -> Int? {
        guard position + digits <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[position..<position + digits] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        position += digits
        return value
    }

    mutating func date() -> Timestamp.Fields? {
        guard let year = number(digits: 4), skip("-"), let month = number(digits: 2), skip("-"),
            let day = number(digits: 2)
        else { return nil }
        return Timestamp.Fields(year: year, month: month, day: day)
    }

    /// The first three digits of a fraction of any length.
    mutating func milliseconds() -> Int? {
        var value = 0
        var digits = 0
        while let digit = number(digits: 1) {
            if digits < 3 { value = value * 10 + digit }
            digits += 1
        }
        guard digits > 0 else { return nil }
        while digits < 3 {
            value *= 10
            digits += 1
        }
        return value
    }

    /// `Z` or `+HH:MM` / `-HH:MM`, east positive.
    mutating func offsetInMinutes() -> Int? {
        if skip("Zz") { return 0 }
        let sign: Int
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = number(digits: 2), hours < 24, skip(":"), let minutes = number(digits: 2), minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}

extension [UInt8] {
    /// Appends a non-negative number in decimal, filled with zeros on the left up to `width`.
    fileprivate mutating func appendDecimal(_ value: Int, width: Int) {
        let digits = String(value).utf8
        append(contentsOf: repeatElement(UInt8(ascii: "0"), count: Swift.max(0, width - digits.count)))
        append(contentsOf: digits)
    }
}

extension [Int] {
    /// The numbers joined, each filled with zeros up to its width.
    fileprivate func zeroPadded(_ widths: [Int]) -> String {
        var bytes: [UInt8] = []
        for (value, width) in zip(self, widths) { bytes.appendDecimal(value, width: width) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
