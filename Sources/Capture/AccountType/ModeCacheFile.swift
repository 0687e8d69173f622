public import ObjectStore

/// The file that a mode cache lies in.
public struct ModeCacheFile {
    private let folder: any Storage
    private let name: String

    /// The most bytes that are read: some 300 for each of 50,000 accounts.
    private static let limit = 16 << 20

    /// A file in a folder, there or not.
    public init(_ name: String = "mode_cache.json", in folder: any Storage) {
        (self.folder, self.name) = (folder, name)
    }

    /// The cache. Where it cannot be read it is an empty one, with a warning that says why: all boards are asked then,
    /// and nothing else is lost. A missing file is an empty cache.
    public func load() -> (cache: ModeCache, warning: String?) {
        do {
            guard try folder.size(of: name) != nil else { return (ModeCache(), nil) }
            return (try ModeCache(parsing: try folder.readAll(name, limit: Self.limit)), nil)
        } catch {
            return (
                ModeCache(), "\(folder.describe(name)) is ignored, and made anew: \(error); all boards are asked again"
            )
        }
    }

    /// Whether there is a folder for it.
    var hasFolder: Bool { (try? folder.list("")) != nil }

    /// Puts the cache in place in one step: whoever reads meanwhile has the old one or the new one, whole. Throws where
    /// the folder cannot be written.
    public func save(_ cache: ModeCache) throws(StorageError) {
        try folder.createFolder("")
        try folder.replace(name, with: cache.encoded(), by: name + ".tmp")
    }
}
