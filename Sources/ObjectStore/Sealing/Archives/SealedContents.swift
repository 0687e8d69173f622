import Synchronization

/// What is sealed in a file of one message, read as if it lay there in the clear. Any number of threads may read; bytes
/// come out only after the tag of their chunk was found right.
///
/// That nothing was cut off behind the message is known once its last bytes were read.
final class SealedContents: StorageFile {
    let size: Int
    let stored: any StorageFile

    private let path: String
    private let state: Mutex<State>
    /// Plain bytes behind the last whole chunk of a file that is still being written.
    private let unsealed: [UInt8]

    private struct State: ~Copyable {
        let reader: CobblestoneReader
        /// The chunk that was opened last: small pieces are mostly read one behind the other.
        var chunk: (number: Int, bytes: [UInt8])?
    }

    /// Opens a file. Throws `damaged` where it is not what was sealed.
    convenience init(
        _ file: any StorageFile, as kind: SealingContext.Kind, _ sealing: ArchiveSealing, path: String
    ) throws(StorageError) {
        try self.init(file, as: kind, sealing, path: path, plainBytes: nil, unsealed: [])
    }

    /// With `plainBytes` a file whose last chunk, with these plain bytes, is not written yet.
    init(
        _ file: any StorageFile, as kind: SealingContext.Kind, _ sealing: ArchiveSealing, path: String,
        plainBytes: Int?, unsealed: [UInt8]
    ) throws(StorageError) {
        (stored, self.path, self.unsealed) = (file, path, unsealed)
        let start = try file.read(from: 0, count: SealedFileHeader.byteCount + CobblestoneFormat.headerBytes)
        do throws(SealingError) {
            let header = try SealedFileHeader(decoding: start[...])
            guard header.kind == kind else {
                throw SealingError(.wrongKey, "it is sealed as \(header.kind.name), not as \(kind.name)")
            }
            let messageBytes =
                plainBytes.map { CobblestoneFormat.sealedBytes(ofPlain: $0) ?? 0 }
                ?? (file.size - SealedFileHeader.byteCount)
            let reader = try CobblestoneReader(
                header: start[SealedFileHeader.byteCount...], messageBytes: messageBytes, key: sealing.keys.sealing,
                context: header.context(archive: sealing.archive))
            size = reader.plainBytes
            state = Mutex(State(reader: reader))
        } catch {
            throw StorageError(error, path: path)
        }
    }

    func read(from offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        let wanted = readableRange(from: offset, count: count)
        guard !wanted.isEmpty else { return [] }
        let size = CobblestoneFormat.chunkBytes
        let chunks = wanted.lowerBound / size..<(wanted.upperBound - 1) / size + 1
        var plain: [UInt8] = []
        if let known = state.withLock({ $0.chunk }), chunks == known.number..<known.number + 1 {
            plain = known.bytes
        } else {
            plain = try open(chunks)
            if chunks.count == 1 { state.withLock { [plain] in $0.chunk = (chunks.lowerBound, plain) } }
        }
        let start = chunks.lowerBound * size
        if wanted == start..<start + plain.count { return plain }
        return Array(plain[wanted.lowerBound - start..<wanted.upperBound - start])
    }

    /// The plain bytes of chunks.
    private func open(_ chunks: Range<Int>) throws(StorageError) -> [UInt8] {
        let sealed = unsealed.isEmpty ? chunks : chunks.clamped(to: 0..<size / CobblestoneFormat.chunkBytes)
        var plain: [UInt8] = []
        plain.reserveCapacity(chunks.count * CobblestoneFormat.chunkBytes)
        if !sealed.isEmpty {
            let place = state.withLock { $0.reader.stored(sealed) }
            let bytes = try stored.read(from: SealedFileHeader.byteCount + place.lowerBound, count: place.count)
            let failure: SealingError? = state.withLock { state in
                do throws(SealingError) {
                    try state.reader.open(bytes.span, chunks: sealed, into: &plain)
                    return nil
                } catch {
                    return error
                }
            }
            if let failure { throw StorageError(failure, path: path) }
        }
        if sealed.upperBound < chunks.upperBound { plain += unsealed }
        return plain
    }
}
