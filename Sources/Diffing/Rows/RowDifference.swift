import Hiscores

/// What happened to a row: the first of these, in their order, that fits.
public enum RowStatus: String, Hashable, Sendable, CaseIterable {
    /// The first document has no such row.
    case added
    /// The second document has no such row.
    case removed
    /// Known before, unknown now: the player fell off the table.
    case unranked
    /// Unknown before, known now: the player entered the table, which is no gain.
    case ranked
    /// A level, an experience or a score is another one.
    case changed
    /// Only the rank is another one.
    case rankOnly = "rank_only"
    /// Nothing that counts: the same numbers, or unknown on both sides however that was served (-1, then 0). A new
    /// row number is a matter of layout.
    case unchanged

    /// The status of a row from its parts.
    init(before: RowState?, now: RowState?, valuesDiffer: Bool, ranksDiffer: Bool) {
        switch (before, now) {
        case (nil, .some): self = .added
        case (.some, nil): self = .removed
        case (.known, .unknown): self = .unranked
        case (.unknown, .known): self = .ranked
        case (.known, .known): self = valuesDiffer ? .changed : ranksDiffer ? .rankOnly : .unchanged
        case (.unknown, .unknown), (nil, nil): self = .unchanged
        }
    }
}

/// Whether a row says anything about the player.
enum RowState {
    case known
    case unknown

    init(isUnknown: Bool) { self = isUnknown ? .unknown : .known }
}

/// One row of `skills` at two moments.
public struct SkillDifference: Hashable, Sendable {
    /// The row's name.
    public let name: String
    /// What happened to it.
    public let status: RowStatus
    /// Its rank; lower is better.
    public let rank: Change
    /// Its level.
    public let level: Change
    /// Its experience.
    public let xp: Change

    /// The same row of two documents, nil where a document has none.
    init(name: String, from: SkillRow?, to: SkillRow?) {
        self.name = name
        rank = Change(from: from?.rank, to: to?.rank, knownFrom: from?.knownRank, knownTo: to?.knownRank)
        level = Change(from: from?.level, to: to?.level, knownFrom: from?.knownLevel, knownTo: to?.knownLevel)
        xp = Change(from: from?.xp, to: to?.xp, knownFrom: from?.knownXP, knownTo: to?.knownXP)
        status = RowStatus(
            before: from.map { RowState(isUnknown: $0.isUnknown) }, now: to.map { RowState(isUnknown: $0.isUnknown) },
            valuesDiffer: level.from != level.to || xp.from != xp.to, ranksDiffer: rank.from != rank.to)
    }
}

/// One row of `activities` at two moments.
public struct ActivityDifference: Hashable, Sendable {
    /// The row's name.
    public let name: String
    /// What happened to it.
    public let status: RowStatus
    /// Its rank; lower is better.
    public let rank: Change
    /// Its score or kill count.
    public let score: Change

    /// The same row of two documents, nil where a document has none.
    init(name: String, from: ActivityRow?, to: ActivityRow?) {
        self.name = name
        rank = Change(from: from?.rank, to: to?.rank, knownFrom: from?.knownRank, knownTo: to?.knownRank)
        score = Change(from: from?.score, to: to?.score, knownFrom: from?.knownScore, knownTo: to?.knownScore)
        status = RowStatus(
            before: from.map { RowState(isUnknown: $0.isUnknown) }, now: to.map { RowState(isUnknown: $0.isUnknown) },
            valuesDiffer: score.from != score.to, ranksDiffer: rank.from != rank.to)
    }
}

extension SkillDifference {
    /// Whether either document ranks the row. One that is `ranked` or `unranked` without any rank only became known or
    /// unknown: the service tells some numbers of accounts below its tables.
    public var isRankedOnce: Bool { HiscoreDocument.isRanked(rank.from) || HiscoreDocument.isRanked(rank.to) }
}

extension ActivityDifference {
    /// Whether either document ranks the row; see `SkillDifference.isRankedOnce`.
    public var isRankedOnce: Bool { HiscoreDocument.isRanked(rank.from) || HiscoreDocument.isRanked(rank.to) }
}

/// Which rows a reader wants to see.
public enum RowSelection: Hashable, Sendable {
    /// Rows that tell of play or of the table's make-up: neither `rank_only` nor `unchanged`.
    case play
    /// Those, and the rows of which only the rank moved.
    case playAndRanks
    /// Every row of both documents.
    case all

    /// Whether rows of this status are among them.
    public func includes(_ status: RowStatus) -> Bool {
        switch status {
        case .unchanged: self == .all
        case .rankOnly: self != .play
        case .added, .removed, .unranked, .ranked, .changed: true
        }
    }
}
