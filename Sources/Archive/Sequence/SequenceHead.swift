public import ObjectStore

/// The head of a sequence: 32 bytes that commit to every record before it.
///
/// head(0) = SHA-256(`osrs-archive/v1 sequence` ‖ 0x00 ‖ the archive's 16-byte id);
/// head(n + 1) = SHA-256(head(n) ‖ SHA-256(record n)).
public struct SequenceHead: Hashable, Sendable {
    /// Its 32 bytes.
    public let digest: ObjectID

    /// A head read from elsewhere.
    public init(digest: ObjectID) { self.digest = digest }

    /// head(0) of an archive.
    public static func start(of archive: ArchiveID, _ hasher: borrowing SHA256) -> SequenceHead {
        SequenceHead(digest: hasher.digest(Array("osrs-archive/v1 sequence\0".utf8), archive.bytes))
    }

    /// The head after one more record, given that record's SHA-256.
    public func appending(record: ObjectID, _ hasher: borrowing SHA256) -> SequenceHead {
        SequenceHead(digest: hasher.digest(digest, record))
    }
}

/// What tells one archive from every other: 16 random bytes, made by `init` and kept by restore.
public struct ArchiveID: Hashable, Sendable, CustomStringConvertible {
    /// Bytes in an archive id.
    public static let byteCount = 16

    /// Its 16 bytes.
    public let bytes: [UInt8]

    /// The id with these 16 bytes, or nil for another count.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// The id written as 32 hex digits, or nil.
    public init?(hex: String) {
        guard let bytes = Hexadecimal.bytes(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// 32 lower-case hex digits.
    public var description: String { Hexadecimal.text(bytes) }
}
