public import ObjectStore

/// Bundles that lie under a name that is not theirs: a copy that went wrong has exchanged them. What they are is in their
/// bytes, so they are found, before a repair takes their place for a damaged bundle's and writes over them.
public struct MisplacedBundles {
    /// What begins the name of a bundle on its way.
    private static let prefix = ".moved-"

    /// The bundles that have the SHA-256 in their name, once the others are put back.
    public private(set) var sound: Set<BundleName> = []
    /// Those that were put back.
    public private(set) var putBack: Set<BundleName> = []

    /// Puts every bundle of a folder that lies under another's name under its own. A damaged file that has that name keeps
    /// its bytes, with `.1` behind the name. A run that was killed is gone on with. Reads every bundle. Throws `io`.
    public init(in folder: any Storage) throws(BackupError) {
        let (bundles, others) = try BackupFolder.list(folder)
        let wanted = Dictionary(grouping: try BundleCheck.names(in: folder), by: \.digest)
        var moves: [(from: String, to: BundleName)] = []
        for path in others where path.hasPrefix(Self.prefix) {
            guard let name = BundleName(String(path.dropFirst(Self.prefix.count))) else { continue }
            let digest = try BackupError.ofStorage { () throws(StorageError) in try folder.open(path).digest() }
            if digest == name.digest { moves.append((path, name)) }
        }
        for bundle in bundles {
            let digest = try BackupError.ofStorage { () throws(StorageError) in try folder.open(bundle.text).digest() }
            let isItself = digest == bundle.digest
            let own = (wanted[digest] ?? []).first { other in
                other != bundle && (try? BundleFile(other, in: folder, at: bundle.text)) != nil
            }
            // The number is part of the name, too, and stands in the bytes.
            if let own, !isItself || (try? BundleFile(bundle, in: folder)) == nil,
                !moves.contains(where: { $0.to == own })
            {
                moves.append((bundle.text, own))
            } else if isItself {
                sound.insert(bundle)
            }
        }
        moves.removeAll { sound.contains($0.to) }
        guard !moves.isEmpty else { return }
        try BackupError.ofStorage { () throws(StorageError) in try Self.carryOut(moves, in: folder) }
        putBack = Set(moves.map(\.to))
        sound.formUnion(putBack)
    }

    /// In two steps, for two may exchange their places.
    private static func carryOut(
        _ moves: [(from: String, to: BundleName)], in folder: any Storage
    ) throws(StorageError) {
        for (from, to) in moves where !from.hasPrefix(prefix) { try folder.rename(from, to: prefix + to.text) }
        try folder.synchronizeFolder("")
        for (_, to) in moves {
            if try folder.entry(at: to.text) != nil {
                let aside = to.text + ".1"
                // Older damaged bytes of the same bundle are no use.
                try folder.rename(to.text, to: aside)
            }
            try folder.rename(prefix + to.text, to: to.text)
        }
        try folder.synchronizeFolder("")
    }
}
