public import Archive
import CivilTime
import Hiscores

/// What `reclassify` did, for people.
public enum ReclassifyText {
    /// `looked at 12 kept answers: 2 became snapshots, 1 is damaged`.
    public static func text(
        lookedAt: Int, reclassified: Int, damaged: Int, dryRun: Bool, style: Style = .plain
    ) -> String {
        let verb = dryRun ? "would become" : "became"
        let snapshots =
            reclassified == 1 ? "1 \(verb) a snapshot" : "\(Numbers.grouped(reclassified)) \(verb) snapshots"
        let text = "looked at \(Numbers.count(lookedAt, "kept answer")): \(snapshots)"
        return damaged == 0
            ? text
            : text + ", " + style.paint("\(Numbers.grouped(damaged)) \(damaged == 1 ? "is" : "are") damaged", .failure)
    }

    /// An answer that cannot be read.
    public static func warning(_ entry: LogEntry, _ error: ArchiveError) -> String {
        "the answer of \(entry.place) at \(Times.moment(entry.observation.capturedAt)) cannot be read: \(error)"
    }
}
