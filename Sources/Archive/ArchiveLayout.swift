import ObjectStore

/// The names in an archive's folder.
enum ArchiveLayout {
    static let configuration = "config.json"
    /// A copy of an encrypted archive's configuration: without its key slots nobody opens it ever again.
    static let configurationCopy = "config.json.copy"
    static let journal = "journal"
    static let lock = "lock"
    static let temporary = LooseObjects.temporaryFolder
    static let objects = LooseObjects.folder
    /// Where torn tails are moved, so that not even an unfinished write is thrown away.
    static let torn = "torn"
    /// Where a repair moves files that it has replaced or given up.
    static let damaged = "damaged"
    /// Sealed ranges of the sequence.
    static let packs = "packs"

    /// A pack's file.
    static func pack(_ name: ObjectID) -> String { "\(packs)/\(name.hex).pack" }

    /// Files that may lie in a folder in which an archive is made.
    static func isWelcomeGuest(_ name: String) -> Bool {
        name.uppercased().hasPrefix("README") || (name.hasPrefix(".") && name.hasSuffix("ignore"))
            || name == "lost+found"
    }
}
