public import CanonicalJSON

/// The answer of `reclassify`.
public enum ReclassifyShape {
    /// How many kept answers were looked at, and what became of them. `unchanged` are those that are still not
    /// understood, or became snapshots before.
    public static func json(
        lookedAt: Int, reclassified: Int, unchanged: Int, damaged: Int, dryRun: Bool
    ) -> JSONValue {
        Shape.object([
            JSONMember("looked_at", .integer(lookedAt)),
            JSONMember("reclassified", .integer(reclassified)),
            JSONMember("unchanged", .integer(unchanged)),
            JSONMember("damaged", .integer(damaged)),
            JSONMember("dry_run", .bool(dryRun)),
        ])
    }
}
