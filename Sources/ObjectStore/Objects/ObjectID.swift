/// The identity of a document: the SHA-256 of its bytes (FIPS 180-4), 32 bytes.
///
/// Four words rather than an array, so that ids compare, hash and travel without allocation. Ordered as the bytes are.
public struct ObjectID: Hashable, Comparable, Sendable {
    /// Bytes in an id.
    public static let byteCount = 32

    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// The id with these 32 bytes, or nil for another count.
    public init?(bytes: some RandomAccessCollection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, byte) in bytes.enumerated() { words[index >> 3] = words[index >> 3] << 8 | UInt64(byte) }
        self.words = (words[0], words[1], words[2], words[3])
    }

    /// The id written as 64 hex digits of either case, or nil.
    public init?(hex: some StringProtocol) {
        guard let bytes = Hexadecimal.bytes(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// Its 32 bytes.
    public var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
        }
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
