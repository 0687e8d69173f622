import ObjectStore

/// Who can open what one run writes: the owners of some secret keys, and whoever knows a passphrase.
struct BundleOpeners {
    private let recipients: [BackupRecipient]
    /// Derived once, for it takes half a second.
    private let passphrase: BackupKeys.DerivedKey?

    /// A name for each of them, the same in each run. That of a passphrase tells as little of it as a bundle does.
    let names: Set<String>

    /// Those of given options; a passphrase is derived with the chain's salt.
    init(_ options: BackupCreation.Options, salt: [UInt8]) throws(SealingError) {
        recipients = options.recipients
        var names = Set(recipients.map(\.id))
        if let words = options.passphrase {
            let passphrase = try BackupKeys.DerivedKey(words, options.scrypt, salt: salt)
            let check = try passphrase.key.derived("osrs-archive/v1 backup passphrase name")
            var bytes = check.exposedBytes()
            defer { bytes.wipe() }
            names.insert(String(SHA256.digest(bytes).hex.prefix(16)))
            self.passphrase = passphrase
        } else {
            passphrase = nil
        }
        self.names = names
    }

    /// The ways to a bundle's key, as its header has them.
    func stanzas(
        to key: borrowing SecretKey, binding: [UInt8], random: RandomSource
    ) throws(SealingError) -> [KeyStanza] {
        var stanzas: [KeyStanza] = []
        for recipient in recipients {
            stanzas.append(try KeyStanza(key, for: recipient, binding: binding, random: random))
        }
        if let passphrase {
            stanzas.append(
                try KeyStanza(
                    key, under: passphrase.key, passphrase.parameters, salt: passphrase.salt, binding: binding,
                    random: random))
        }
        return stanzas
    }
}
