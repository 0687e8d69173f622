import ObjectStore

/// A bundle in a backup folder: what stands in its clear header is read, the rest when it is asked for. No file stays open
/// in between: a chain may have more bundles than a process may have files.
struct BundleFile {
    /// Bytes that are read at once.
    private static let pieceBytes = 1 << 20

    let name: BundleName
    let header: BundleHeader
    /// Bytes of the file.
    let size: Int
    private let storage: any Storage
    private let path: String
    /// The bytes before the message.
    private let encodedHeader: [UInt8]

    /// The file that a storage has under its name, or at another path. Throws `missing`, `corrupt`, `unsupported` or `io`.
    init(_ name: BundleName, in storage: any Storage, at path: String? = nil) throws(BackupError) {
        let path = path ?? name.text
        let file = try BackupError.ofStorage { () throws(StorageError) in try storage.open(path) }
        let start = try BackupError.ofStorage { () throws(StorageError) in
            try file.read(from: 0, count: BundleHeader.prefixBytes + BundleHeader.textLimit)
        }
        let (header, end) = try BundleHeader.decode(start, name)
        guard file.size >= end + CobblestoneFormat.headerBytes + Ed25519.signatureBytes else {
            throw BackupError(.corrupt, "\(name.text) is damaged: it ends after \(file.size) bytes")
        }
        (self.name, self.header, size) = (name, header, file.size)
        (self.storage, self.path) = (storage, path)
        encodedHeader = Array(start.prefix(end))
    }

    /// Whether it is signed by none of these; nobody is meant where there are none.
    func isForeign(to signers: Set<BackupSignerKey>) -> Bool { !signers.isEmpty && !signers.contains(header.signer) }

    /// What is said of one that is.
    var signedBySomebodyElse: String { "\(name.text) is signed by somebody else: \(header.signer.text)" }

    private func open() throws(BackupError) -> any StorageFile {
        let file = try BackupError.ofStorage { () throws(StorageError) in try storage.open(path) }
        guard file.size == size else { throw BackupError(.corrupt, "\(name.text) has changed while it was read") }
        return file
    }

    /// Checks what needs no key: the SHA-256 of all bytes against the name, and the signature against the signer that
    /// the header names. Throws `corrupt` or `io`.
    func check() throws(BackupError) {
        let file = try open()
        let signed = size - Ed25519.signatureBytes
        var whole = SHA256Stream()
        var body = SHA256Stream()
        var signature: [UInt8] = []
        var offset = 0
        while offset < size {
            let piece = try BackupError.ofStorage { () throws(StorageError) in
                try file.read(from: offset, count: Self.pieceBytes)
            }
            guard !piece.isEmpty else { throw BackupError(.corrupt, "\(name.text) ends early, at byte \(offset)") }
            if offset == 0, !piece.starts(with: encodedHeader) {
                throw BackupError(.corrupt, "\(name.text) has changed while it was read")
            }
            whole.update(piece)
            let inBody = max(0, min(piece.count, signed - offset))
            body.update(piece[..<inBody])
            signature += piece[inBody...]
            offset += piece.count
        }
        guard whole.finish() == name.digest else {
            throw BackupError(.corrupt, "\(name.text) is damaged: its bytes do not have the SHA-256 in its name")
        }
        guard header.signer.verify(signature, of: body.finish()) else {
            throw BackupError(.corrupt, "\(name.text) is forged: its signature is not that of the key that it names")
        }
    }

    /// Its payload, opened with a key.
    func payload(_ keys: BackupKeys) throws(BackupError) -> BundlePayload {
        let key = try keys.open(header, name)
        let context = BundleHeader.context(archive: header.archive, file: header.file, encoded: encodedHeader)
        return try BundlePayload(
            name, try open(), message: encodedHeader.count..<size - Ed25519.signatureBytes, key: key, context: context)
    }
}
