public import CanonicalJSON
public import Diffing
import Hiscores

/// The answer of `diff`.
public enum DiffShape {
    /// A difference, its ends, and the rows that the reader wants to see.
    public static func json(_ diff: HiscoreDiff, _ ends: DiffEnds, rows: RowSelection = .play) -> JSONValue {
        Shape.object([
            JSONMember("from", ends.from.map(end) ?? .null),
            JSONMember("to", end(ends.to)),
            JSONMember("elapsed_seconds", ends.elapsedMilliseconds.map { .number(Double($0) / 1000) } ?? .null),
            JSONMember("identical", .bool(ends.isIdentical)),
            JSONMember("progress_identical", ends.isProgressIdentical.map { .bool($0) } ?? .null),
            JSONMember("overall", .object(numbers(diff.overall))),
            JSONMember("totals", totals(diff.totals)),
            JSONMember("skills", .array(diff.skills(rows).map(skill))),
            JSONMember("activities", .array(diff.activities(rows).map(activity))),
            JSONMember("rank_only_changes", .integer(diff.rankOnlyChanges)),
            JSONMember("layout", layout(diff.layout)),
        ])
    }

    private static func end(_ snapshot: ReportedSnapshot) -> JSONValue {
        .object([
            JSONMember("ref", .text(snapshot.ref)),
            JSONMember("player", .player(snapshot.player)),
            JSONMember("board", .board(snapshot.board)),
            JSONMember("captured_at", .time(snapshot.capturedAt)),
            JSONMember("snapshot", .id(snapshot.snapshot)),
        ])
    }

    private static func totals(_ totals: HiscoreDiff.Totals) -> JSONValue {
        .object([
            JSONMember("xp_gained", .integer(totals.xpGained)),
            JSONMember("levels_gained", .integer(totals.levelsGained)),
        ])
    }

    private static func skill(_ row: SkillDifference) -> JSONValue {
        .object([JSONMember("name", .text(row.name)), JSONMember("status", .text(row.status.rawValue))] + numbers(row))
    }

    private static func numbers(_ row: SkillDifference) -> [JSONMember] {
        [
            JSONMember("rank", change(row.rank)),
            JSONMember("level", change(row.level)),
            JSONMember("xp", change(row.xp)),
        ]
    }

    private static func activity(_ row: ActivityDifference) -> JSONValue {
        .object([
            JSONMember("name", .text(row.name)),
            JSONMember("status", .text(row.status.rawValue)),
            JSONMember("rank", change(row.rank)),
            JSONMember("score", change(row.score)),
        ])
    }

    private static func change(_ change: Change) -> JSONValue {
        .object([
            JSONMember("from", .integer(change.from)),
            JSONMember("to", .integer(change.to)),
            JSONMember("change", .integer(change.change)),
        ])
    }

    private static func layout(_ layout: HiscoreDiff.Layout) -> JSONValue {
        .object([
            JSONMember("added", .texts(layout.added)),
            JSONMember("removed", .texts(layout.removed)),
            JSONMember("renumbered", .texts(layout.renumbered)),
        ])
    }
}
