import CEncryption

/// HKDF (RFC 5869) with SHA-256 or SHA-512.
public enum HKDF {
    /// The digest underneath.
    public enum Digest: Sendable {
        /// SHA-256: 32 bytes.
        case sha256
        /// SHA-512: 64 bytes.
        case sha512

        /// Bytes in a digest.
        public var byteCount: Int { self == .sha256 ? 32 : 64 }
    }

    /// Bytes of `info` at most: libcrypto's limit.
    public static let infoLimit = 1024

    /// A pseudorandom key of one digest from a secret that need not be uniform. The caller wipes it.
    public static func extract(
        _ digest: Digest, salt: [UInt8], secret: Span<UInt8>
    ) throws(SealingError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: digest.byteCount)
        let made = unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe salt.withUnsafeBufferPointer { salt in
                unsafe secret.withUnsafeBufferPointer { secret in
                    guard let output = output.baseAddress, let start = secret.baseAddress else { return false }
                    return unsafe osrs_hkdf_extract(
                        digest == .sha512, salt.baseAddress, salt.count, start, secret.count, output)
                }
            }
        }
        guard made else { throw .unavailable("extract a key") }
        return output
    }

    /// `count` bytes from a uniform key, at most 255 digests, distinct for each `info`. The caller wipes them.
    public static func expand(
        _ digest: Digest, key: Span<UInt8>, info: [UInt8], count: Int
    ) throws(SealingError) -> [UInt8] {
        guard info.count <= infoLimit, 1...255 * digest.byteCount ~= count else {
            throw SealingError(.tooLarge, "a derivation of \(count) bytes from \(info.count) bytes of context")
        }
        var output = [UInt8](repeating: 0, count: count)
        let made = unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe key.withUnsafeBufferPointer { key in
                guard let output = output.baseAddress, let start = key.baseAddress else { return false }
                return unsafe expand(digest, start, key.count, info, output, count)
            }
        }
        guard made else { throw .unavailable("expand a key") }
        return output
    }

    /// Writes `count` bytes at `output`.
    static func expand(
        _ digest: Digest, _ key: UnsafePointer<UInt8>, _ keyCount: Int, _ info: [UInt8],
        _ output: UnsafeMutablePointer<UInt8>, _ count: Int
    ) -> Bool {
        unsafe info.withUnsafeBufferPointer { info in
            unsafe osrs_hkdf_expand(digest == .sha512, key, keyCount, info.baseAddress, info.count, output, count)
        }
    }
}

extension SecretKey {
    /// The key that HKDF-Expand-SHA-256 gives of this one under a label.
    public func derived(_ label: String) throws(SealingError) -> SecretKey {
        try unsafe SecretKey("derive a key") { page in
            unsafe withPointer { key in
                unsafe HKDF.expand(.sha256, key, Self.byteCount, Array(label.utf8), page, Self.byteCount)
            }
        }
    }
}
