public import CivilTime

/// How long a server asks to wait: the value of `Retry-After` (RFC 9110, section 10.2.3).
public enum RetryAfter: Hashable, Sendable {
    /// So many seconds from the answer on.
    case seconds(Int64)
    /// Until this moment.
    case moment(Timestamp)

    /// The longest wait in seconds that is believed: a day. What is longer counts as that, so that nobody who makes a
    /// mistake there silences a watch for years.
    public static let longest: Int64 = 86_400

    /// Reads decimal digits, or a date in the form that servers must send (IMF-fixdate, RFC 9110, section 5.6.7:
    /// `Sun, 06 Nov 1994 08:49:37 GMT`); nil for anything else.
    public init?(_ value: some StringProtocol) {
        let bytes = Array(value.utf8)
        if !bytes.isEmpty, bytes.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            self = .seconds(min(Int64(String(decoding: bytes, as: UTF8.self)) ?? .max, Self.longest))
        } else if let moment = Self.moment(bytes) {
            self = .moment(moment)
        } else {
            return nil
        }
    }

    /// Milliseconds to wait from `now`, when the answer arrived: 0 for a moment that has passed, at most a day.
    public func milliseconds(from now: Timestamp) -> Int64 {
        let wait =
            switch self {
            case .seconds(let seconds): min(max(0, seconds), Self.longest) * 1000
            case .moment(let moment): moment.milliseconds(since: now)
            }
        return min(max(0, wait), Self.longest * 1000)
    }

    /// An IMF-fixdate, put into the order of RFC 3339. The day of the week is not compared with the date.
    private static func moment(_ text: [UInt8]) -> Timestamp? {
        let words = String(decoding: text, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[0].utf8.count == 4, words[0].hasSuffix(","), words[4].utf8.count == 8,
            words[5] == "GMT", let month = months.firstIndex(of: String(words[2]))
        else { return nil }
        return Timestamp(rfc3339: "\(words[3])-\(month < 9 ? "0" : "")\(month + 1)-\(words[1])T\(words[4])Z")
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
