import Archive
import ObjectStore

/// Writes a bundle to a file that grows piece by piece, in memory for some pieces. What it becomes counts only under its
/// name, which the caller gives it.
struct BundleWriter: ~Copyable {
    private let storage: any Storage
    private let path: String
    private var buffer: [UInt8] = []
    private var written = 0
    private var whole = SHA256Stream()
    private var body = SHA256Stream()

    /// Bytes that are gathered before they are written.
    private static let bufferBytes = 1 << 20

    private init(_ path: String, _ storage: any Storage) { (self.path, self.storage) = (path, storage) }

    /// Writes the bundle of an extract to a new file, whose bytes are on the medium when this returns, and returns its
    /// SHA-256. Throws `corrupt` where a pack's bytes do not have its name: a backup of damage would be found out when it is
    /// needed.
    static func write(
        _ extract: SequenceExtract, _ header: BundleHeader, _ sealed: SealedFileHeader, key: borrowing SecretKey,
        signer: BackupSigner, to path: String, of storage: any Storage, random: RandomSource
    ) throws(BackupError) -> ObjectID {
        try BackupError.ofStorage { () throws(StorageError) in try storage.create(path, []) }
        var writer = BundleWriter(path, storage)
        writer.buffer = try header.encoded(sealed)
        let context = BundleHeader.context(archive: header.archive, file: header.file, encoded: writer.buffer)
        var sealer = try CobblestoneSealer.begin(key, context, random, &writer.buffer)
        var manifest = BundleManifest(extract)
        for (index, pack) in extract.packs.enumerated() {
            if let deflated = try DeflatedPack.deflated(pack) {
                (manifest.packs[index].bytes, manifest.packs[index].inflated) = (deflated.count, pack.file.size)
                try sealer.add(deflated, &writer.buffer)
                try writer.flush()
                continue
            }
            var contents = SHA256Stream()
            var offset = 0
            while offset < pack.file.size {
                let piece = try BackupError.ofStorage { () throws(StorageError) in
                    try pack.file.read(from: offset, count: bufferBytes)
                }
                guard !piece.isEmpty else { throw BackupError(.io, "the pack \(pack.name.hex) ends early") }
                contents.update(piece)
                try sealer.add(piece, &writer.buffer)
                offset += piece.count
                try writer.flush()
            }
            guard contents.finish() == pack.name else { throw BackupError(damaged: pack) }
        }
        try sealer.add(try manifest.encoded(), &writer.buffer)
        try sealer.end(&writer.buffer)
        try writer.flush()
        let signature = try signer.sign(writer.body.finish())
        writer.buffer = signature
        try writer.flush()
        try BackupError.ofStorage { () throws(StorageError) in try storage.synchronize(path) }
        return writer.whole.finish()
    }

    private mutating func flush() throws(BackupError) {
        whole.update(buffer)
        body.update(buffer)
        let (bytes, offset) = (buffer, written)
        try BackupError.ofStorage { () throws(StorageError) in try storage.append(path, at: offset, bytes) }
        written += bytes.count
        buffer = []
    }
}

extension BackupError {
    /// A pack of the archive is not what its name says.
    init(damaged pack: ExtractedPack) {
        self.init(
            .corrupt,
            "the archive's pack \(pack.name.hex) is damaged: its bytes do not have that SHA-256, so nothing is backed up; "
                + "run `osrs-archive verify`, then `osrs-archive verify --repair`")
    }
}

extension CobblestoneSealer {
    fileprivate static func begin(
        _ key: borrowing SecretKey, _ context: [UInt8], _ random: RandomSource, _ output: inout [UInt8]
    ) throws(BackupError) -> CobblestoneSealer {
        do { return try CobblestoneSealer(key: key, context: context, random: random, into: &output) } catch {
            throw BackupError(error, "the bundle cannot be sealed")
        }
    }

    fileprivate mutating func add(_ plain: [UInt8], _ output: inout [UInt8]) throws(BackupError) {
        do { try update(plain.span, into: &output) } catch { throw BackupError(error, "the bundle cannot be sealed") }
    }

    fileprivate consuming func end(_ output: inout [UInt8]) throws(BackupError) {
        do { try finish(into: &output) } catch { throw BackupError(error, "the bundle cannot be sealed") }
    }
}
