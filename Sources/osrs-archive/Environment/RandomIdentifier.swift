import Archive
import ObjectStore

/// Identifiers from the system's random source.
enum RandomIdentifier {
    /// A new archive's id.
    static func archive() throws -> ArchiveID {
        guard let id = ArchiveID(bytes: bytes(ArchiveID.byteCount)) else {
            throw ArchiveError(.io, "the system gave no random bytes")
        }
        return id
    }

    /// A run's id: 16 hex digits.
    static func run() -> String { Hexadecimal.text(bytes(8)) }

    private static func bytes(_ count: Int) -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
}
