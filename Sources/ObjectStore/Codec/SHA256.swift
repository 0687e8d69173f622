import CLibcrypto
import CPairedSHA256

/// Computes SHA-256 (FIPS 180-4) with libcrypto, by its plain functions: `EVP` would set up all of OpenSSL and read its
/// configuration file before the first byte, which takes half as long as a whole short command.
public struct SHA256: ~Copyable {
    /// A hasher.
    public init() {}

    /// The digest of bytes, allocating nothing.
    public func digest(_ bytes: Span<UInt8>) -> ObjectID {
        var stream = SHA256Stream()
        stream.update(bytes)
        return stream.finish()
    }

    /// The digest of bytes, allocating nothing.
    public func digest(_ bytes: [UInt8]) -> ObjectID { digest(bytes.span) }

    /// The digest of bytes, allocating nothing.
    public func digest(_ bytes: ArraySlice<UInt8>) -> ObjectID { digest(bytes.span) }

    /// The digest of two parts one after the other.
    public func digest(_ first: [UInt8], _ second: [UInt8]) -> ObjectID {
        var stream = SHA256Stream()
        stream.update(first)
        stream.update(second)
        return stream.finish()
    }

    /// The digest of the 64 bytes of two ids one after the other, allocating nothing.
    public func digest(_ first: ObjectID, _ second: ObjectID) -> ObjectID {
        let bytes = (first.bigEndianWords, second.bigEndianWords)
        var stream = SHA256Stream()
        unsafe withUnsafeBytes(of: bytes) { unsafe stream.update($0) }
        return stream.finish()
    }

    /// The digests of two texts, in not much more time than the longer one takes alone. Allocates nothing.
    public func digests(_ first: [UInt8], _ second: [UInt8]) -> (ObjectID, ObjectID) {
        var words: (ObjectID.Words, ObjectID.Words) = ((0, 0, 0, 0), (0, 0, 0, 0))
        let isDone = unsafe first.withUnsafeBufferPointer { first in
            unsafe second.withUnsafeBufferPointer { second in
                unsafe withUnsafeMutableBytes(of: &words) { output in
                    guard let digests = unsafe output.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
                        return false
                    }
                    return unsafe osrs_sha256_pair(
                        first.baseAddress, first.count, second.baseAddress, second.count, digests, digests + 32)
                }
            }
        }
        guard isDone else { preconditionFailure("libcrypto failed to compute a SHA-256") }
        return (ObjectID(bigEndianWords: words.0), ObjectID(bigEndianWords: words.1))
    }

    /// The digest of bytes, with a hasher made for it: for the odd one out, not for loops.
    public static func digest(_ bytes: [UInt8]) -> ObjectID { SHA256().digest(bytes) }
}

/// The SHA-256 of bytes that come piece by piece.
public struct SHA256Stream: ~Copyable {
    private var state = SHA256_CTX()

    /// A digest of nothing yet.
    public init() { begin() }

    /// Takes the next bytes.
    public mutating func update(_ bytes: Span<UInt8>) { unsafe bytes.withUnsafeBytes { unsafe update($0) } }

    /// Takes the next bytes.
    public mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

    /// Takes the next bytes.
    public mutating func update(_ bytes: ArraySlice<UInt8>) { update(bytes.span) }

    /// The digest of all bytes since the beginning or the last `finish`; the next byte begins another one.
    public mutating func finish() -> ObjectID {
        var words: ObjectID.Words = (0, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &words) { output in
            check(unsafe SHA256_Final(output.baseAddress?.assumingMemoryBound(to: UInt8.self), &state))
        }
        begin()
        return ObjectID(bigEndianWords: words)
    }

    private mutating func begin() { check(unsafe SHA256_Init(&state)) }

    fileprivate mutating func update(_ bytes: UnsafeRawBufferPointer) {
        check(unsafe SHA256_Update(&state, bytes.baseAddress, bytes.count))
    }

    private func check(_ result: CInt) {
        guard result == 1 else { preconditionFailure("libcrypto failed to compute a SHA-256") }
    }
}
