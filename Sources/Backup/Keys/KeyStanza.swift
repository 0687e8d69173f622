import CanonicalJSON
import ObjectStore

/// One way to a bundle's key, as its header has it: the key, wrapped for a public key or under a passphrase.
///
/// For a public key: the sender makes an ephemeral X25519 key. What it shares with the recipient's goes through
/// HKDF-SHA-256 with salt = ephemeral ‖ recipient's public key (as age does) and the label below, and wraps the key
/// (`KeyWrap`). For a passphrase: scrypt. What is wrapped is bound to the bundle's archive and file id.
enum KeyStanza: Hashable {
    case publicKey(id: String, ephemeral: [UInt8], wrapped: [UInt8])
    case passphrase(ScryptParameters, salt: [UInt8], wrapped: [UInt8])

    static let label = "osrs-archive/v1 backup X25519"
    private static let wrapLabel = "osrs-archive/v1 backup key"

    /// What a wrapped key is bound to.
    static func binding(archive: [UInt8], file: [UInt8]) -> [UInt8] { Array(wrapLabel.utf8) + [0] + archive + file }

    /// The bundle's key for a public key.
    init(
        _ key: borrowing SecretKey, for recipient: BackupRecipient, binding: [UInt8], random: RandomSource
    ) throws(SealingError) {
        let ephemeral = try SecretKey.random(random)
        let ephemeralPublic = try X25519.publicKey(of: ephemeral)
        let shared = try X25519.sharedSecret(ephemeral, with: recipient.publicKey)
        let wrapping = try Self.wrappingKey(shared, ephemeral: ephemeralPublic, recipient: recipient.publicKey)
        self = .publicKey(
            id: recipient.id, ephemeral: ephemeralPublic,
            wrapped: try KeyWrap.wrap(key, under: wrapping, for: binding, random: random))
    }

    /// The bundle's key under what scrypt makes of a passphrase.
    init(
        _ key: borrowing SecretKey, under derived: borrowing SecretKey, _ parameters: ScryptParameters, salt: [UInt8],
        binding: [UInt8], random: RandomSource
    ) throws(SealingError) {
        self = .passphrase(
            parameters, salt: salt, wrapped: try KeyWrap.wrap(key, under: derived, for: binding, random: random))
    }

    /// What wraps a bundle's key for a public key; both sides compute it.
    static func wrappingKey(
        _ shared: borrowing SecretKey, ephemeral: [UInt8], recipient: [UInt8]
    ) throws(SealingError) -> SecretKey {
        var secret = shared.exposedBytes()
        defer { secret.wipe() }
        var extracted = try HKDF.extract(.sha256, salt: ephemeral + recipient, secret: secret.span)
        defer { extracted.wipe() }
        var bytes = try HKDF.expand(
            .sha256, key: extracted.span, info: Array(label.utf8), count: SecretKey.byteCount)
        defer { bytes.wipe() }
        guard let key = try SecretKey(bytes.span) else { throw SealingError(.unavailable, "no key was derived") }
        return key
    }

    /// How lists name it.
    var kind: String {
        switch self {
        case .publicKey: "x25519"
        case .passphrase: "passphrase"
        }
    }

    /// Which key or passphrase it is for: 16 hex digits.
    var id: String {
        switch self {
        case .publicKey(let id, _, _): id
        case .passphrase(_, let salt, _): String(SHA256.digest(salt).hex.prefix(16))
        }
    }
}

extension KeyStanza {
    /// The member of a header.
    var json: JSONValue {
        switch self {
        case .publicKey(let id, let ephemeral, let wrapped):
            .object([
                JSONMember("ephemeral", .text(Hexadecimal.text(ephemeral))), JSONMember("id", .text(id)),
                JSONMember("kind", .text(kind)), JSONMember("wrapped", .text(Hexadecimal.text(wrapped))),
            ])
        case .passphrase(let parameters, let salt, let wrapped):
            .object([
                JSONMember("id", .text(id)), JSONMember("kind", .text(kind)),
                JSONMember("n", .integer(parameters.cost)), JSONMember("p", .integer(parameters.parallelization)),
                JSONMember("r", .integer(parameters.blockSize)), JSONMember("salt", .text(Hexadecimal.text(salt))),
                JSONMember("wrapped", .text(Hexadecimal.text(wrapped))),
            ])
        }
    }

    /// The stanza of a member; nil where it is none that this program knows. The work of scrypt is capped.
    init?(_ value: JSONValue) {
        func bytes(_ name: JSONText, _ count: Int) -> [UInt8]? {
            guard let bytes = value[name]?.string.flatMap(Hexadecimal.bytes), bytes.count == count else { return nil }
            return bytes
        }
        func number(_ name: JSONText) -> Int? { value[name]?.integer.flatMap(Int.init(exactly:)) }
        guard let wrapped = bytes("wrapped", KeyWrap.byteCount) else { return nil }
        switch value["kind"]?.string {
        case "x25519":
            guard let id = value["id"]?.string, let ephemeral = bytes("ephemeral", X25519.publicKeyBytes) else {
                return nil
            }
            self = .publicKey(id: id, ephemeral: ephemeral, wrapped: wrapped)
        case "passphrase":
            guard let cost = number("n"), let blockSize = number("r"), let parallelization = number("p"),
                let parameters = ScryptParameters(cost: cost, blockSize: blockSize, parallelization: parallelization),
                let salt = bytes("salt", ScryptParameters.saltBytes)
            else { return nil }
            self = .passphrase(parameters, salt: salt, wrapped: wrapped)
        default: return nil
        }
    }
}
