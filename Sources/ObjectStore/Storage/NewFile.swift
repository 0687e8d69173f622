/// A new file that is written from its beginning to its end; what it holds is sealed where the storage has a key.
///
/// Nothing counts before `finish`; a failure leaves a part of the file. One thread at a time.
public final class NewFile {
    private let storage: any Storage
    private let path: String
    private let kind: SealingContext.Kind
    private var digest = SHA256Stream()
    private var sealer: CobblestoneSealer?
    /// Bytes in the file.
    private var stored = 0
    /// Bytes of its contents.
    public private(set) var size = 0

    /// Makes the file. Throws `exists`, or what the storage reports.
    public init(_ path: String, in storage: any Storage, as kind: SealingContext.Kind) throws(StorageError) {
        (self.path, self.storage, self.kind) = (path, storage, kind)
        try storage.create(path, [])
        guard let sealing = storage.sealing else { return }
        var start: [UInt8] = []
        do throws(SealingError) {
            let header = try SealedFileHeader(kind, random: sealing.random)
            start = header.encoded
            sealer = try CobblestoneSealer(
                key: sealing.keys.sealing, context: header.context(archive: sealing.archive), random: sealing.random,
                into: &start)
        } catch {
            throw StorageError(error, path: storage.describe(path))
        }
        try store(start)
    }

    /// Writes the next bytes of the contents.
    public func append(_ bytes: [UInt8]) throws(StorageError) {
        size += bytes.count
        guard sealer != nil else { return try store(bytes) }
        var output: [UInt8] = []
        output.reserveCapacity(CobblestoneFormat.sealedBytes(ofPlain: bytes.count) ?? 0)
        do throws(SealingError) { try sealer?.update(bytes.span, into: &output) } catch {
            throw StorageError(error, path: storage.describe(path))
        }
        try store(output)
    }

    /// What was written so far, open for reading.
    public func contents() throws(StorageError) -> any StorageFile {
        let file = try storage.open(path)
        guard let sealing = storage.sealing, let unsealed = sealer?.pending else { return file }
        return try SealedContents(
            file, as: kind, sealing, path: storage.describe(path), plainBytes: size, unsealed: unsealed)
    }

    /// Ends the file and returns the SHA-256 of its bytes once they are on the medium.
    public func finish() throws(StorageError) -> ObjectID {
        if let sealer = sealer.take() {
            var output: [UInt8] = []
            do throws(SealingError) { try sealer.finish(into: &output) } catch {
                throw StorageError(error, path: storage.describe(path))
            }
            try store(output)
        }
        try storage.synchronize(path)
        return digest.finish()
    }

    private func store(_ bytes: [UInt8]) throws(StorageError) {
        digest.update(bytes)
        try storage.append(path, at: stored, bytes)
        stored += bytes.count
    }
}
