public import Archive
public import CanonicalJSON

/// The answer of `reencrypt`.
public enum ReencryptShape {
    /// The new archive, the absolute path of its folder, and where its sequence ends.
    public static func json(
        _ configuration: ArchiveConfiguration, path: String, records: Int, head: SequenceHead?
    ) -> JSONValue {
        Shape.object([
            JSONMember("archive", .text(configuration.archive.description)),
            JSONMember("path", .text(path)),
            JSONMember("encrypted", .bool(configuration.isEncrypted)),
            JSONMember("records", .integer(records)),
            JSONMember("head", .id(head?.digest)),
        ])
    }
}
