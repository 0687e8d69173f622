public import ObjectStore

/// What a bundle's file is called: `WRITER-NUMBER-SHA256.bundle`.
public struct BundleName: Hashable, Sendable {
    /// Who wrote it: 16 hex digits, random for each chain.
    public let writer: String
    /// Its number in the chain, from 1.
    public let number: Int
    /// The SHA-256 of the file.
    public let digest: ObjectID

    static let suffix = ".bundle"
    private static let digits = 6
    /// Bundles in a chain at most.
    static let limit = 999_999_999

    init(writer: String, number: Int, digest: ObjectID) {
        (self.writer, self.number, self.digest) = (writer, number, digest)
    }

    /// The file's name; numbers have at least six digits, so that a list is in their order.
    public var text: String {
        let number = String(number)
        let zeros = String(repeating: "0", count: max(0, Self.digits - number.count))
        return "\(writer)-\(zeros)\(number)-\(digest.hex)\(Self.suffix)"
    }

    /// The name that a text is; nil for any other.
    public init?(_ text: String) {
        guard text.hasSuffix(Self.suffix) else { return nil }
        let parts = text.dropLast(Self.suffix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, Self.isWriter(String(parts[0])), let number = Int(parts[1]),
            (1...Self.limit).contains(number), let digest = ObjectID(hex: String(parts[2]))
        else { return nil }
        self.init(writer: String(parts[0]), number: number, digest: digest)
        guard self.text == text else { return nil }
    }

    static func isWriter(_ text: String) -> Bool {
        text.utf8.count == 16 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
