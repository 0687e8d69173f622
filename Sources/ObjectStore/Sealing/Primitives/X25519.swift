import CEncryption

/// X25519 (RFC 7748): two key pairs give one shared secret.
public enum X25519 {
    /// Bytes in a public key.
    public static let publicKeyBytes = 32

    /// The public key of a private one, which is any 32 random bytes.
    public static func publicKey(of privateKey: borrowing SecretKey) throws(SealingError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: publicKeyBytes)
        let made = unsafe privateKey.withPointer { key in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe output.baseAddress.map { unsafe osrs_x25519_public(key, $0) } ?? false
            }
        }
        guard made else { throw .unavailable("compute a public key") }
        return output
    }

    /// The shared secret. A public key of low order, which gives zero with every private one, is refused
    /// (`weakPublicKey`), as is one that is not 32 bytes. The secret is not uniform: it goes through HKDF before use.
    public static func sharedSecret(
        _ privateKey: borrowing SecretKey, with publicKey: [UInt8]
    ) throws(SealingError) -> SecretKey {
        let weak = SealingError(.weakPublicKey, "the public key is none that a secret can be shared with")
        guard publicKey.count == publicKeyBytes else { throw weak }
        let refused = "share a secret"
        do {
            return try unsafe SecretKey(refused) { page in
                unsafe privateKey.withPointer { key in
                    unsafe publicKey.withUnsafeBufferPointer { publicKey in
                        unsafe publicKey.baseAddress.map { unsafe osrs_x25519_shared(key, $0, page) } ?? false
                    }
                }
            }
        } catch { throw error == .unavailable(refused) ? weak : error }
    }
}
