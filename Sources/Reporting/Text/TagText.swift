public import Archive
import CivilTime
import Hiscores
import ObjectStore

/// Tags for people.
public enum TagText {
    /// A table of names and the moments that they stand for.
    public static func table(_ tags: [Tag], style: Style = .plain) -> String {
        TextTable(
            [("Tag", .leading), ("Snapshot", .leading), ("Player", .leading), ("Date", .leading)],
            rows: tags.map { tag in
                let sighting = tag.target?.sighting
                return [
                    .init(tag.name, .arrival), .init(tag.target?.snapshot.abbreviated() ?? "-", .muted),
                    .init(sighting.map { "\($0.board.rawValue)/\($0.player.key)" } ?? "-"),
                    .init(Times.moment(sighting?.capturedAt)),
                ]
            }
        ).lines(style).joined(separator: "\n")
    }
}
