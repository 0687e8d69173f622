public import ObjectStore

/// What a person opens an encrypted archive with; wiped when it goes.
public final class ArchiveSecret {
    private var passphrase: [UInt8]
    private let key: SecretKey?

    /// A passphrase. The caller wipes its own copy.
    public init(passphrase: [UInt8]) {
        self.passphrase = passphrase
        key = nil
    }

    /// The 32 bytes in a key file or a recovery code.
    public init(key: consuming SecretKey) {
        passphrase = []
        self.key = consume key
    }

    deinit { passphrase.wipe() }

    /// What a person typed, or a variable says: a passphrase, and where it has the check digits of a recovery code, that as
    /// well. The caller wipes its own copy.
    public init(words: [UInt8]) {
        passphrase = words
        key = try? RecoveryCode.key(of: words)
    }

    /// Whether it is a passphrase, and no key.
    public var isPassphrase: Bool { key == nil }

    /// What is in the bytes of a key file. The caller wipes them.
    public convenience init(keyFile bytes: [UInt8]) throws(RecoveryCode.Failure) {
        self.init(key: try KeyFile.key(in: bytes))
    }

    /// A new random key.
    public static func random() throws(ArchiveError) -> ArchiveSecret {
        do { return ArchiveSecret(key: try SecretKey.random()) } catch { throw ArchiveError(error, file: "a new key") }
    }

    /// The bytes of a key file; nil for a passphrase. The caller wipes them.
    public func keyFile(comment: String) -> [UInt8]? {
        guard key != nil else { return nil }
        return key?.fileBytes(comment)
    }

    /// The recovery code of a key; nil for a passphrase. A string cannot be wiped: it is for printing at once.
    public var recoveryCode: String? { key?.codeText() }

    /// The master key in a slot; nil for a slot of another kind. Throws as the slot does.
    func open(_ slot: KeySlot, of archive: ArchiveID) throws(SealingError) -> SecretKey? {
        guard slot.kind == .passphrase else { return try key?.opening(slot, of: archive) }
        return passphrase.isEmpty ? nil : try slot.open(passphrase: passphrase, archive: archive.bytes)
    }

    /// A new slot for a master key; `kind` says what a key is kept as.
    public func slot(
        wrapping master: borrowing SecretKey, kind: KeySlot.Kind, of archive: ArchiveID
    ) throws(ArchiveError) -> KeySlot {
        do throws(SealingError) {
            if kind != .passphrase, let slot = try key?.slot(wrapping: master, kind: kind, of: archive) { return slot }
            return try KeySlot(wrapping: master, passphrase: passphrase, archive: archive.bytes)
        } catch {
            throw ArchiveError(error, file: "a new key slot")
        }
    }
}

extension SecretKey {
    fileprivate borrowing func fileBytes(_ comment: String) -> [UInt8] { KeyFile.bytes(of: self, comment: comment) }

    fileprivate borrowing func codeText() -> String { RecoveryCode.text(of: self) }

    fileprivate borrowing func opening(_ slot: KeySlot, of archive: ArchiveID) throws(SealingError) -> SecretKey {
        try slot.open(secret: self, archive: archive.bytes)
    }

    fileprivate borrowing func slot(
        wrapping master: borrowing SecretKey, kind: KeySlot.Kind, of archive: ArchiveID
    ) throws(SealingError) -> KeySlot {
        try KeySlot(wrapping: master, secret: self, kind: kind, archive: archive.bytes)
    }
}
