public import Archive
import Hiscores

/// What a repair did, for people.
public enum RepairText {
    /// What was healed, set aside and declared lost, and what nothing can be done about; a line each.
    public static func text(_ repair: Repair, style: Style = .plain) -> String {
        if repair.isEmpty { return "nothing to repair" }
        var lines = repair.mended.map { "mended: \(Printable.text($0))" }
        lines += repair.healed.map { "healed \(Printable.text($0)) from a sound copy" }
        lines += repair.setAside.map { "replaced \(Printable.text($0)); what was there lies in the folder damaged" }
        lines += repair.losses.map { LossText.line($0, style: style) }
        lines += repair.unrepairable.map { style.paint("cannot repair: ", .failure) + Printable.text($0) }
        return lines.joined(separator: "\n")
    }
}
