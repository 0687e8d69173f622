public import ObjectStore

/// What a pack that lies anywhere says was forgotten.
public enum PackTombstones {
    /// The tombstones among its records with their numbers in the sequence, in order. Throws `corrupt` or `io`.
    public static func read(
        _ file: any StorageFile, name: ObjectID
    ) throws(ArchiveError) -> [(number: Int, tombstone: Tombstone)] {
        do throws(PackError) {
            return try read(try Pack(name, file))
        } catch {
            throw ArchiveError(error, pack: "the pack \(name.hex)")
        }
    }

    /// Those of an open pack.
    static func read(_ pack: Pack) throws(PackError) -> [(number: Int, tombstone: Tombstone)] {
        try pack.otherRecords().compactMap { number, record in
            guard case .tombstone(let tombstone)? = try? RecordFormat.decode(record) else { return nil }
            return (number, tombstone)
        }
    }
}
