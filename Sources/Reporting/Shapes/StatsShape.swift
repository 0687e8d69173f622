public import Archive
public import CanonicalJSON

/// The answer of `stats`.
public enum StatsShape {
    /// What an archive holds and weighs.
    public static func json(_ statistics: ArchiveStatistics) -> JSONValue {
        Shape.object([
            JSONMember("players", .integer(statistics.players)),
            JSONMember("observations", .integer(statistics.observations)),
            JSONMember("snapshots", .integer(statistics.snapshots)),
            JSONMember("bytes_total", .integer(statistics.bytesTotal)),
            JSONMember("packs", .integer(statistics.packs)),
            JSONMember("loose_objects", .integer(statistics.looseObjects)),
            JSONMember("head", .id(statistics.head?.digest)),
        ])
    }
}
