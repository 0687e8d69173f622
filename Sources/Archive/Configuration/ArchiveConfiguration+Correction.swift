import ObjectStore

/// A `config.json` with one wrong byte tells by its checksum what it said.
extension ArchiveConfiguration {
    /// The two members that every plain archive's file begins with have one length: `{"archive":"…","checksum":"…",`.
    private static let checksumMember = 46..<124
    private static let checksumDigits = 58..<122
    /// Digits of a checksum that are right by chance: no more than a few. So many are a proof.
    private static let provingDigits = 48
    /// A plain archive's file is far shorter; the search grows with the square of this.
    private static let correctionLimit = 1024

    /// What a plain archive's damaged file said before one of its bytes was changed; nil where more is wrong, or the file
    /// is an encrypted archive's. O(bytes²) and 95 hashes a byte.
    init?(correcting bytes: [UInt8]) {
        guard Self.checksumMember.upperBound + 1 < bytes.count, bytes.count <= Self.correctionLimit else { return nil }
        let stored = Array(bytes[Self.checksumDigits])
        var covered = Array(
            bytes[..<Self.checksumMember.lowerBound] + bytes[Self.checksumMember.upperBound...].dropLast())
        let hasher = SHA256()
        let digest = hasher.digest(covered)
        if zip(digest.hex.utf8, stored).count(where: ==) >= Self.provingDigits {
            self.init(covered, checksum: digest)
            return
        }
        guard let checksum = ObjectID(hex: String(decoding: stored, as: UTF8.self)) else { return nil }
        let printable: ClosedRange<UInt8> = 0x20...0x7E
        for place in covered.indices {
            let byte = covered[place]
            for other in printable {
                covered[place] = other
                if hasher.digest(covered) == checksum {
                    self.init(covered, checksum: checksum)
                    return
                }
            }
            covered[place] = byte
        }
        return nil
    }

    private init?(_ covered: [UInt8], checksum: ObjectID) {
        let place = Self.checksumMember.lowerBound
        let file =
            Array(covered[..<place]) + Array("\"checksum\":\"\(checksum.hex)\",".utf8) + Array(covered[place...])
            + [UInt8(ascii: "\n")]
        guard let configuration = try? ArchiveConfiguration(decoding: file), !configuration.isEncrypted else {
            return nil
        }
        self = configuration
    }
}
