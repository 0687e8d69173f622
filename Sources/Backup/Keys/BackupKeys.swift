import Archive
import ObjectStore

/// What bundles are opened with: secret keys and a passphrase. One thread at a time.
public final class BackupKeys {
    private let identities: [BackupIdentity]
    private var passphrase: [UInt8]?
    private var derived: [DerivedKey] = []

    /// What scrypt made of the passphrase; all bundles of a chain have one salt, so it is made once for them.
    final class DerivedKey {
        let parameters: ScryptParameters
        let salt: [UInt8]
        let key: SecretKey

        init(_ passphrase: [UInt8], _ parameters: ScryptParameters, salt: [UInt8]) throws(SealingError) {
            (self.parameters, self.salt) = (parameters, salt)
            key = try parameters.key(passphrase: passphrase, salt: salt)
        }
    }

    /// These keys. The passphrase is wiped when the value goes; the caller wipes its own copy.
    public init(identities: [BackupIdentity] = [], passphrase: [UInt8]? = nil) {
        (self.identities, self.passphrase) = (identities, passphrase)
    }

    deinit { passphrase?.wipe() }

    /// Whether there is none.
    public var isEmpty: Bool { identities.isEmpty && passphrase == nil }

    /// The key of a bundle, by the first stanza that one of these opens. Throws `keyNeeded` or `wrongKey`.
    func open(_ header: BundleHeader, _ name: BundleName) throws(BackupError) -> SecretKey {
        guard !isEmpty else {
            throw BackupError(
                .keyNeeded, "\(name.text) is sealed: give a secret key with --identity, or its passphrase")
        }
        let binding = KeyStanza.binding(archive: header.archive.bytes, file: header.file)
        for stanza in header.stanzas {
            switch stanza {
            case .publicKey(_, let ephemeral, let wrapped):
                for identity in identities where identity.recipient.id == stanza.id {
                    return try BackupError.ofSealing(name.text) { () throws(SealingError) in
                        let shared = try X25519.sharedSecret(identity.secret, with: ephemeral)
                        let wrapping = try KeyStanza.wrappingKey(
                            shared, ephemeral: ephemeral, recipient: identity.recipient.publicKey)
                        return try KeyWrap.unwrap(wrapped, under: wrapping, for: binding)
                    }
                }
            case .passphrase(let parameters, let salt, let wrapped):
                guard let passphrase else { continue }
                do throws(SealingError) {
                    let key = try derived(passphrase, parameters, salt)
                    return try KeyWrap.unwrap(wrapped, under: key.key, for: binding)
                } catch {
                    guard error.code == .wrongKey else { throw BackupError(error, name.text) }
                }
            }
        }
        let list = header.stanzas.map { "\($0.kind) \($0.id)" }.joined(separator: ", ")
        throw BackupError(.wrongKey, "none of these keys opens \(name.text); it is for: \(list)")
    }

    private func derived(
        _ passphrase: [UInt8], _ parameters: ScryptParameters, _ salt: [UInt8]
    ) throws(SealingError) -> DerivedKey {
        if let known = derived.first(where: { $0.parameters == parameters && $0.salt == salt }) { return known }
        let key = try DerivedKey(passphrase, parameters, salt: salt)
        derived.append(key)
        return key
    }
}
