public import Archive
public import CanonicalJSON

/// A line of `log`.
public enum LogShape {
    /// An observation and what it brought.
    public static func json(_ entry: LogEntry, outcome: Outcome) -> JSONValue {
        Shape.object(members(entry, outcome))
    }

    /// The members that a line of `capture` begins with, too.
    static func members(_ entry: LogEntry, _ outcome: Outcome) -> [JSONMember] {
        let observation = entry.observation
        let evidence = observation.evidence
        return [
            JSONMember("seq", .integer(entry.sequenceNumber)),
            JSONMember("record", .id(entry.record)),
            JSONMember("player", .player(observation.player)),
            JSONMember("display_name", .text(observation.displayName)),
            JSONMember("board", .board(observation.board)),
            JSONMember("captured_at", .time(observation.capturedAt)),
            JSONMember("outcome", .text(outcome.rawValue)),
            JSONMember("snapshot", .id(observation.snapshot)),
            JSONMember("progress", .id(observation.progress)),
            JSONMember("http_status", .integer(evidence.httpStatus)),
            JSONMember("latency_ms", .integer(evidence.latencyMilliseconds)),
            JSONMember("attempt", .integer(evidence.attempt)),
            JSONMember("error", .text(evidence.error)),
            JSONMember("redirect", .text(evidence.redirect)),
            JSONMember("source", .text(evidence.source)),
            JSONMember("agent", .text(evidence.agent)),
            JSONMember("run", .text(evidence.run)),
            JSONMember("clock", evidence.clockIsSet ? .text("set") : .null),
        ]
    }
}
