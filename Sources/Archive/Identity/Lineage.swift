public import CivilTime
public import Hiscores

/// Which names were one account, and when: what the rename links that stand say.
///
/// A link from A to B at a moment T says that the account which had the name A just before T has the name B from T on.
/// Each end of a link ends what was before under its name: whoever is called A from T on, and whoever was called B before
/// T, is another account. So the life of each name falls into tenures, and links join them, each with at most one before
/// and one behind it. Moments grow along a chain of tenures, so no chain comes back to itself, A to B to A neither.
public struct Lineage: Hashable, Sendable {
    /// The links that stand, by their moments.
    public let links: [RenameLink]
    private let byOldName: [PlayerName: [RenameLink]]
    private let byNewName: [PlayerName: [RenameLink]]

    /// What records say, in whatever order they come; those that are no rename links are passed over.
    ///
    /// Of the records of one link (two names and a moment) the one that was recorded last counts. Where links contradict
    /// each other, as they may after a merge, the one that was recorded last counts: at one moment a name is left once
    /// and taken once. So the union of two archives says the same whichever was merged into the other.
    public init(_ records: [Record]) {
        var newest: [Key: RenameLink] = [:]
        for case .rename(let link) in records where link.from != link.to {
            let key = Key(link)
            guard let known = newest[key] else {
                newest[key] = link
                continue
            }
            let isLater =
                link.recordedAt == known.recordedAt ? link.isUndone : link.recordedAt > known.recordedAt
            if isLater { newest[key] = link }
        }
        var left: Set<NamedMoment> = []
        var taken: Set<NamedMoment> = []
        var standing: [RenameLink] = []
        for link in newest.values.filter({ !$0.isUndone }).sorted(by: Self.wasRecordedLater) {
            let leaves = NamedMoment(player: link.from, moment: link.effectiveAt)
            let takes = NamedMoment(player: link.to, moment: link.effectiveAt)
            guard !left.contains(leaves), !taken.contains(takes) else { continue }
            left.insert(leaves)
            taken.insert(takes)
            standing.append(link)
        }
        standing.sort { ($0.effectiveAt, $0.from, $0.to) < ($1.effectiveAt, $1.from, $1.to) }
        links = standing
        byOldName = Dictionary(grouping: standing, by: \.from)
        byNewName = Dictionary(grouping: standing, by: \.to)
    }

    /// A link apart from whether it stands.
    private struct Key: Hashable {
        let (from, to): (PlayerName, PlayerName)
        let moment: Timestamp

        init(_ link: RenameLink) { (from, to, moment) = (link.from, link.to, link.effectiveAt) }
    }

    private struct NamedMoment: Hashable {
        let player: PlayerName
        let moment: Timestamp
    }

    private static func wasRecordedLater(_ left: RenameLink, _ right: RenameLink) -> Bool {
        left.recordedAt == right.recordedAt
            ? (left.effectiveAt, left.from, left.to) < (right.effectiveAt, right.from, right.to)
            : left.recordedAt > right.recordedAt
    }

    /// Whether no link stands: then every name is one account, for ever.
    public var isEmpty: Bool { links.isEmpty }

    /// Whether a link names this player.
    public func involves(_ player: PlayerName) -> Bool { byOldName[player] != nil || byNewName[player] != nil }

    /// The names that links name, by name.
    public var names: [PlayerName] { Set(byOldName.keys).union(byNewName.keys).sorted() }

    // MARK: Tenures

    /// The tenures of a name, oldest first: one without bounds where no link names it.
    public func tenures(of player: PlayerName) -> [Tenure] {
        let cuts = Set((byOldName[player] ?? []).map(\.effectiveAt) + (byNewName[player] ?? []).map(\.effectiveAt))
            .sorted()
        let bounds = [nil] + cuts.map(Optional.some) + [nil]
        return zip(bounds, bounds.dropFirst()).map { Tenure(player: player, from: $0, until: $1) }
    }

    /// The tenure of a name that a moment is part of.
    public func tenure(of player: PlayerName, at moment: Timestamp) -> Tenure {
        tenures(of: player).first { $0.contains(moment) } ?? Tenure(player: player)
    }

    /// The link with which an account ended a tenure; nil where it still has the name, or nobody knows what became of
    /// it.
    public func link(endingAt tenure: Tenure) -> RenameLink? {
        tenure.until.flatMap { until in byOldName[tenure.player]?.first { $0.effectiveAt == until } }
    }

    /// The link with which an account began a tenure.
    public func link(beginning tenure: Tenure) -> RenameLink? {
        tenure.from.flatMap { from in byNewName[tenure.player]?.first { $0.effectiveAt == from } }
    }

    /// The tenures of the account that had a tenure, up to that one, newest first.
    public func tenures(upTo tenure: Tenure) -> [Tenure] {
        var chain = [tenure]
        while let last = chain.last, let link = link(beginning: last),
            let before = tenures(of: link.from).first(where: { $0.until == link.effectiveAt })
        {
            chain.append(before)
        }
        return chain
    }

    /// The links with which the account that had a tenure went on from there, oldest first: the last one leads to the
    /// name that it has now.
    public func links(after tenure: Tenure) -> [RenameLink] {
        var links: [RenameLink] = []
        var tenure = tenure
        while let link = link(endingAt: tenure) {
            links.append(link)
            tenure = self.tenure(of: link.to, at: link.effectiveAt)
        }
        return links
    }
}
