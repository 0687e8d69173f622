/// A key under another key: AES-256-GCM with a random nonce, bound to what it is for.
///
/// | bytes | what |
/// |---|---|
/// | 12 | nonce |
/// | 32 | the key, encrypted |
/// | 16 | tag, over the additional bytes too |
public enum KeyWrap {
    /// Bytes of a wrapped key.
    public static let byteCount = AESGCM.nonceBytes + SecretKey.byteCount + AESGCM.tagBytes

    /// Wraps a key.
    public static func wrap(
        _ key: borrowing SecretKey, under wrapping: borrowing SecretKey, for additional: [UInt8],
        random: RandomSource = .system
    ) throws(SealingError) -> [UInt8] {
        let nonce = try random.bytes(AESGCM.nonceBytes)
        var (plain, under) = (key.exposedBytes(), wrapping.exposedBytes())
        defer {
            plain.wipe()
            under.wipe()
        }
        var wrapped = nonce
        let cipher = try AESGCM(key: under.span)
        try cipher.seal(plain.span, nonce: InlineArray { nonce[$0] }, additional: additional, into: &wrapped)
        return wrapped
    }

    /// The key that was wrapped; `wrongKey` where it was wrapped under another one, for something else, or altered.
    public static func unwrap(
        _ wrapped: [UInt8], under wrapping: borrowing SecretKey, for additional: [UInt8]
    ) throws(SealingError) -> SecretKey {
        guard wrapped.count == byteCount else {
            throw SealingError(.corrupt, "a wrapped key has \(byteCount) bytes, not \(wrapped.count)")
        }
        var (plain, under): ([UInt8], [UInt8]) = ([], wrapping.exposedBytes())
        defer {
            plain.wipe()
            under.wipe()
        }
        let cipher = try AESGCM(key: under.span)
        guard
            cipher.open(
                wrapped.span.extracting(AESGCM.nonceBytes...), nonce: InlineArray { wrapped[$0] },
                additional: additional, into: &plain),
            let key = try SecretKey(plain.span)
        else { throw SealingError(.wrongKey, "this key does not open it") }
        return key
    }
}
