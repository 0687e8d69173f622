import ObjectStore

/// The names in a backup folder.
enum BackupFolder {
    /// What begins the name of a bundle that is being written.
    static let partialPrefix = ".partial-"

    /// The bundles in a folder by writer and number, and all other names.
    static func list(_ storage: any Storage) throws(BackupError) -> (bundles: [BundleName], others: [String]) {
        let names = try BackupError.ofStorage { () throws(StorageError) in try storage.list("") }
        var (bundles, others): ([BundleName], [String]) = ([], [])
        for name in names {
            if let bundle = BundleName(name) { bundles.append(bundle) } else { others.append(name) }
        }
        bundles.sort { ($0.writer, $0.number, $0.digest) < ($1.writer, $1.number, $1.digest) }
        return (bundles, others.sorted())
    }
}
