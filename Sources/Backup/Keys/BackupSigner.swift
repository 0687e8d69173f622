public import ObjectStore

/// Signs bundles (Ed25519).
public final class BackupSigner: Sendable {
    private let seed: SecretKey
    /// Its public key.
    public let publicKey: BackupSignerKey

    private init(_ seed: consuming SecretKey) throws(BackupError) {
        let key = try BackupError.ofSealing("the signing key") { () throws(SealingError) in
            try Ed25519.publicKey(of: seed)
        }
        publicKey = BackupSignerKey(bytes: key)
        self.seed = seed
    }

    /// The one that follows from an encrypted archive's master key: it need not be kept anywhere.
    public convenience init(of archive: ArchiveSealing) throws(BackupError) {
        try self.init(
            try BackupError.ofSealing("the signing key") { () throws(SealingError) in try archive.signingSeed() })
    }

    /// A new one.
    public static func generate(random: RandomSource = .system) throws(BackupError) -> BackupSigner {
        try BackupSigner(
            try BackupError.ofSealing("a signing key cannot be made") { () throws(SealingError) in
                try SecretKey.random(random)
            })
    }

    /// The bytes of a file that keeps it. The caller wipes them.
    public func file() -> [UInt8] {
        var seed = self.seed.exposedBytes()
        defer { seed.wipe() }
        let head = """
            # Signs the backups of this archive: whoever has this file can add bundles that look genuine, and read none.
            # Its public key, for `osrs-archive backup verify --signer`:
            # \(publicKey.text)

            """
        return Array(head.utf8) + KeyText.signing.text(seed) + [UInt8(ascii: "\n")]
    }

    /// The signer in a file.
    public static func parse(file: [UInt8], from source: String) throws(BackupError) -> BackupSigner {
        var keys = try KeyText.signing.keys(inFile: file, from: source)
        defer { for index in keys.indices { keys[index].wipe() } }
        guard var key = keys.popLast(), keys.isEmpty else {
            throw BackupError(.badKey, "\(source) holds several signing keys")
        }
        defer { key.wipe() }
        let seed = try BackupError.ofSealing(source) { () throws(SealingError) in try SecretKey(key.span) }
        guard let seed else { throw BackupError(.badKey, "\(source) holds no signing key") }
        return try BackupSigner(seed)
    }

    /// The signature of a bundle whose bytes before the signature have this SHA-256.
    func sign(_ digest: ObjectID) throws(BackupError) -> [UInt8] {
        try BackupError.ofSealing("the bundle cannot be signed") { () throws(SealingError) in
            try Ed25519.sign(BackupSignerKey.message(digest), seed: seed)
        }
    }
}

/// The public key of a signer.
public struct BackupSignerKey: Hashable, Sendable {
    /// Its 32 bytes.
    public let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The key that a text is; `badKey` for any other.
    public init(text: String) throws(BackupError) {
        bytes = try KeyText.signer.bytes(text.utf8, from: "the signer")
    }

    /// The key as people pass it on.
    public var text: String { String(decoding: KeyText.signer.text(bytes), as: UTF8.self) }

    /// What is signed of a bundle: a label, a zero byte, and the SHA-256 of everything before the signature.
    static func message(_ digest: ObjectID) -> [UInt8] { Array("osrs-archive/v1 bundle\0".utf8) + digest.bytes }

    /// Whether a signature is this signer's, of a bundle with that digest.
    func verify(_ signature: [UInt8], of digest: ObjectID) -> Bool {
        Ed25519.verify(signature, of: Self.message(digest), publicKey: bytes)
    }
}
