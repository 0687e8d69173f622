/// What the files of one encrypted archive are sealed with. Any number of threads may use it at once.
public final class ArchiveSealing: Sendable {
    /// The bytes of the archive's id, which every context has.
    public let archive: [UInt8]
    let keys: ArchiveKeys
    let random: RandomSource

    /// Seals for the archive with this id, under a master key.
    public init(
        archive: [UInt8], master: borrowing SecretKey, random: RandomSource = .system
    ) throws(SealingError) {
        keys = try ArchiveKeys(master: master)
        (self.archive, self.random) = (archive, random)
    }

    /// The name of a loose object: HMAC-SHA-256 of the document's id, so that nobody without the key can tell whether a
    /// document that he knows is here.
    public func name(of id: ObjectID) throws(SealingError) -> ObjectID {
        try keys.objectNames().name(of: id)
    }

    /// The code that `config.json` is under: HMAC-SHA-256 of these bytes.
    public func configurationCode(of bytes: [UInt8]) throws(SealingError) -> [UInt8] {
        try HMACSHA256(key: keys.configuration).code(of: bytes)
    }

    /// A copy of the seed of the Ed25519 key that signs backups.
    public func signingSeed() throws(SealingError) -> SecretKey { try keys.signing.duplicate() }

    /// A file of one message with these plain bytes.
    public func seal(
        _ plain: [UInt8], as kind: SealingContext.Kind, place: SealingContext.Place = .whole
    ) throws(SealingError) -> [UInt8] {
        try SealedFile.seal(plain, as: kind, place: place, archive: archive, key: keys.sealing, random: random)
    }

    /// The plain bytes of such a file. Throws as `SealedFile.open` does.
    public func open(
        _ file: [UInt8], as kind: SealingContext.Kind, place: SealingContext.Place = .whole
    ) throws(SealingError) -> [UInt8] {
        try SealedFile.open(file, as: kind, place: place, archive: archive, key: keys.sealing)
    }
}
