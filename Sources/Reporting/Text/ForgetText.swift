public import Archive
import CivilTime
public import Hiscores

/// What was forgotten, for people.
public enum ForgetText {
    /// What would go, for somebody who has not said yes yet.
    public static func question(_ found: Forgetting, of player: PlayerName) -> String {
        "this would remove \(words(found, of: player)) for good, and it cannot be undone; nothing was removed: "
            + "say --yes to do it"
    }

    /// What has gone, and what still holds it.
    public static func text(_ done: Forgetting, of player: PlayerName, style: Style = .plain) -> String {
        var lines = ["forgot \(words(done, of: player)); a tombstone says so"]
        if done.damagedFiles > 0 {
            lines.append(
                style.paint(
                    "\(Numbers.count(done.damagedFiles, "file")) that a repair set aside in the folder damaged may still "
                        + "hold it: remove them yourself", .caution))
        }
        lines.append("backups and copies made before still hold it")
        return lines.joined(separator: "\n")
    }

    private static func words(_ found: Forgetting, of player: PlayerName) -> String {
        guard found.observations > 0 else { return "what was declared lost of \(Printable.text(player.key))" }
        let boards = found.boards.map(\.rawValue).joined(separator: ", ")
        var text = "\(Numbers.count(found.observations, "observation")) of \(Printable.text(player.key)) on \(boards)"
        if let from = found.from, let to = found.to {
            text += from == to ? " at \(Times.moment(from))" : " from \(Times.moment(from)) to \(Times.moment(to))"
        }
        if !found.tags.isEmpty { text += ", and the tags \(found.tags.joined(separator: ", "))" }
        return text
    }
}
