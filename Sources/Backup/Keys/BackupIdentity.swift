public import ObjectStore

/// A secret key that opens bundles which are for its public key.
public final class BackupIdentity: Sendable {
    let secret: SecretKey
    /// Its public key.
    public let recipient: BackupRecipient

    private init(_ secret: consuming SecretKey) throws(BackupError) {
        let publicKey = try BackupError.ofSealing("a secret key") { () throws(SealingError) in
            try X25519.publicKey(of: secret)
        }
        recipient = BackupRecipient(publicKey: publicKey)
        self.secret = secret
    }

    /// A new one.
    public static func generate(random: RandomSource = .system) throws(BackupError) -> BackupIdentity {
        try BackupIdentity(
            try BackupError.ofSealing("a secret key cannot be made") { () throws(SealingError) in
                try SecretKey.random(random)
            })
    }

    /// The bytes of a file that keeps it. The caller wipes them.
    public func file(comment: String) -> [UInt8] {
        var secret = self.secret.exposedBytes()
        defer { secret.wipe() }
        let head = """
            # A secret key of osrs-archive, \(comment). Whoever has this file can read the backups that are for it.
            # Its public key, for `osrs-archive backup create --recipient`:
            # \(recipient.text)

            """
        return Array(head.utf8) + KeyText.secret.text(secret) + [UInt8(ascii: "\n")]
    }

    /// The identities in a file; `badKey` where there is none or one is damaged.
    public static func parse(file: [UInt8], from source: String) throws(BackupError) -> [BackupIdentity] {
        var identities: [BackupIdentity] = []
        for var key in try KeyText.secret.keys(inFile: file, from: source) {
            defer { key.wipe() }
            let secret = try BackupError.ofSealing(source) { () throws(SealingError) in try SecretKey(key.span) }
            if let secret { identities.append(try BackupIdentity(secret)) }
        }
        return identities
    }
}

/// A public key for whose owner bundles are.
public struct BackupRecipient: Hashable, Sendable {
    /// Its 32 bytes (X25519).
    public let publicKey: [UInt8]

    /// How headers name it: 16 hex digits, the first half of a SHA-256.
    public var id: String { String(SHA256.digest(publicKey).hex.prefix(16)) }

    /// The key as people pass it on.
    public var text: String { String(decoding: KeyText.publicKey.text(publicKey), as: UTF8.self) }

    init(publicKey: [UInt8]) { self.publicKey = publicKey }

    /// The key that a text is; `badKey` for any other.
    public init(text: String) throws(BackupError) {
        publicKey = try KeyText.publicKey.bytes(text.utf8, from: "the recipient")
    }

    /// The keys in a file, one a line.
    public static func parse(file: [UInt8], from source: String) throws(BackupError) -> [BackupRecipient] {
        try KeyText.publicKey.keys(inFile: file, from: source).map(BackupRecipient.init(publicKey:))
    }

    /// Whether a text is meant to be a key, not a file's name.
    public static func isKey(_ text: String) -> Bool { text.hasPrefix(KeyText.publicKey.rawValue + "-") }
}
