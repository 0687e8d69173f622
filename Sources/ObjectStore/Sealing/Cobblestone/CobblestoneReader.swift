/// Opens any chunk of a stored message. For one thread at a time.
///
/// A chunk that opens was sealed with this key, in this place of this message. That the message ends where the file
/// does is known once its last chunk was opened.
public struct CobblestoneReader: ~Copyable {
    private let keys: CobblestoneKeys
    /// Plain bytes in the message, by the size of the file.
    public let plainBytes: Int

    /// A message of `messageBytes` that begins with `header`, its first 56 bytes. Throws `wrongKey`, and `truncated`
    /// where no message has that size.
    public init(
        header: ArraySlice<UInt8>, messageBytes: Int, key: borrowing SecretKey, context: [UInt8]
    ) throws(SealingError) {
        let keys = try CobblestoneKeys.opening(header, key: key, context: context)
        guard let plainBytes = CobblestoneFormat.plainBytes(ofSealed: messageBytes) else {
            throw SealingError(.truncated, "no message has \(messageBytes) bytes: its end is missing")
        }
        self.keys = keys
        self.plainBytes = plainBytes
    }

    /// The number of the last chunk.
    public var lastChunk: Int { plainBytes / CobblestoneFormat.chunkBytes }

    /// The chunks in which a stretch of plain bytes lies; it is within `plainBytes`.
    public func chunks(covering plain: Range<Int>) -> Range<Int> {
        guard !plain.isEmpty else { return 0..<0 }
        let size = CobblestoneFormat.chunkBytes
        return plain.lowerBound / size..<(plain.upperBound - 1) / size + 1
    }

    /// Where chunks lie in the message; they are not behind the last one.
    public func stored(_ chunks: Range<Int>) -> Range<Int> {
        let end = CobblestoneFormat.offset(ofChunk: chunks.upperBound)
        let last = CobblestoneFormat.offset(ofChunk: 0) + plainBytes + (lastChunk + 1) * AESGCM.tagBytes
        return CobblestoneFormat.offset(ofChunk: chunks.lowerBound)..<min(end, last)
    }

    /// Appends the plain bytes of chunks that follow each other from `first`, stored as `stored` says. Throws `corrupt`,
    /// and `truncated` where bytes are missing.
    public func open(
        _ sealed: Span<UInt8>, chunks: Range<Int>, into output: inout [UInt8]
    ) throws(SealingError) {
        guard chunks.upperBound <= lastChunk + 1, sealed.count == stored(chunks).count else {
            throw SealingError(.truncated, "chunks \(chunks) of the message are not all there")
        }
        for chunk in chunks {
            let offset = (chunk - chunks.lowerBound) * CobblestoneFormat.sealedChunkBytes
            let end = min(offset + CobblestoneFormat.sealedChunkBytes, sealed.count)
            try keys.open(sealed.extracting(offset..<end), chunk: chunk, into: &output)
        }
    }
}
