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

    /// A row.
    public init(id: ServedNumber, name: String, rank: ServedNumber, level: ServedNumber, xp: ServedNumber) {
        (self.id, self.name, self.rank, self.level, self.xp) = (id, name, rank, level, xp)
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

    /// A row.
    public init(id: ServedNumber, name: String, rank: ServedNumber, score: ServedNumber) {
        (self.id, self.name, self.rank, self.score) = (id, name, rank, score)
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
    /// Every other member of the document, and rows that are no named objects, in document order.
    public var extra: [JSONMember]

    /// A view of given parts.
    public init(name: String?, skills: [SkillRow], activities: [ActivityRow], extra: [JSONMember] = []) {
        (self.name, self.skills, self.activities, self.extra) = (name, skills, activities, extra)
    }
}
