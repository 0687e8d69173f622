import Archive
import Diffing
import Hiscores

/// A row of the hiscores as a person asks for it: a skill's experience or an activity's score.
public struct MetricRow: Hashable, Sendable {
    /// The row's name as the catalogue spells it; as typed where it does not know it.
    public let name: String
    /// Whether the catalogue knows it; a row that it does not know is looked for by its slug.
    public let isKnown: Bool
    private let slug: String

    /// Overall.
    public static let overall = MetricRow(Metric.overallName)

    /// The row that a text means: its name in any letter case, or its identifier in any of the ways of the catalogue
    /// (`tombs_of_amascut_expert`, `riftsClosed`).
    public init(_ text: String) {
        let slug = Metric.slug(of: text)
        let metric =
            Metric.named(text) ?? Metric.wiseOldMan(slug) ?? Metric.jsonHiscores(text)
            ?? Metric.all.first { Metric.slug(of: $0.name) == slug }
        (name, isKnown) = (metric?.name ?? text, metric != nil)
        self.slug = Metric.slug(of: metric?.name ?? text)
    }

    /// Identifiers of known rows that are like a text that means none, the most alike first.
    public static func similar(to text: String) -> [String] {
        let slug = Metric.slug(of: text)
        return Metric.all.map { Metric.identifier(ofRow: $0.name) }
            .filter { !slug.isEmpty && ($0.contains(slug) || EditDistance.between($0, slug) <= 2) }
            .sorted { EditDistance.between($0, slug) < EditDistance.between($1, slug) }
            .prefix(5).map { $0 }
    }

    /// What became of the row; nil where neither document has it. A skill goes before an activity.
    func change(in diff: HiscoreDiff) -> MetricChange? {
        if matches(Metric.overallName) {
            let row = diff.overall
            let isThere = [row.rank, row.level, row.xp].contains { $0.from != nil || $0.to != nil }
            return isThere ? MetricChange(rank: row.rank, level: row.level, value: row.xp) : nil
        }
        if let row = diff.skills.first(where: { matches($0.name) }) {
            return MetricChange(rank: row.rank, level: row.level, value: row.xp)
        }
        return diff.activities.first { matches($0.name) }
            .map { MetricChange(rank: $0.rank, level: nil, value: $0.score) }
    }

    private func matches(_ row: String) -> Bool {
        row == name || Metric.slug(of: Metric.named(row)?.name ?? row) == slug
    }
}

/// A row's numbers at two moments.
struct MetricChange: Hashable, Sendable {
    /// Lower is better.
    let rank: Change
    /// Nil for an activity.
    let level: Change?
    /// Experience, or score.
    let value: Change
}
