/// The identity of a document: the SHA-256 of its bytes (FIPS 180-4), 32 bytes.
///
/// Four words rather than an array, so that ids compare, hash and travel without allocation. Ordered as the bytes are.
public struct ObjectID: Hashable, Comparable, Sendable {
    /// Bytes in an id.
    public static let byteCount = 32

    typealias Words = (UInt64, UInt64, UInt64, UInt64)

    /// Its bytes as four numbers, the highest byte first.
    public let words: (UInt64, UInt64, UInt64, UInt64)

    /// The id with these numbers.
    public init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// The id with these 32 bytes, or nil for another count.
    public init?(bytes: [UInt8]) { self.init(bytes: bytes.span) }

    /// The id with these 32 bytes, or nil for another count.
    public init?(bytes: Span<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var words: Words = (0, 0, 0, 0)
        for index in bytes.indices {
            let byte = UInt64(bytes[index])
            switch index >> 3 {
            case 0: words.0 = words.0 << 8 | byte
            case 1: words.1 = words.1 << 8 | byte
            case 2: words.2 = words.2 << 8 | byte
            default: words.3 = words.3 << 8 | byte
            }
        }
        self.words = words
    }

    /// The id whose bytes lie in memory as these words.
    init(bigEndianWords words: Words) {
        self.words = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
    }

    /// Words that lie in memory as the bytes.
    var bigEndianWords: Words { (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian) }

    /// The id written as 64 hex digits of either case, or nil.
    public init?(hex: String) { self.init(hex: hex.utf8.span) }

    /// The id written as 64 hex digits of either case in ASCII, or nil.
    public init?(hex: Span<UInt8>) {
        // Every record names several ids, so this is on the way of every command: no array, no generic code.
        guard hex.count == 2 * Self.byteCount else { return nil }
        var words: Words = (0, 0, 0, 0)
        for index in hex.indices {
            guard let digit = Hexadecimal.value(hex[index]) else { return nil }
            let value = UInt64(digit)
            switch index >> 4 {
            case 0: words.0 = words.0 << 4 | value
            case 1: words.1 = words.1 << 4 | value
            case 2: words.2 = words.2 << 4 | value
            default: words.3 = words.3 << 4 | value
            }
        }
        self.words = words
    }

    /// The ids that begin with these hex digits of either case; nil where they are no digits, or more than 64.
    public static func ids(startingWith prefix: some StringProtocol) -> ClosedRange<ObjectID>? {
        let missing = 2 * byteCount - prefix.utf8.count
        guard missing >= 0, let lowest = ObjectID(hex: prefix + String(repeating: "0", count: missing)),
            let highest = ObjectID(hex: prefix + String(repeating: "f", count: missing))
        else { return nil }
        return lowest...highest
    }

    /// Its 32 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Appends its 32 bytes.
    public func append(to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: bigEndianWords) { unsafe bytes.append(contentsOf: $0) }
    }

    /// 64 lower-case hex digits.
    public var hex: String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * Self.byteCount)
        appendHex(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends 64 lower-case hex digits in ASCII.
    public func appendHex(to text: inout [UInt8]) {
        func digits(_ word: UInt64) -> (UInt64, UInt64) {
            (Hexadecimal.digits(word >> 32), Hexadecimal.digits(word & 0xFFFF_FFFF))
        }
        let all = (digits(words.0), digits(words.1), digits(words.2), digits(words.3))
        unsafe withUnsafeBytes(of: all) { unsafe text.append(contentsOf: $0) }
    }

    /// The first `digits` hex digits, for people.
    public func abbreviated(_ digits: Int = 12) -> String { String(hex.prefix(digits)) }

    /// Equal bytes.
    public static func == (left: ObjectID, right: ObjectID) -> Bool { left.words == right.words }

    /// By the bytes.
    public static func < (left: ObjectID, right: ObjectID) -> Bool { left.words < right.words }

    /// Hashes the first word: the bytes of a digest are evenly spread already.
    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension ObjectID: CustomStringConvertible {
    /// 64 lower-case hex digits.
    public var description: String { hex }
}
