public import Archive
import ObjectStore

/// What an archive holds and weighs, for people.
public enum StatsText {
    /// A line for each number.
    public static func text(_ statistics: ArchiveStatistics) -> String {
        [
            ("players", Numbers.grouped(statistics.players)),
            ("observations", Numbers.grouped(statistics.observations)),
            ("snapshots", Numbers.grouped(statistics.snapshots)),
            ("size", Numbers.bytes(statistics.bytesTotal)),
            ("packs", Numbers.grouped(statistics.packs)),
            ("loose objects", Numbers.grouped(statistics.looseObjects)),
            ("head", statistics.head?.digest.hex ?? "unknown: run `osrs-archive verify`"),
        ].map { label, value in
            label + String(repeating: " ", count: 15 - label.count) + value
        }.joined(separator: "\n")
    }
}
