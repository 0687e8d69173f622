public import CanonicalJSON

/// A number as a hiscore row has it: `-1`, `0` and absence stay three different things.
///
/// nil means absent (no such member, or `null`); everything else is the number as served.
public typealias ServedNumber = Int64?

/// One row of `skills`, as served.
public struct SkillRow: Hashable, Sendable {
    /// The row's number in its layout; renumbered when rows are inserted, so never a key.
    public var id: ServedNumber
    /// The row's name: the key.
    public var name: String
    /// The rank; lower is better, -1 is unranked.
    public var rank: ServedNumber
    /// The level.
    public var level: ServedNumber
    /// The experience; Overall passes 4.8 billion.
    public var xp: ServedNumber
    /// Every other member of the row, and those above whose value is neither a whole number nor `null`.
    public var extra: [JSONMember]

    /// A row.
    public init(
        id: ServedNumber, name: String, rank: ServedNumber, level: ServedNumber, xp: ServedNumber,
        extra: [JSONMember] = []
    ) {
        (self.id, self.name, self.rank, self.level, self.xp, self.extra) = (id, name, rank, level, xp, extra)
    }
}

/// One row of `activities`, as served.
public struct ActivityRow: Hashable, Sendable {
    /// The row's number in its layout; renumbered when rows are inserted, so never a key.
    public var id: ServedNumber
    /// The row's name: the key.
    public var name: String
    /// The rank; lower is better, -1 is unranked.
    public var rank: ServedNumber
    /// The score or kill count.
    public var score: ServedNumber
    /// Every other member of the row, and those above whose value is neither a whole number nor `null`.
    public var extra: [JSONMember]

    /// A row.
    public init(
        id: ServedNumber, name: String, rank: ServedNumber, score: ServedNumber, extra: [JSONMember] = []
    ) {
        (self.id, self.name, self.rank, self.score, self.extra) = (id, name, rank, score, extra)
    }
}

/// The typed view of a snapshot document. It never throws information away: what it does not understand stands in
/// `extra`, and the document's bytes stay the truth.
public struct HiscoreDocument: Hashable, Sendable {
    /// The display name as served, where the document has one.
    public var name: String?
    /// The rows of `skills` that have a name, in their order, Overall first as served.
    public var skills: [SkillRow]
    /// The rows of `activities` that have a name, in their order.
    public var activities: [ActivityRow]
    /// Every other member of the document, in document order. Rows of `skills` or `activities` that are no named
    /// objects stand here as a member of that name, in an array.
    public var extra: [JSONMember]

    /// A view of given parts.
    public init(name: String?, skills: [SkillRow], activities: [ActivityRow], extra: [JSONMember] = []) {
        (self.name, self.skills, self.activities, self.extra) = (name, skills, activities, extra)
    }
}

extension SkillRow {
    /// Whether the row has a rank.
    public var isRanked: Bool { HiscoreDocument.isRanked(rank) }

    /// Whether the service told nothing: `HiscoreDocument.isUnknown(rank:value:level:)` of the experience.
    public var isUnknown: Bool { HiscoreDocument.isUnknown(rank: rank, value: xp, level: level) }
}

extension ActivityRow {
    /// Whether the row has a rank.
    public var isRanked: Bool { HiscoreDocument.isRanked(rank) }

    /// Whether the service told nothing: `HiscoreDocument.isUnknown(rank:value:level:)` of the score.
    public var isUnknown: Bool { HiscoreDocument.isUnknown(rank: rank, value: score) }
}

extension HiscoreDocument {
    /// Whether a rank is one: ranks count from 1; -1 and absence are no rank.
    public static func isRanked(_ rank: ServedNumber) -> Bool { (rank ?? -1) > 0 }

    /// Whether a row tells nothing about its player: it has no rank, its experience or score is 0, -1 or missing, and
    /// its level, for a skill, is 1 or less or missing.
    ///
    /// The service writes this in several ways (`-1,1,0`, `-1,-1`, and `-1,0` since November 2025), the earlier Python
    /// tool as nulls. It is neither zero nor the start of a gain. A value without a rank is known: the service shows
    /// the experience of accounts that are below its tables.
    public static func isUnknown(rank: ServedNumber, value: ServedNumber, level: ServedNumber = nil) -> Bool {
        !isRanked(rank) && (value ?? -1) <= 0 && (level ?? -1) <= 1
    }
}
