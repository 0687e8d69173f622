/// The keys of an archive, all from one master key: HKDF-Expand-SHA-256 under a label each, so that knowing one tells
/// nothing about another.
public struct ArchiveKeys: ~Copyable, Sendable {
    /// Seals files.
    public let sealing: SecretKey
    /// Names loose objects.
    public let naming: SecretKey
    /// Authenticates `config.json`.
    public let configuration: SecretKey
    /// The seed of the Ed25519 key that signs backups.
    public let signing: SecretKey

    /// The keys under a master key of 32 random bytes.
    public init(master: borrowing SecretKey) throws(SealingError) {
        // Made first and kept together: a value without copies cannot be half made when a later one fails.
        let sealing = try master.derived("osrs-archive/v1 sealing")
        let naming = try master.derived("osrs-archive/v1 naming")
        let configuration = try master.derived("osrs-archive/v1 configuration")
        let signing = try master.derived("osrs-archive/v1 signing")
        self.sealing = sealing
        self.naming = naming
        self.configuration = configuration
        self.signing = signing
    }

    /// What names loose objects: HMAC-SHA-256 of their ids, so that nobody without the key can tell whether a document
    /// that he knows is here. A context for one thread at a time.
    public func objectNames() throws(SealingError) -> ObjectNames { ObjectNames(try HMACSHA256(key: naming)) }

    /// The names of loose objects in an encrypted archive.
    public struct ObjectNames: ~Copyable {
        private let code: HMACSHA256

        fileprivate init(_ code: consuming HMACSHA256) { self.code = code }

        /// The name of a document's file.
        public func name(of id: ObjectID) throws(SealingError) -> ObjectID {
            guard let name = ObjectID(bytes: try code.code(of: id.bytes)) else { throw .unavailable("name an object") }
            return name
        }
    }
}
