import CEncryption

/// Ed25519 signatures (RFC 8032).
public enum Ed25519 {
    /// Bytes in a public key.
    public static let publicKeyBytes = 32
    /// Bytes in a signature.
    public static let signatureBytes = 64

    /// The public key of a seed, which is any 32 random bytes.
    public static func publicKey(of seed: borrowing SecretKey) throws(SealingError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: publicKeyBytes)
        let made = unsafe seed.withPointer { seed in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe output.baseAddress.map { unsafe osrs_ed25519_public(seed, $0) } ?? false
            }
        }
        guard made else { throw .unavailable("compute a public key") }
        return output
    }

    /// The 64 bytes of the signature of a message; the same each time.
    public static func sign(_ message: [UInt8], seed: borrowing SecretKey) throws(SealingError) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: signatureBytes)
        let made = unsafe seed.withPointer { seed in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe signature.withUnsafeMutableBufferPointer { signature in
                    unsafe signature.baseAddress.map {
                        unsafe osrs_ed25519_sign(seed, message.baseAddress, message.count, $0)
                    } ?? false
                }
            }
        }
        guard made else { throw .unavailable("sign") }
        return signature
    }

    /// Whether a signature is the public key's, of this message. Anything of a wrong length is none.
    public static func verify(_ signature: [UInt8], of message: [UInt8], publicKey: [UInt8]) -> Bool {
        guard signature.count == signatureBytes, publicKey.count == publicKeyBytes else { return false }
        return unsafe message.withUnsafeBufferPointer { message in
            unsafe signature.withUnsafeBufferPointer { signature in
                unsafe publicKey.withUnsafeBufferPointer { publicKey in
                    guard let signature = signature.baseAddress, let publicKey = publicKey.baseAddress else {
                        return false
                    }
                    return unsafe osrs_ed25519_verify(publicKey, message.baseAddress, message.count, signature)
                }
            }
        }
    }
}
