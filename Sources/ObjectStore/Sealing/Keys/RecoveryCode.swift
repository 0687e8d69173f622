/// 32 secret bytes as text that people copy by hand: 14 groups of five characters, such as `7ZK0M`, of the digits and
/// letters without I, L, O and U (Crockford's base 32).
///
/// The first four characters of each group are data: the 256 bits of the key, then 24 bits of SHA-256 over
/// `osrs-archive/v1 recovery` and the key, the highest bit first. The fifth checks its group: with characters and places
/// taken as elements of GF(32) (polynomial x^5 + x^2 + 1, generator 2), it is the sum of the four, the i-th times 2^i for
/// i from 1, and the group's number from 0. So one wrong character, two exchanged ones and two exchanged groups are
/// always found, and in which group; what else passes there fails the 24 bits.
public enum RecoveryCode {
    /// Groups in a code.
    public static let groupCount = 14
    /// Characters in a group.
    public static let groupLength = 5

    /// Why a text is no code. Groups are numbered from 1.
    public enum Failure: Error, Hashable, Sendable {
        /// There are this many groups, and not 14.
        case groups(found: Int)
        /// A group has this many characters, and not five.
        case length(group: Int, found: Int)
        /// A group has a character that no code has.
        case character(group: Int, Character)
        /// These groups were mistyped, or stand in each other's place.
        case mistyped(groups: [Int])
        /// Every group is right by itself, but they are not of one code.
        case checksum
        /// There is no memory for the key.
        case unavailable
    }

    /// What is wrong in words that are nearly a code: 14 groups of its characters, of which not all are right. Nil for a
    /// code, and for what was never meant to be one.
    public static func slip(in words: [UInt8]) -> Failure? {
        do throws(Failure) {
            _ = try key(of: words)
            return nil
        } catch {
            switch error {
            case .mistyped, .checksum: return error
            case .groups, .length, .character, .unavailable: return nil
            }
        }
    }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private static let dataLength = groupLength - 1
    private static let checksumBytes = 3

    /// The code of a key: groups with `-` between. A string cannot be wiped: it is for printing at once.
    public static func text(of key: borrowing SecretKey) -> String {
        var text = bytes(of: key)
        defer { text.wipe() }
        return String(decoding: text, as: UTF8.self)
    }

    /// The code of a key in ASCII. The caller wipes it.
    static func bytes(of key: borrowing SecretKey) -> [UInt8] {
        var secret = key.exposedBytes()
        // Arrays that grow would leave what was in them behind.
        var (bytes, text, symbols): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
        bytes.reserveCapacity(SecretKey.byteCount + checksumBytes)
        text.reserveCapacity(groupCount * (groupLength + 1))
        symbols.reserveCapacity(groupLength)
        defer {
            secret.wipe()
            bytes.wipe()
            symbols.wipe()
        }
        bytes += secret
        bytes += checksum(of: secret)
        for group in 0..<groupCount {
            symbols.removeAll(keepingCapacity: true)
            for index in 0..<dataLength { symbols.append(symbol(group * dataLength + index, of: bytes)) }
            symbols.append(check(symbols[...], group: group))
            if group > 0 { text.append(UInt8(ascii: "-")) }
            for symbol in symbols { text.append(alphabet[Int(symbol)]) }
        }
        return text
    }

    /// The key of a code in UTF-8, which the caller wipes. Case, and what stands between the groups (`-`, white space), do not
    /// matter, nor whether anything does; I and L are taken for 1, O for 0.
    public static func key(of text: [UInt8]) throws(Failure) -> SecretKey {
        var symbols = try self.symbols(of: text)
        var bytes = [UInt8](repeating: 0, count: SecretKey.byteCount + checksumBytes)
        defer {
            symbols.wipe()
            bytes.wipe()
        }
        var mistyped: [Int] = []
        for group in 0..<groupCount {
            let start = group * groupLength
            let data = symbols[start..<start + dataLength]
            if check(data, group: group) != symbols[start + dataLength] { mistyped.append(group + 1) }
            for (index, symbol) in data.enumerated() { set(symbol, at: group * dataLength + index, in: &bytes) }
        }
        guard mistyped.isEmpty else { throw .mistyped(groups: mistyped) }
        var secret = Array(bytes.prefix(SecretKey.byteCount))
        defer { secret.wipe() }
        guard checksum(of: secret) == Array(bytes.suffix(checksumBytes)) else { throw .checksum }
        do {
            guard let key = try SecretKey(secret.span) else { throw Failure.unavailable }
            return key
        } catch { throw .unavailable }
    }

