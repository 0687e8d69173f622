import CanonicalJSON
import Hiscores

/// The `delta` of a snapshot file: what changed since the snapshot before on the same board, in the shape of the
/// earlier tool (core/processing.py, `compute_snapshot_delta`) and without its faults. Overall is not added to the
/// skills that it sums; a value that is unknown on either side makes no change; falls are shown.
struct SnapshotDelta {
    /// `{total_xp_delta, skill_deltas: [{name, xp_delta, level_delta}], activity_deltas: [{name, score_delta}]}`, the
    /// greatest gains first, rows without a change left out.
    let value: JSONValue

    init(from previous: HiscoreDocument, to current: HiscoreDocument) {
        let skills = Self.changes(from: previous.skills, to: current.skills)
        let activities = Self.changes(from: previous.activities, to: current.activities)
        let overall = skills.first { $0.name == Metric.overallName }?.xp
        let total = overall ?? skills.reduce(0) { Self.sum($0, $1.xp) }
        value = .object([
            JSONMember("total_xp_delta", .integer(total)),
            JSONMember(
                "skill_deltas",
                .array(
                    skills.filter { $0.xp != 0 || $0.level != 0 }.sorted { $0.xp > $1.xp }.map { row in
                        .object([
                            JSONMember("name", .text(row.name)), JSONMember("xp_delta", .integer(row.xp)),
                            JSONMember("level_delta", .integer(row.level)),
                        ])
                    })),
            JSONMember(
                "activity_deltas",
                .array(
                    activities.filter { $0.score != 0 }.sorted { $0.score > $1.score }.map { row in
                        .object([JSONMember("name", .text(row.name)), JSONMember("score_delta", .integer(row.score))])
                    })),
        ])
    }

    private static func changes(
        from previous: [SkillRow], to current: [SkillRow]
    ) -> [(name: String, xp: Int64, level: Int64)] {
        let before = Dictionary(previous.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return current.compactMap { row in
            guard let earlier = before[row.name], !row.isUnknown, !earlier.isUnknown else { return nil }
            return (row.name, change(earlier.xp, row.xp), change(earlier.level, row.level))
        }
    }

    private static func changes(
        from previous: [ActivityRow], to current: [ActivityRow]
    ) -> [(name: String, score: Int64)] {
        let before = Dictionary(previous.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return current.compactMap { row in
            guard let earlier = before[row.name], !row.isUnknown, !earlier.isUnknown else { return nil }
            return (row.name, change(earlier.score, row.score))
        }
    }

    /// The sum, or the number nearest to it that there is: what a service sends has no bounds.
    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? (right < 0 ? .min : .max) : sum
    }

    private static func change(_ before: ServedNumber, _ after: ServedNumber) -> Int64 {
        guard let before, let after else { return 0 }
        let (difference, overflow) = after.subtractingReportingOverflow(before)
        return overflow ? 0 : difference
    }
}
