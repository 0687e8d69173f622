import ObjectStore

/// Keys as texts: a word that says which kind, 64 hex digits, and 8 more that find a slip of the pen. One line each; in a
/// file lines that begin with `#` and empty ones are passed over.
///
/// `osrs-backup-public-1-HEX-CHECK`, where CHECK is the first 4 bytes of SHA-256 over everything before the last dash.
enum KeyText: String, CaseIterable {
    /// A secret that opens bundles (X25519).
    case secret = "osrs-backup-secret-1"
    /// Whom a bundle is for (X25519).
    case publicKey = "osrs-backup-public-1"
    /// A secret that signs bundles: the seed of an Ed25519 key.
    case signing = "osrs-backup-signing-1"
    /// Who signed a bundle (Ed25519).
    case signer = "osrs-backup-signer-1"

    /// What a person calls it.
    var noun: String {
        switch self {
        case .secret: "secret key"
        case .publicKey: "public key"
        case .signing: "signing key"
        case .signer: "signer's public key"
        }
    }

    /// Where a person finds one, behind what is said.
    private var hint: String { self == .publicKey ? "; `osrs-archive backup keygen` printed it" : "" }

    /// The text of a key. The caller wipes secret ones.
    func text(_ key: [UInt8]) -> [UInt8] {
        var text = Array(rawValue.utf8) + [UInt8(ascii: "-")]
        Hexadecimal.append(key, to: &text)
        let check = Self.check(text)
        text.append(UInt8(ascii: "-"))
        Hexadecimal.append(check, to: &text)
        return text
    }

    private static func check(_ text: [UInt8]) -> [UInt8] { Array(SHA256.digest(text).bytes.prefix(4)) }

    /// The bytes of a key that is written so; `badKey` says what the text is instead, without showing it.
    func bytes(_ text: some Collection<UInt8>, from source: String) throws(BackupError) -> [UInt8] {
        let text = Array(text)
        guard let kind = KeyText.allCases.first(where: { text.starts(with: ($0.rawValue + "-").utf8) }) else {
            throw BackupError(.badKey, "\(source) holds no \(noun): one begins with \(rawValue)-")
        }
        guard kind == self else {
            throw BackupError(
                .badKey, "\(source) holds a \(kind.noun), not a \(noun), which begins with \(rawValue)-\(hint)")
        }
        let digits = text.dropFirst(rawValue.utf8.count + 1)
        guard digits.count == 64 + 1 + 8,
            let bytes = Hexadecimal.bytes(String(decoding: digits.prefix(64), as: UTF8.self)),
            self.text(bytes).elementsEqual(text)
        else {
            throw BackupError(.badKey, "the \(noun) in \(source) is damaged or mistyped: its check digits are wrong")
        }
        return bytes
    }

    /// The keys of this kind in the lines of a file.
    func keys(inFile file: [UInt8], from source: String) throws(BackupError) -> [[UInt8]] {
        var keys: [[UInt8]] = []
        for line in file.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            let text = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            if text.isEmpty || text.first == UInt8(ascii: "#") { continue }
            keys.append(try bytes(text.prefix { $0 > UInt8(ascii: " ") }, from: source))
        }
        guard !keys.isEmpty else { throw BackupError(.badKey, "\(source) holds no \(noun)") }
        return keys
    }
}
