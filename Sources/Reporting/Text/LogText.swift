public import Archive
import CivilTime
public import Diffing
import Hiscores
import ObjectStore

/// Observations for people, as `log` lists them. Lines are joined by line feeds, none at the end.
public enum LogText {
    /// What of a change stands under an observation.
    public enum Detail: Hashable, Sendable {
        /// One line.
        case summary
        /// The few numbers of `DiffText.stat` (`--stat`).
        case stat
        /// The rows of `DiffText.table` (`-p`).
        case table(RowSelection)
    }

    /// The change that an ok observation brought.
    public struct Brought: Hashable, Sendable {
        let diff: HiscoreDiff
        let ends: DiffEnds
        let detail: Detail

        /// A change, its ends, and how much of it is told.
        public init(_ diff: HiscoreDiff, _ ends: DiffEnds, detail: Detail = .summary) {
            (self.diff, self.ends, self.detail) = (diff, ends, detail)
        }
    }

    /// A block of lines: id, player, board, date, outcome (for a failure with its reason), and the change where the
    /// caller gives one.
    public static func block(
        _ entry: LogEntry, outcome: Outcome, brought: Brought? = nil, style: Style = .plain
    ) -> String {
        let observation = entry.observation
        let title =
            observation.snapshot.map { "snapshot \($0.hex)\(observation.result == .ok ? "" : " (not kept)")" }
            ?? "no snapshot (record \(entry.record.abbreviated()))"
        let key = observation.player.key
        let name = observation.displayName.flatMap { $0 == key ? nil : "\($0) (\(key))" } ?? key
        var lines = [
            style.paint(title, .heading) + style.paint(entry.marks, .caution),
            "Player:  \(Printable.text(name))",
            "Board:   \(observation.board.rawValue)",
            "Date:    \(Times.moment(observation.capturedAt))",
            "Outcome: \(style.paint(outcome.words, outcome.role))",
        ]
        if outcome.isFailure, !entry.reason.isEmpty { lines.append("Reason:  \(entry.reason)") }
        if let brought {
            lines += [""] + body(brought, style).map { $0.isEmpty ? "" : "    " + $0 }
        }
        return lines.joined(separator: "\n")
    }

    /// One line: short id, time, board and player, outcome, and what changed or failed.
    public static func line(
        _ entry: LogEntry, outcome: Outcome, brought: Brought? = nil, style: Style = .plain
    ) -> String {
        let reason = outcome.isFailure ? entry.reason : ""
        let tail = brought.map { Printable.text(ChangeSummary($0.diff).description) } ?? reason
        return [
            style.paint(entry.shortID, .muted), Times.moment(entry.observation.capturedAt), entry.place,
            style.paint(outcome.words, outcome.role) + style.paint(entry.marks, .caution), tail,
        ].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static func body(_ brought: Brought, _ style: Style) -> [String] {
        switch brought.detail {
        case .summary: [Printable.text(ChangeSummary(brought.diff).description)]
        case .stat: DiffStat(diff: brought.diff, ends: brought.ends).lines(style)
        case .table(let rows): DiffParts(brought.diff, brought.ends, rows: rows).lines(style)
        }
    }
}
