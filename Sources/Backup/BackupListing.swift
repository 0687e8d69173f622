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
    public fileprivate(set) var contents: Contents?

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
    /// what keys open only the end. Throws where the folder cannot be read, and `wrongKey` where keys are given, none
    /// opens any, and all can be read.
    public static func read(
        _ folder: any Storage, _ keys: BackupKeys = BackupKeys()
    ) throws(BackupError) -> (bundles: [ListedBundle], unreadable: [String]) {
        let chains = try BackupChains(folder)
        var bundles: [ListedBundle] = []
        var unreadable = chains.unreadable.map { "\($0.error)" }
        var shut: BackupError?
        let parity = chains.parity.sorted()
        for (file, isComplete) in chains.files {
            let percent = parityPercent(of: file, in: folder, parity)
            var bundle = ListedBundle(file, isComplete: isComplete, parityPercent: percent)
            if !keys.isEmpty {
                do throws(BackupError) {
                    bundle.contents = ListedBundle.Contents(try file.payload(keys).manifest)
                } catch {
                    if error.code == .wrongKey { shut = error } else { unreadable.append(error.message) }
                }
            }
            bundles.append(bundle)
        }
        if let shut, unreadable.isEmpty, bundles.allSatisfy({ $0.contents == nil }) { throw shut }
        return (bundles, unreadable)
    }

    /// One bundle of a folder that is complete, as its maker knows. Nothing but its header is read.
    public static func complete(_ name: BundleName, in folder: any Storage) throws(BackupError) -> ListedBundle {
        let file = try BundleFile(name, in: folder)
        let percent = parityPercent(of: file, in: folder, try BackupFolder.list(folder).others)
        return ListedBundle(file, isComplete: true, parityPercent: percent)
    }

    /// The bundles of a writer that have no parity, whether they were to have some or not. Only their headers are read.
    public static func unprotected(of writer: String, in folder: any Storage) throws(BackupError) -> [ListedBundle] {
        let (bundles, others) = try BackupFolder.list(folder)
        let names = Set(others)
        return bundles.compactMap { name in
            guard name.writer == writer, !names.contains(BundleParity.index(of: name)),
                let file = try? BundleFile(name, in: folder)
            else { return nil }
            return ListedBundle(file, isComplete: false, parityPercent: 0)
        }
    }

    /// Per cent of parity that lies beside a bundle: what its header says, or what the parity says that was written later.
    private static func parityPercent(of file: BundleFile, in folder: any Storage, _ parity: [String]) -> Int {
        guard parity.contains(BundleParity.index(of: file.name)) else { return 0 }
        if file.header.parityPercent > 0 { return file.header.parityPercent }
        return (try? BundleParity(of: file.name, in: folder, names: parity))?.percent ?? 0
    }
}

extension ListedBundle {
    fileprivate init(_ file: BundleFile, isComplete: Bool, parityPercent: Int) {
        let header = file.header
        self.init(
            name: file.name, archive: header.archive, createdAt: header.createdAt, bytes: file.size,
            isFull: header.isFull, recipients: header.stanzas.map { Recipient(kind: $0.kind, id: $0.id) },
            parityPercent: parityPercent, intendedParityPercent: header.parityPercent,
            isComplete: isComplete, contents: nil)
    }
}

extension ListedBundle.Contents {
    fileprivate init(_ manifest: BundleManifest) {
        self.init(
            observations: manifest.observations, snapshots: manifest.snapshots, moments: manifest.moments,
            end: manifest.after)
    }
}
