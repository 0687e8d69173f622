/// Opens one message, piece by piece from its beginning, in memory for one chunk. Plain bytes come out only after their
/// chunk's tag was found right; that nothing is missing behind them is known when `finish` has returned. For one thread
/// at a time.
public struct CobblestoneOpener: ~Copyable {
    private let keys: CobblestoneKeys
    /// Stored bytes of the chunk that is not whole yet.
    private var pending: [UInt8] = []
    private var chunk = 0
    /// What was found wrong; everything after it is refused too.
    private var failure: SealingError?

    /// A message that begins with `header`, its first 56 bytes. Throws `wrongKey` where the key or the context is not
    /// the one it was sealed with, before anything is decrypted.
    public init(header: ArraySlice<UInt8>, key: borrowing SecretKey, context: [UInt8]) throws(SealingError) {
        keys = try CobblestoneKeys.opening(header, key: key, context: context)
    }

    /// Takes the next stored bytes, those behind the header first, and appends the plain ones of the chunks that they
    /// complete. Throws `corrupt`, and the same from then on.
    public mutating func update(_ sealed: Span<UInt8>, into output: inout [UInt8]) throws(SealingError) {
        if let failure { throw failure }
        do { try take(sealed, into: &output) } catch {
            failure = error
            throw error
        }
    }

    private mutating func take(_ sealed: Span<UInt8>, into output: inout [UInt8]) throws(SealingError) {
        let size = CobblestoneFormat.sealedChunkBytes
        var offset = 0
        if !pending.isEmpty {
            offset = min(size - pending.count, sealed.count)
            pending.append(sealed.extracting(..<offset))
            guard pending.count == size else { return }
            try keys.open(pending.span, chunk: chunk, into: &output)
            chunk += 1
            pending.removeAll(keepingCapacity: true)
        }
        while sealed.count - offset >= size {
            try keys.open(sealed.extracting(offset..<offset + size), chunk: chunk, into: &output)
            chunk += 1
            offset += size
        }
        pending.append(sealed.extracting(offset...))
    }

    /// Opens the last chunk: the stored bytes end here. Throws `truncated` or `corrupt`.
    public consuming func finish(into output: inout [UInt8]) throws(SealingError) {
        if let failure { throw failure }
        guard pending.count >= AESGCM.tagBytes else {
            throw SealingError(.truncated, "its message ends before its last chunk, within or behind chunk \(chunk)")
        }
        try keys.open(pending.span, chunk: chunk, into: &output)
    }

    /// The plain bytes of a whole message.
    public static func plain(
        of message: ArraySlice<UInt8>, key: borrowing SecretKey, context: [UInt8]
    ) throws(SealingError) -> [UInt8] {
        var opener = try CobblestoneOpener(header: message, key: key, context: context)
        guard let count = CobblestoneFormat.plainBytes(ofSealed: message.count) else {
            throw SealingError(.truncated, "no message has \(message.count) bytes: its end is missing")
        }
        var output: [UInt8] = []
        output.reserveCapacity(count)
        try opener.update(message.span.extracting(droppingFirst: CobblestoneFormat.headerBytes), into: &output)
        try opener.finish(into: &output)
        return output
    }
}
