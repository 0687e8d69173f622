/// The identity of a document: the SHA-256 of its bytes (FIPS 180-4), 32 bytes.
///
/// Four words rather than an array, so that ids compare, hash and travel without allocation. Ordered as the bytes are.
public struct ObjectID: Hashable, Comparable, Sendable {
    /// Bytes in an id.
    public static let byteCount = 32

    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// The id with these 32 bytes, or nil for another count.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for (index, byte) in bytes.enumerated() {
            switch index >> 3 {
            case 0: words.0 = words.0 << 8 | UInt64(byte)
            case 1: words.1 = words.1 << 8 | UInt64(byte)
            case 2: words.2 = words.2 << 8 | UInt64(byte)
            default: words.3 = words.3 << 8 | UInt64(byte)
            }
        }
        self.words = words
    }

    /// The id written as 64 hex digits of either case, or nil.
    public init?(hex: String) {
        // Every record names several ids, so this is on the way of every command: no array, no generic code.
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var count = 0
        for digit in hex.utf8 {
            guard let value = Hexadecimal.value(digit), count < 2 * Self.byteCount else { return nil }
            switch count >> 4 {
            case 0: words.0 = words.0 << 4 | UInt64(value)
            case 1: words.1 = words.1 << 4 | UInt64(value)
            case 2: words.2 = words.2 << 4 | UInt64(value)
            default: words.3 = words.3 << 4 | UInt64(value)
            }
            count += 1
        }
        guard count == 2 * Self.byteCount else { return nil }
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
        bytes.reserveCapacity(Self.byteCount)
        func append(_ word: UInt64) {
            var rest = word
            for _ in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: rest >> 56))
                rest <<= 8
            }
        }
        append(words.0)
        append(words.1)
        append(words.2)
        append(words.3)
        return bytes
    }

    /// 64 lower-case hex digits.
    public var hex: String { Hexadecimal.text(bytes) }

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
