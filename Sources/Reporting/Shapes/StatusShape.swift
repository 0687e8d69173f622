import Archive
public import CanonicalJSON
import CivilTime
import Hiscores

/// A line of `status`.
public enum StatusShape {
    /// How an account stands.
    public static func json(_ report: AccountReport) -> JSONValue {
        Shape.object([
            JSONMember("player", .player(report.player)),
            JSONMember("display_name", .text(report.name)),
            JSONMember("board", .text(report.board)),
            JSONMember("boards", .texts(report.boards.map(\.rawValue))),
            JSONMember("state", .text(report.state)),
            JSONMember("interval_minutes", .integer(report.intervalMinutes)),
            JSONMember("last_ok", .time(report.lastSuccess)),
            JSONMember("last_attempt", .time(report.lastAttempt)),
            JSONMember("last_failure", failure(report)),
            JSONMember("failures", .integer(report.failures?.count ?? 0)),
            JSONMember("failing_since", .time(report.failures?.since)),
            JSONMember("due", .time(report.due)),
            JSONMember("overdue", .bool(report.isOverdue)),
        ])
    }

    private static func failure(_ report: AccountReport) -> JSONValue {
        guard let (entry, outcome) = report.lastFailure else { return .null }
        let observation = entry.observation
        return .object([
            JSONMember("at", .time(observation.capturedAt)),
            JSONMember("board", .board(observation.board)),
            JSONMember("outcome", .text(outcome.rawValue)),
            JSONMember("http_status", .integer(observation.evidence.httpStatus)),
            JSONMember("error", .text(observation.evidence.error)),
        ])
    }
}
