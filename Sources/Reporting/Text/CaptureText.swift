public import Archive
public import CivilTime
public import Diffing
import Hiscores

/// The line that `capture` prints for a board.
public enum CaptureText {
    /// What was captured, its outcome, how long it took, and what changed since the snapshot before; for a failure its
    /// reason and what to do next. `listedSince` is when the board first listed a player for whom it now answers 404;
    /// `earliest` is before when the service asks not to be asked; `isAside` says that another board lists the account, so that this 404 is no failure.
    public static func line(
        _ entry: LogEntry, outcome: Outcome, attempts: Int, diff: HiscoreDiff?, listedSince: Timestamp? = nil,
        earliest: Timestamp? = nil, isAside: Bool = false, style: Style = .plain
    ) -> String {
        if isAside { return style.paint("\(entry.place) not listed there", .muted) }
        let head = "\(style.paint(entry.place, .heading)) \(style.paint(outcome.words, outcome.role))"
        let latency = entry.observation.evidence.latencyMilliseconds.map { ["in \(Numbers.grouped($0)) ms"] } ?? []
        let effort = (latency + (attempts > 1 ? ["after \(Numbers.count(attempts, "attempt"))"] : [])).joined(
            separator: " ")
        let marks = style.paint(entry.marks, .caution)
        if outcome.isFailure {
            let reason = [entry.reason, effort].filter { !$0.isEmpty }.joined(separator: ", ")
            let advice = advice(outcome, listedSince: listedSince, earliest: earliest).map { ": \($0)" } ?? ""
            return head + marks + (reason.isEmpty ? "" : " (\(reason))") + advice
        }
        let id = style.paint(entry.shortID, .muted)
        let change = outcome == .stored ? diff.map { ": \(Printable.text(ChangeSummary($0).description))" } : nil
        return [head, id, effort].filter { !$0.isEmpty }.joined(separator: " ") + marks + (change ?? "")
    }

    /// What to do next about a capture that failed; nil for one that did not.
    public static func advice(_ outcome: Outcome, listedSince: Timestamp?, earliest: Timestamp? = nil) -> String? {
        if let earliest, outcome.isFailure {
            let habit = outcome == .throttled ? outcome.advice.map { ", and \($0)" } ?? "" : ""
            return "capture again after \(earliest.readable)\(habit)"
        }
        guard outcome.isFailure, let listedSince else { return outcome.advice }
        return "the board has listed the name since \(listedSince.dateText) and the service denies listed players at "
            + "times, so this alone says nothing; capture again later"
    }
}
