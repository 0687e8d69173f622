import CEncryption

/// Where salts, ids and keys come from. Tests put in one that repeats, to get the same bytes each time; everything else
/// uses the system's.
public struct RandomSource: Sendable {
    private let fill: @Sendable (Int) -> [UInt8]?

    /// A source that gives that many bytes, or nil where it has none.
    public init(_ fill: @escaping @Sendable (Int) -> [UInt8]?) { self.fill = fill }

    /// The system's generator (getrandom(2)).
    public static let system = RandomSource { count in
        var bytes = [UInt8](repeating: 0, count: count)
        let filled = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return true }
            return unsafe osrs_random(start, buffer.count)
        }
        return filled ? bytes : nil
    }

    /// That many random bytes.
    public func bytes(_ count: Int) throws(SealingError) -> [UInt8] {
        guard let bytes = fill(count), bytes.count == count else {
            throw SealingError(.unavailable, "the system gives no random bytes")
        }
        return bytes
    }
}
