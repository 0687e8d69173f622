public import Archive
public import CanonicalJSON

/// The answer of `init`.
public enum InitShape {
    /// A new archive and the absolute path of its folder.
    public static func json(_ configuration: ArchiveConfiguration, path: String) -> JSONValue {
        Shape.object([
            JSONMember("archive", .text(configuration.archive.description)),
            JSONMember("path", .text(path)),
            JSONMember("created_at", .time(configuration.createdAt)),
            JSONMember("encrypted", .bool(configuration.isEncrypted)),
        ])
    }
}
