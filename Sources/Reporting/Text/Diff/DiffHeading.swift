import Archive
import CivilTime
import Hiscores
import ObjectStore

/// Who and when a difference is about, in words.
struct DiffHeading {
    let ends: DiffEnds

    /// `Lynx Titan on main`; for two players or boards `Zezima on main relative to Lynx Titan on main`.
    var title: String {
        guard let from = ends.from, !ends.isOneHistory else { return Self.subject(ends.to) }
        return "\(Self.subject(ends.to)) relative to \(Self.subject(from))"
    }

    /// `2026-01-01 00:00:00 UTC to 2026-01-08 00:00:00 UTC (7 days later)`; nil where there is nothing before.
    var period: String? {
        guard let from = ends.from else { return nil }
        return "\(Times.moment(from.capturedAt)) to \(Times.moment(ends.to.capturedAt))"
            + (distance.map { " (\($0))" } ?? "")
    }

    /// `7 days later`; nil where a time is not known.
    var distance: String? { ends.elapsedMilliseconds.map { Times.distance(milliseconds: $0) } }

    /// That the ends are of two boards, and what this means.
    var warning: String? {
        guard let from = ends.from?.board, let to = ends.to.board, from != to else { return nil }
        return "two boards (\(from.rawValue), \(to.rawValue)): their ranks do not compare, and a board that its player "
            + "left stands still"
    }

    /// That there is nothing to tell, and why; nil where there is.
    var verdict: String? {
        if ends.from == nil { return "first capture: there is nothing before to compare with" }
        if ends.isIdentical { return "identical: both are the same snapshot" }
        if ends.isProgressIdentical == true { return "the same progress: only ranks \(movedWord)" }
        return nil
    }

    /// What rows did that are not alike: `moved`, between two players `differ`.
    var movedWord: String { ends.isOneHistory ? "moved" : "differ" }

    /// What leads the number of the first end where the second has none: `was 12`.
    var beforeWord: String { ends.isOneHistory ? "was" : "against" }

    /// `from  2026-01-01 00:00:00 UTC  3f9ac1d2e4b5  zezima~1`.
    func line(_ label: String, _ snapshot: ReportedSnapshot) -> String {
        [label, Times.moment(snapshot.capturedAt), snapshot.snapshot.abbreviated(), Printable.text(snapshot.ref)]
            .joined(separator: "  ")
    }

    private static func subject(_ snapshot: ReportedSnapshot) -> String {
        guard let player = snapshot.player, let board = snapshot.board else {
            return "snapshot \(snapshot.snapshot.abbreviated())"
        }
        return "\(snapshot.displayName ?? player.key) on \(board.rawValue)"
    }
}
