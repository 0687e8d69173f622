import Archive
import ObjectStore

/// The key of encrypted sample archives.
enum SampleKeys {
    /// 32 bytes of one value, which no real key has.
    static func key(_ byte: UInt8 = 7) throws -> SecretKey {
        guard let key = try SecretKey([UInt8](repeating: byte, count: SecretKey.byteCount).span) else {
            throw SealingError(.unavailable, "no memory for a key")
        }
        return key
    }

    /// What sample archives are sealed with.
    static func sealing(
        _ master: UInt8 = 7, archive: ArchiveID = SampleData.archiveID, random: RandomSource = .system
    ) throws -> ArchiveSealing {
        try ArchiveSealing(archive: archive.bytes, master: try key(master), random: random)
    }

    /// A slot that a key file opens; it takes no time, unlike a passphrase's.
    static func slot(master: UInt8 = 7, opening: UInt8 = 9) throws -> KeySlot {
        try ArchiveSecret(key: try key(opening)).slot(
            wrapping: try key(master), kind: .keyFile, of: SampleData.archiveID)
    }

    /// A storage with that key.
    static func unlock(_ storage: any Storage) throws -> any Storage {
        UnlockedStorage(storage, try sealing())
    }
}
