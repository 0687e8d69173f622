import ObjectStore
import Synchronization

/// The plain bytes of a bundle's payload, opened chunk by chunk where they are read: nothing of them is ever on a disk.
/// Any number of threads may read.
final class BundlePayload: Sendable {
    let manifest: BundleManifest
    private let name: BundleName
    private let source: SealedSource

    /// The message that lies at `message` of a file. Throws `wrongKey`, `corrupt` or `io`.
    init(
        _ name: BundleName, _ file: any StorageFile, message: Range<Int>, key: borrowing SecretKey, context: [UInt8]
    ) throws(BackupError) {
        self.name = name
        source = try SealedSource(name.text, file, message, key, context)
        manifest = try Self.manifest(of: source, name)
    }

    private static func manifest(of source: SealedSource, _ name: BundleName) throws(BackupError) -> BundleManifest {
        let end = source.size - BundleManifest.suffixBytes
        let suffix = try BackupError.ofStorage { () throws(StorageError) in
            try source.read(from: max(0, end), count: BundleManifest.suffixBytes)
        }
        if let count = suffix.littleEndian(at: 0), count <= min(BundleManifest.textLimit, end) {
            let start = end - Int(count)
            let text = try BackupError.ofStorage { () throws(StorageError) in
                try source.read(from: start, count: Int(count))
            }
            if let manifest = BundleManifest(decoding: text, packBytes: start) { return manifest }
        }
        throw BackupError(.corrupt, "\(name.text) holds no manifest, though it is sealed and signed as it should be")
    }

    /// The packs in it, in order.
    var packs: [(name: ObjectID, file: any StorageFile)] {
        var offset = 0
        return manifest.packs.map { entry in
            defer { offset += entry.bytes }
            let stored = SealedStretch(source: source, offset: offset, size: entry.bytes)
            guard let inflated = entry.inflated else { return (entry.name, stored) }
            return (entry.name, DeflatedPack(stored, size: inflated, path: "\(name.text), pack \(entry.name.hex)"))
        }
    }
}

/// A part of a payload, as a file.
private struct SealedStretch: StorageFile {
    let source: SealedSource
    let offset: Int
    let size: Int

    func read(from start: Int, count: Int) throws(StorageError) -> [UInt8] {
        let range = readableRange(from: start, count: count)
        return try source.read(from: offset + range.lowerBound, count: range.count)
    }
}

/// A message in a file, opened where it is read.
private final class SealedSource: StorageFile {
    /// Chunks that are opened at once at least, where there are as many: reads mostly go on where the last one ended.
    private static let readAhead = 16
    /// Plain bytes of a read that is kept, at most.
    private static let cacheLimit = 1 << 20

    /// Plain bytes.
    let size: Int
    private let file: any StorageFile
    private let path: String
    private let message: Range<Int>
    private let state: Mutex<State>

    private struct State: ~Copyable {
        let reader: CobblestoneReader
        /// Plain bytes that were opened last, from this offset on.
        var cached: (offset: Int, bytes: [UInt8]) = (0, [])

        init(_ reader: consuming CobblestoneReader) { self.reader = reader }
    }

    init(
        _ path: String, _ file: any StorageFile, _ message: Range<Int>, _ key: borrowing SecretKey, _ context: [UInt8]
    ) throws(BackupError) {
        let header = try BackupError.ofStorage { () throws(StorageError) in
            try file.read(from: message.lowerBound, count: CobblestoneFormat.headerBytes)
        }
        let reader = try BackupError.ofSealing(path) { () throws(SealingError) in
            try CobblestoneReader(header: header[...], messageBytes: message.count, key: key, context: context)
        }
        (self.path, self.file, self.message, size) = (path, file, message, reader.plainBytes)
        state = Mutex(State(reader))
    }

    /// See `StorageFile`. Throws `damaged` for what does not open.
    func read(from offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        let wanted = readableRange(from: offset, count: count)
        guard !wanted.isEmpty else { return [] }
        let result: Result<[UInt8], StorageError> = state.withLock { state in
            do throws(StorageError) { return .success(try read(wanted, &state)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private func read(_ wanted: Range<Int>, _ state: inout State) throws(StorageError) -> [UInt8] {
        let cached = state.cached.offset..<state.cached.offset + state.cached.bytes.count
        if cached.lowerBound <= wanted.lowerBound, wanted.upperBound <= cached.upperBound {
            let start = wanted.lowerBound - cached.lowerBound
            return Array(state.cached.bytes[start..<start + wanted.count])
        }
        let covering = state.reader.chunks(covering: wanted)
        let end = min(state.reader.lastChunk + 1, max(covering.upperBound, covering.lowerBound + Self.readAhead))
        let chunks = covering.lowerBound..<end
        let stored = state.reader.stored(chunks)
        let sealed = try file.read(from: message.lowerBound + stored.lowerBound, count: stored.count)
        var plain: [UInt8] = []
        plain.reserveCapacity(chunks.count * CobblestoneFormat.chunkBytes)
        do { try state.reader.open(sealed.span, chunks: chunks, into: &plain) } catch {
            throw StorageError(.damaged, operation: "open", path: path, cause: "\(error)")
        }
        let first = chunks.lowerBound * CobblestoneFormat.chunkBytes
        if plain.count <= Self.cacheLimit { state.cached = (first, plain) }
        guard plain.count >= wanted.upperBound - first else {
            throw StorageError(.damaged, operation: "open", path: path, cause: "it ends early")
        }
        return Array(plain[(wanted.lowerBound - first)..<(wanted.upperBound - first)])
    }
}
