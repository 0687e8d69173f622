/// One way to an archive's master key: the key, wrapped under a passphrase, a key file or a recovery code.
///
/// It is wrapped as a Cobblestone-256 message under 32 bytes: what scrypt makes of the passphrase, or the bytes of the
/// key file or code themselves. The message's context holds the archive's id, the slot's id and kind, and scrypt's
/// parameters and salt, so none of them can be changed or moved to another slot; its commitment tells a wrong passphrase
/// from a right one, and binds the slot to one master key.
public struct KeySlot: Hashable, Sendable {
    /// What opens a slot.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A passphrase, through scrypt.
        case passphrase
        /// The 32 bytes in a key file.
        case keyFile = "key_file"
        /// The 32 bytes of a printed code.
        case recovery
    }

    /// How a passphrase becomes a key.
    public struct Derivation: Hashable, Sendable {
        /// The work.
        public let parameters: ScryptParameters
        /// 32 random bytes.
        public let salt: [UInt8]
    }

    /// Bytes of a slot's id.
    public static let idBytes = 16
    /// Bytes of a wrapped master key.
    public static let wrappedBytes = CobblestoneFormat.headerBytes + SecretKey.byteCount + AESGCM.tagBytes
    /// Bytes of a passphrase at most.
    public static let passphraseLimit = 1 << 16

    /// A random id.
    public let id: [UInt8]
    /// What opens it.
    public let kind: Kind
    /// How its passphrase becomes a key; nil for the other kinds.
    public let derivation: Derivation?
    /// The master key, wrapped.
    public let wrapped: [UInt8]

    /// A slot that was read; nil where a part is missing, too much or of the wrong size. `ScryptParameters` has capped
    /// the work already.
    public init?(id: [UInt8], kind: Kind, parameters: ScryptParameters?, salt: [UInt8]?, wrapped: [UInt8]) {
        guard id.count == Self.idBytes, wrapped.count == Self.wrappedBytes else { return nil }
        switch (kind, parameters, salt) {
        case (.passphrase, let parameters?, let salt?) where salt.count == ScryptParameters.saltBytes:
            derivation = Derivation(parameters: parameters, salt: salt)
        case (.keyFile, nil, nil), (.recovery, nil, nil): derivation = nil
        default: return nil
        }
        (self.id, self.kind, self.wrapped) = (id, kind, wrapped)
    }

    /// A new slot that a passphrase opens. The caller wipes the passphrase.
    public init(
        wrapping master: borrowing SecretKey, passphrase: [UInt8], archive: [UInt8],
        parameters: ScryptParameters = .standard, random: RandomSource = .system
    ) throws(SealingError) {
        let derivation = Derivation(
            parameters: parameters, salt: try random.bytes(ScryptParameters.saltBytes))
        let key = try Self.key(passphrase, derivation)
        try self.init(master, key, .passphrase, derivation, archive, random)
    }

    /// A new slot that the 32 bytes of a key file or a recovery code open.
    public init(
        wrapping master: borrowing SecretKey, secret: borrowing SecretKey, kind: Kind, archive: [UInt8],
        random: RandomSource = .system
    ) throws(SealingError) {
        guard kind != .passphrase else { throw SealingError(.unsupported, "a passphrase goes through scrypt") }
        try self.init(master, secret, kind, nil, archive, random)
    }

    private init(
        _ master: borrowing SecretKey, _ key: borrowing SecretKey, _ kind: Kind, _ derivation: Derivation?,
        _ archive: [UInt8], _ random: RandomSource
    ) throws(SealingError) {
        let id = try random.bytes(Self.idBytes)
        var plain = master.exposedBytes()
        defer { plain.wipe() }
        let wrapped = try CobblestoneSealer.message(
            plain, key: key, context: Self.context(id, kind, derivation, archive), random: random)
        (self.id, self.kind, self.derivation, self.wrapped) = (id, kind, derivation, wrapped)
    }

    /// The master key. Throws `wrongKey` where the passphrase is another, the slot another archive's, or altered. The
    /// caller wipes the passphrase.
    public func open(passphrase: [UInt8], archive: [UInt8]) throws(SealingError) -> SecretKey {
        guard let derivation else { throw SealingError(.wrongKey, "no passphrase opens this slot") }
        return try unwrap(try Self.key(passphrase, derivation), archive)
    }

    /// The master key, by the 32 bytes of a key file or a recovery code. Throws as `open(passphrase:archive:)` does.
    public func open(secret: borrowing SecretKey, archive: [UInt8]) throws(SealingError) -> SecretKey {
        guard kind != .passphrase else { throw SealingError(.wrongKey, "a passphrase opens this slot") }
        return try unwrap(secret, archive)
    }

    private func unwrap(_ key: borrowing SecretKey, _ archive: [UInt8]) throws(SealingError) -> SecretKey {
        var plain = try CobblestoneOpener.plain(
            of: wrapped[...], key: key, context: Self.context(id, kind, derivation, archive))
        defer { plain.wipe() }
        guard let master = try SecretKey(plain.span) else {
            throw SealingError(.corrupt, "the slot holds no key of \(SecretKey.byteCount) bytes")
        }
        return master
    }

    private static func key(_ passphrase: [UInt8], _ derivation: Derivation) throws(SealingError) -> SecretKey {
        guard 1...passphraseLimit ~= passphrase.count else {
            throw SealingError(.tooLarge, "a passphrase has 1 to \(passphraseLimit) bytes")
        }
        return try derivation.parameters.key(passphrase: passphrase, salt: derivation.salt)
    }

    private static func context(
        _ id: [UInt8], _ kind: Kind, _ derivation: Derivation?, _ archive: [UInt8]
    ) -> [UInt8] {
        var fields = [Array("key slot".utf8), Array(kind.rawValue.utf8)]
        if let derivation {
            let parameters = derivation.parameters
            for number in [parameters.cost, parameters.blockSize, parameters.parallelization] {
                var bytes: [UInt8] = []
                bytes.appendLittleEndian(UInt64(number))
                fields.append(bytes)
            }
            fields.append(derivation.salt)
        }
        return SealingContext(archive: archive, kind: .config, file: id, place: .fields(fields)).encoded
    }
}
