/// The layout of a Cobblestone-256 message, which is C2SP's chunked-encryption@v1 with SHA-512 and AES-256-GCM
/// (https://c2sp.org/chunked-encryption):
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 24 | salt, random |
/// | 24 | 32 | commitment to key, salt and context |
/// | 56 + 16400 k | 16400 | chunk k: 16384 bytes and their tag of 16 |
/// | behind them | 16 to 16399 | the last chunk, always shorter, possibly without a byte |
///
/// Key, base nonce and commitment are HKDF-Expand-SHA-512 of the input key; a chunk's nonce is the base nonce with the
/// chunk's number, big-endian, XORed into its end. As the last chunk is always the short one, a cut, a longer or a
/// reordered message shows.
public enum CobblestoneFormat {
    /// Plain bytes in every chunk but the last.
    public static let chunkBytes = 1 << 14
    /// Stored bytes of every chunk but the last.
    public static let sealedChunkBytes = chunkBytes + AESGCM.tagBytes
    /// Bytes before the first chunk.
    public static let headerBytes = saltBytes + commitmentBytes
    /// Chunks in a message at most.
    public static let chunkLimit = 1 << 38

    static let saltBytes = 24
    static let commitmentBytes = 32
    /// What a context may have at most: libcrypto's limit for `info` less what stands before it.
    static let contextLimit = HKDF.infoLimit - label.count - saltBytes
    private static let label = Array("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0".utf8)

    /// How many bytes a message of so many plain ones has; nil beyond the limit.
    public static func sealedBytes(ofPlain count: Int) -> Int? {
        guard count >= 0, count / chunkBytes < chunkLimit else { return nil }
        return headerBytes + count + (count / chunkBytes + 1) * AESGCM.tagBytes
    }

    /// How many plain bytes a message of so many has; nil where no message has that size.
    public static func plainBytes(ofSealed count: Int) -> Int? {
        guard count >= headerBytes + AESGCM.tagBytes else { return nil }
        let chunks = count - headerBytes
        guard chunks / sealedChunkBytes < chunkLimit, chunks % sealedChunkBytes >= AESGCM.tagBytes
        else { return nil }
        return chunks - (chunks / sealedChunkBytes + 1) * AESGCM.tagBytes
    }

    /// Where a chunk begins; it is not beyond `chunkLimit`.
    public static func offset(ofChunk chunk: Int) -> Int { headerBytes + chunk * sealedChunkBytes }

    /// What is expanded from the input key: `label ‖ salt ‖ context`.
    static func info(salt: [UInt8], context: [UInt8]) -> [UInt8] { label + salt + context }
}

/// What one message is sealed with: its own key, base nonce and commitment. For one thread at a time; wiped when it
/// goes.
struct CobblestoneKeys: ~Copyable {
    private let cipher: AESGCM
    private let baseNonce: AESGCM.Nonce
    let commitment: [UInt8]

    /// Derives them. A context over the limit is refused.
    init(key: borrowing SecretKey, salt: [UInt8], context: [UInt8]) throws(SealingError) {
        guard context.count <= CobblestoneFormat.contextLimit else {
            throw SealingError(.tooLarge, "a context of \(context.count) bytes")
        }
        let info = CobblestoneFormat.info(salt: salt, context: context)
        // Key, base nonce and commitment lie one behind the other.
        let keyBytes = SecretKey.byteCount
        let count = keyBytes + AESGCM.nonceBytes + CobblestoneFormat.commitmentBytes
        var derived = [UInt8](repeating: 0, count: count)
        defer { derived.wipe() }
        let made = unsafe derived.withUnsafeMutableBufferPointer { output in
            guard let output = output.baseAddress else { return false }
            return unsafe key.withPointer { unsafe HKDF.expand(.sha512, $0, keyBytes, info, output, count) }
        }
        guard made else { throw .unavailable("derive a message's key") }
        let cipher = try AESGCM(key: derived.span)
        self.cipher = cipher
        baseNonce = InlineArray { derived[keyBytes + $0] }
        commitment = Array(derived[(keyBytes + AESGCM.nonceBytes)...])
    }

    /// The nonce of a chunk.
    private func nonce(of chunk: Int) -> AESGCM.Nonce {
        var nonce = baseNonce
        for index in 4..<AESGCM.nonceBytes {
            nonce[index] ^= UInt8(truncatingIfNeeded: chunk >> (8 * (AESGCM.nonceBytes - 1 - index)))
        }
        return nonce
    }

    /// Appends a sealed chunk.
    func seal(_ plain: Span<UInt8>, chunk: Int, into output: inout [UInt8]) throws(SealingError) {
        guard chunk < CobblestoneFormat.chunkLimit else {
            throw SealingError(.tooLarge, "a message of more than \(CobblestoneFormat.chunkLimit) chunks")
        }
        try cipher.seal(plain, nonce: nonce(of: chunk), into: &output)
    }

    /// Appends the plain bytes of a chunk; `corrupt` where its tag does not hold.
    func open(_ sealed: Span<UInt8>, chunk: Int, into output: inout [UInt8]) throws(SealingError) {
        guard chunk < CobblestoneFormat.chunkLimit else {
            throw SealingError(.tooLarge, "a message of more than \(CobblestoneFormat.chunkLimit) chunks")
        }
        guard cipher.open(sealed, nonce: nonce(of: chunk), into: &output) else {
            throw SealingError(
                .corrupt,
                "chunk \(chunk) (from byte \(CobblestoneFormat.offset(ofChunk: chunk)) of the message) is damaged,"
                    + " or not the one that belongs there")
        }
    }

    /// The keys of a message that begins with these 56 bytes: `wrongKey` where the commitment is another, `truncated`
    /// where there are fewer.
    static func opening(
        _ header: ArraySlice<UInt8>, key: borrowing SecretKey, context: [UInt8]
    ) throws(SealingError) -> CobblestoneKeys {
        guard header.count >= CobblestoneFormat.headerBytes else {
            throw SealingError(
                .truncated, "it ends within the first \(CobblestoneFormat.headerBytes) bytes of its message")
        }
        let salt = Array(header.prefix(CobblestoneFormat.saltBytes))
        let stored = Array(header.dropFirst(CobblestoneFormat.saltBytes).prefix(CobblestoneFormat.commitmentBytes))
        let keys = try CobblestoneKeys(key: key, salt: salt, context: context)
        guard keys.commitment.equalsInConstantTime(stored) else {
            throw SealingError(
                .wrongKey,
                "it is not sealed with this key as what it is taken for: another key, another file in its place, or"
                    + " damage in its first bytes")
        }
        return keys
    }
}
