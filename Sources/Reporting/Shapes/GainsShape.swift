public import CanonicalJSON
public import CivilTime
import Diffing
import Hiscores
import ObjectStore

/// A line of `gains`.
public enum GainsShape {
    /// What a player gained in a row from `since` to `until`. Numbers are as served, `null` only where absent; `gained` is
    /// `null` where either end is unknown.
    public static func json(
        _ gains: PlayerGains, in row: MetricRow, since: Timestamp, until: Timestamp
    ) -> JSONValue {
        let (rank, level, value) = (gains.metric?.rank, gains.metric?.level, gains.metric?.value)
        return Shape.object([
            JSONMember("player", .player(gains.player)),
            JSONMember("display_name", .text(gains.displayName)),
            JSONMember("board", .board(gains.board)),
            JSONMember("metric", .text(row.name)),
            JSONMember("since", .time(since)),
            JSONMember("until", .time(until)),
            JSONMember("start", end(gains.start, rank?.from ?? nil, level?.from ?? nil, value?.from ?? nil)),
            JSONMember("end", end(gains.end, rank?.to ?? nil, level?.to ?? nil, value?.to ?? nil)),
            JSONMember("gained", .integer(gains.gained)),
            JSONMember("coverage", .text(gains.coverage.rawValue)),
        ])
    }

    private static func end(
        _ end: PlayerGains.End?, _ rank: ServedNumber, _ level: ServedNumber, _ value: ServedNumber
    ) -> JSONValue {
        guard let end else { return .null }
        return .object([
            JSONMember("captured_at", .time(end.capturedAt)),
            JSONMember("snapshot", .id(end.snapshot)),
            JSONMember("rank", .integer(rank)),
            JSONMember("level", .integer(level)),
            JSONMember("value", .integer(value)),
        ])
    }
}
