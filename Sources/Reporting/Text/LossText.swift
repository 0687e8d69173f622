public import Archive
import Hiscores

/// Declared losses, for people.
public enum LossText {
    /// `-- 12 captures of zezima on main from … to … were lost (declared …): a part of the pack … was damaged`.
    public static func line(_ loss: Loss, style: Style = .plain) -> String {
        let whose = loss.player.map { " of \(Printable.text($0.key))" } ?? ""
        let board = loss.board.map { " on \($0.rawValue)" } ?? ""
        var time = ""
        if let from = loss.from, let to = loss.to {
            time = from == to ? " at \(Times.moment(from))" : " from \(Times.moment(from)) to \(Times.moment(to))"
        }
        let noun = loss.player == nil ? "record" : "capture"
        return style.paint(
            "-- \(Numbers.count(loss.count, noun))\(whose)\(board)\(time) \(loss.count == 1 ? "was" : "were") lost "
                + "(declared \(Times.moment(loss.recordedAt))): \(Printable.text(loss.reason))", .caution)
    }
}
