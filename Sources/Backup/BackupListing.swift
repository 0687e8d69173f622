public import Archive
public import CivilTime
public import ObjectStore

/// A bundle as lists show it.
public struct ListedBundle: Hashable, Sendable {
    /// Its file.
    public let name: BundleName
    /// Whose history.
    public let archive: ArchiveID
    /// When it was made.
    public let createdAt: Timestamp
    /// Its bytes.
    public let bytes: Int
    /// Whether it needs none before.
    public let isFull: Bool
    /// For whom: kinds and ids of the keys.
    public let recipients: [Recipient]
    /// Per cent of parity beside it; 0 where none is there.
    public let parityPercent: Int
    /// Per cent of parity that it was to have.
    public let intendedParityPercent: Int
    /// Whether all bundles are there that it needs.
    public let isComplete: Bool
    /// What lies inside; nil without a key that opens it.
    public let contents: Contents?

    /// A way to its key.
    public struct Recipient: Hashable, Sendable {
        /// `x25519` or `passphrase`.
        public let kind: String
        /// 16 hex digits.
        public let id: String
    }

    /// What lies inside.
    public struct Contents: Hashable, Sendable {
        /// Observations, and snapshots that are new with it.
        public let observations: Int
        /// See `observations`.
        public let snapshots: Int
        /// The first and the last moment of an observation.
        public let moments: ClosedRange<Timestamp>?
        /// Where the sequence ends.
        public let end: SequenceMark
    }
}

/// Lists the bundles of a folder.
public enum BackupListing {
    /// The bundles, oldest first, and for each that cannot be read why. Nothing but headers is read without keys, and of
    /// what keys open only the end. Throws where the folder cannot be read.
    public static func read(
        _ folder: any Storage, _ keys: BackupKeys = BackupKeys()
    ) throws(BackupError) -> (bundles: [ListedBundle], unreadable: [String]) {
        let chains = try BackupChains(folder)
        var bundles: [ListedBundle] = []
        for (file, isComplete) in chains.files {
            var contents: ListedBundle.Contents?
            if !keys.isEmpty {
                let manifest = try file.payload(keys).manifest
                contents = ListedBundle.Contents(
                    observations: manifest.observations, snapshots: manifest.snapshots, moments: manifest.moments,
                    end: manifest.after)
            }
            let parity = try BackupError.ofStorage { () throws(StorageError) in
                try folder.size(of: file.name.text + ".par2")
            }
            let header = file.header
            bundles.append(
                ListedBundle(
                    name: file.name, archive: header.archive, createdAt: header.createdAt, bytes: file.size,
                    isFull: header.isFull,
                    recipients: header.stanzas.map { ListedBundle.Recipient(kind: $0.kind, id: $0.id) },
                    parityPercent: parity == nil ? 0 : header.parityPercent,
                    intendedParityPercent: header.parityPercent, isComplete: isComplete, contents: contents))
        }
        return (bundles, chains.unreadable.map { "\($0.error)" })
    }
}
