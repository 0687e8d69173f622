public import Hiscores

/// What changed between two hiscore documents. Any two can be compared, other players and boards too.
///
/// Rows are matched by name within their section. Overall stands apart and is part of no sum.
public struct HiscoreDiff: Hashable, Sendable {
    /// Sums over the skills other than Overall. Falls are counted, unknown values are not.
    public struct Totals: Hashable, Sendable {
        /// The known changes of experience.
        public let xpGained: Int64
        /// The known changes of levels.
        public let levelsGained: Int64
    }

    /// How the rows themselves changed, which says nothing about the player. Names of skills first, then of activities.
    /// Empty where there is nothing before.
    public struct Layout: Hashable, Sendable {
        /// Rows that only the second document has, in its order.
        public let added: [String]
        /// Rows that only the first document has, in its order.
        public let removed: [String]
        /// Rows whose number is another one, in the order of the second document.
        public let renumbered: [String]

        /// Whether both documents have the same rows under the same numbers.
        public var isUnchanged: Bool { added.isEmpty && removed.isEmpty && renumbered.isEmpty }
    }

    /// Whether there is nothing before: a player's first snapshot. Every row is then `added`, and nothing is gained.
    public let isFirst: Bool
    /// Whether both documents say the same, to the last member.
    public let isIdentical: Bool
    /// The row Overall; all absent and `unchanged` where neither document has it.
    public let overall: SkillDifference
    /// Every other row of `skills`: in the order of the second document, then the removed ones.
    public let skills: [SkillDifference]
    /// Every row of `activities`, in the same order.
    public let activities: [ActivityDifference]
    /// What was gained.
    public let totals: Totals
    /// How many rows, Overall not counted, are `rank_only`.
    public let rankOnlyChanges: Int
    /// How the rows themselves changed.
    public let layout: Layout

    /// The difference from one document to another; `from` is nil where there is nothing before. Linear in the rows.
    public init(from: HiscoreDocument?, to: HiscoreDocument) {
        var skillPairs = RowPair.pairs(from: from?.skills ?? [], to: to.skills)
        let activityPairs = RowPair.pairs(from: from?.activities ?? [], to: to.activities)
        isFirst = from == nil
        isIdentical = from == to
        layout = from == nil ? Layout(added: [], removed: [], renumbered: []) : Layout(skillPairs, activityPairs)

        let overallPair = skillPairs.firstIndex { $0.name == Metric.overallName }.map { skillPairs.remove(at: $0) }
        overall = SkillDifference(name: Metric.overallName, from: overallPair?.from, to: overallPair?.to)
        skills = skillPairs.map { SkillDifference(name: $0.name, from: $0.from, to: $0.to) }
        activities = activityPairs.map { ActivityDifference(name: $0.name, from: $0.from, to: $0.to) }
        rankOnlyChanges =
            skills.count { $0.status == .rankOnly } + activities.count { $0.status == .rankOnly }
        let summed = skills.filter { $0.name != Metric.overallName }
        totals = Totals(
            xpGained: Self.sum(summed.map(\.xp)), levelsGained: Self.sum(summed.map(\.level)))
    }

    /// The skills other than Overall that a reader wants to see, in their order.
    public func skills(_ selection: RowSelection) -> [SkillDifference] {
        skills.filter { selection.includes($0.status) }
    }

    /// The activities that a reader wants to see, in their order.
    public func activities(_ selection: RowSelection) -> [ActivityDifference] {
        activities.filter { selection.includes($0.status) }
    }

    /// The sum of the known changes, held within 64 bits.
    private static func sum(_ changes: [Change]) -> Int64 {
        changes.reduce(0) { sum, change in
            let (total, overflow) = sum.addingReportingOverflow(change.change ?? 0)
            return overflow ? (sum < 0 ? .min : .max) : total
        }
    }
}

extension HiscoreDiff.Layout {
    init(_ skills: [RowPair<SkillRow>], _ activities: [RowPair<ActivityRow>]) {
        added = skills.filter { $0.from == nil }.map(\.name) + activities.filter { $0.from == nil }.map(\.name)
        removed = skills.filter { $0.to == nil }.map(\.name) + activities.filter { $0.to == nil }.map(\.name)
        renumbered = skills.filter(\.isRenumbered).map(\.name) + activities.filter(\.isRenumbered).map(\.name)
    }
}
