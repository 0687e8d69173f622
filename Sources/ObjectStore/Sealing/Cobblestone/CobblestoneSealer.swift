/// Seals one message, piece by piece, in memory for one chunk. For one thread at a time.
public struct CobblestoneSealer: ~Copyable {
    private let keys: CobblestoneKeys
    /// Plain bytes of the chunk that is not full yet.
    private(set) var pending: [UInt8] = []
    private var chunk = 0

    /// A message under a key, with a salt of its own; its first bytes are appended to `output`. To be opened it needs
    /// the same context.
    public init(
        key: borrowing SecretKey, context: [UInt8], random: RandomSource = .system, into output: inout [UInt8]
    ) throws(SealingError) {
        let salt = try random.bytes(CobblestoneFormat.saltBytes)
        keys = try CobblestoneKeys(key: key, salt: salt, context: context)
        output += salt
        output += keys.commitment
    }

    /// Takes the next plain bytes and appends what chunks they fill.
    public mutating func update(_ plain: Span<UInt8>, into output: inout [UInt8]) throws(SealingError) {
        let size = CobblestoneFormat.chunkBytes
        var offset = 0
        if !pending.isEmpty {
            offset = min(size - pending.count, plain.count)
            pending.append(plain.extracting(..<offset))
            guard pending.count == size else { return }
            try keys.seal(pending.span, chunk: chunk, into: &output)
            chunk += 1
            pending.removeAll(keepingCapacity: true)
        }
        while plain.count - offset >= size {
            try keys.seal(plain.extracting(offset..<offset + size), chunk: chunk, into: &output)
            chunk += 1
            offset += size
        }
        pending.append(plain.extracting(offset...))
    }

    /// Appends the last chunk. The message is whole now.
    public consuming func finish(into output: inout [UInt8]) throws(SealingError) {
        try keys.seal(pending.span, chunk: chunk, into: &output)
    }

    /// A whole message.
    public static func message(
        _ plain: [UInt8], key: borrowing SecretKey, context: [UInt8], random: RandomSource = .system
    ) throws(SealingError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(CobblestoneFormat.sealedBytes(ofPlain: plain.count) ?? 0)
        try append(plain, key: key, context: context, random: random, to: &output)
        return output
    }

    /// Appends a whole message.
    static func append(
        _ plain: [UInt8], key: borrowing SecretKey, context: [UInt8], random: RandomSource, to output: inout [UInt8]
    ) throws(SealingError) {
        var sealer = try CobblestoneSealer(key: key, context: context, random: random, into: &output)
        try sealer.update(plain.span, into: &output)
        try sealer.finish(into: &output)
    }
}
