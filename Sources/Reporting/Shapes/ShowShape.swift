public import CanonicalJSON
public import Hiscores

/// The answer of `show`.
public enum ShowShape {
    /// A snapshot: its numbers as served, `null` only where absent. `kind` is that of the metric catalogue, `null` for a
    /// row that it does not know. `extra` has the members of the document that are none of its own.
    public static func json(_ document: HiscoreDocument, of snapshot: ReportedSnapshot) -> JSONValue {
        Shape.object([
            JSONMember("ref", .text(snapshot.ref)),
            JSONMember("player", .player(snapshot.player)),
            JSONMember("display_name", .text(document.name ?? snapshot.displayName)),
            JSONMember("board", .board(snapshot.board)),
            JSONMember("captured_at", .time(snapshot.capturedAt)),
            JSONMember("snapshot", .id(snapshot.snapshot)),
            JSONMember("progress", .id(snapshot.progress)),
            JSONMember("skills", .array(document.skills.map(skill))),
            JSONMember("activities", .array(document.activities.map(activity))),
            JSONMember("extra", .object(document.extra)),
        ])
    }

    private static func skill(_ row: SkillRow) -> JSONValue {
        .object([
            JSONMember("id", .integer(row.id)),
            JSONMember("name", .text(row.name)),
            JSONMember("rank", .integer(row.rank)),
            JSONMember("level", .integer(row.level)),
            JSONMember("xp", .integer(row.xp)),
            JSONMember("ranked", .bool(row.isRanked)),
        ])
    }

    private static func activity(_ row: ActivityRow) -> JSONValue {
        .object([
            JSONMember("id", .integer(row.id)),
            JSONMember("name", .text(row.name)),
            JSONMember("kind", .text(Metric.named(row.name)?.kind.rawValue)),
            JSONMember("rank", .integer(row.rank)),
            JSONMember("score", .integer(row.score)),
            JSONMember("ranked", .bool(row.isRanked)),
        ])
    }
}
