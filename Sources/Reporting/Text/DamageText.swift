public import Archive
import Hiscores

/// Damage that a command went past, for people.
public enum DamageText {
    /// `/archive/packs/3f….pack is damaged at byte 8: 256 records cannot be read (zezima on main, …); run …`.
    public static func warning(_ damage: Archive.Damage) -> String {
        let count = damage.records.isEmpty ? "" : ": \(Numbers.count(damage.records.count, "record")) cannot be read"
        let known = damage.affects.filter { $0.player != nil }.map(AffectedWords.text)
        let whose = known.isEmpty ? "" : " (\(known.joined(separator: "; ")))"
        return "\(damage.file) is damaged at byte \(damage.offset)\(count)\(whose); run `osrs-archive verify`"
    }
}

/// Whose history is touched, and when.
enum AffectedWords {
    /// `zezima on main, 2026-01-01 00:00:00 UTC to 2026-02-01 00:00:00 UTC`.
    static func text(_ affected: Affected) -> String {
        let player = affected.player.map { Printable.text($0.key) } ?? "an unknown player"
        let board = affected.board.map { " on \($0.rawValue)" } ?? ""
        guard let from = affected.from, let to = affected.to else { return "\(player)\(board), time unknown" }
        return "\(player)\(board), "
            + (from == to ? Times.moment(from) : "\(Times.moment(from)) to \(Times.moment(to))")
    }
}