    /// All symbols of a text, group by group. The caller wipes them.
    private static func symbols(of text: [UInt8]) throws(Failure) -> [UInt8] {
        let count = groupCount * groupLength
        var symbols: [UInt8] = []
        symbols.reserveCapacity(count)
        // The lengths of the groups, and the first character that no code has.
        var lengths: [Int] = []
        var stranger: (place: Int, group: Int, character: Character)?
        var (isInGroup, place) = (false, 0)
        var (rest, decoder) = (text.makeIterator(), UTF8())
        while let scalar = nextScalar(&decoder, &rest) {
            if scalar == "-" || scalar.properties.isWhitespace {
                isInGroup = false
                continue
            }
            if !isInGroup { lengths.append(0) }
            isInGroup = true
            lengths[lengths.count - 1] += 1
            if let symbol = value(of: scalar) {
                if symbols.count < count { symbols.append(symbol) }
            } else if stranger == nil {
                stranger = (place, lengths.count - 1, Character(scalar))
            }
            place += 1
        }
        if lengths == [count] {
            lengths = [Int](repeating: groupLength, count: groupCount)
            if let found = stranger { stranger?.group = found.place / groupLength }
        }
        var failure = lengths.count == groupCount ? nil : Failure.groups(found: lengths.count)
        for (group, length) in lengths.enumerated() where failure == nil {
            if length != groupLength { failure = .length(group: group + 1, found: length) }
            if let stranger, stranger.group == group, failure == nil {
                failure = .character(group: group + 1, stranger.character)
            }
        }
        guard let failure else { return symbols }
        symbols.wipe()
        throw failure
    }

    /// The next character of UTF-8; what is none counts as a character that no code has.
    private static func nextScalar(_ decoder: inout UTF8, _ rest: inout [UInt8].Iterator) -> Unicode.Scalar? {
        switch decoder.decode(&rest) {
        case .scalarValue(let scalar): scalar
        case .emptyInput: nil
        case .error: "\u{FFFD}"
        }
    }

    private static func value(of scalar: Unicode.Scalar) -> UInt8? {
        switch scalar {
        case "I", "i", "L", "l": 1
        case "O", "o": 0
        default:
            UInt8(exactly: scalar.value).flatMap { ascii in
                let upper = UInt8(ascii: "a")...UInt8(ascii: "z") ~= ascii ? ascii - 32 : ascii
                return alphabet.firstIndex(of: upper).map { UInt8($0) }
            }
        }
    }

    private static func checksum(of secret: [UInt8]) -> [UInt8] {
        Array(SHA256().digest(Array("osrs-archive/v1 recovery".utf8), secret).bytes.prefix(checksumBytes))
    }

    /// The five bits from bit 5 × `index`, the highest first.
    private static func symbol(_ index: Int, of bytes: [UInt8]) -> UInt8 {
        (0..<5).reduce(0) { value, bit in
            let position = 5 * index + bit
            return value << 1 | bytes[position / 8] >> (7 - UInt8(position % 8)) & 1
        }
    }

    private static func set(_ symbol: UInt8, at index: Int, in bytes: inout [UInt8]) {
        for bit in 0..<5 where symbol >> (4 - UInt8(bit)) & 1 == 1 {
            let position = 5 * index + bit
            bytes[position / 8] |= 0x80 >> UInt8(position % 8)
        }
    }

    private static func check(_ symbols: ArraySlice<UInt8>, group: Int) -> UInt8 {
        // Horner's rule: ((s4 × 2 + s3) × 2 + …) × 2, so that the first is times 2 and the last times 16.
        symbols.reversed().reduce(0) { doubled($0 ^ $1) } ^ UInt8(group)
    }

    /// Times 2 in GF(32).
    private static func doubled(_ element: UInt8) -> UInt8 {
        element & 16 == 0 ? element << 1 : element << 1 & 31 ^ 5
    }
}

extension RecoveryCode.Failure: CustomStringConvertible {
    /// Goes on a sentence: "…, in which " or "its ".
    public var description: String {
        switch self {
        case .groups(let found): "code has \(found) groups, not \(RecoveryCode.groupCount)"
        case .length(let group, let found): "group \(group) has \(found) characters, not \(RecoveryCode.groupLength)"
        case .character(let group, _): "group \(group) has a character that no code has"
        case .mistyped(let groups):
            "group \(groups.map(String.init).joined(separator: ", ")) is mistyped"
        case .checksum: "groups are not of one code"
        case .unavailable: "key finds no memory"
        }
    }
}
