public import CivilTime

/// What a row of the hiscores counts.
public enum MetricKind: String, CaseIterable, Hashable, Sendable {
    /// A skill, or Overall.
    case skill
    /// Clue scrolls.
    case clue
    /// A minigame.
    case minigame
    /// Kills of a boss, or completions of a raid.
    case boss
    /// Points and other tallies.
    case points
}

/// One row of the hiscores as the catalogue knows it, whatever its place in an answer.
///
/// The catalogue helps to group, import and export. It never decides what is kept: a row that it does not know is
/// stored and compared by its name like any other.
public struct Metric: Hashable, Sendable {
    /// The row's name as the service spells it today: the key.
    public let name: String
    /// What it counts.
    public let kind: MetricKind
    /// The snake_case metric of Wise Old Man, nil where it has none.
    public let wiseOldManIdentifier: String?
    /// The camelCase key of osrs-json-hiscores, nil where it has none.
    public let jsonHiscoresIdentifier: String?
    private let firstDay: String?

    /// The first day (UTC) on which the service may have served the row; nil where that is not known or before the
    /// oldest known answer of December 2017.
    public var firstSeen: Timestamp? { firstDay.flatMap { Timestamp(date: $0) } }

    /// A line of `MetricTable`.
    init(_ name: String, _ kind: MetricKind, _ wiseOldMan: String?, _ jsonHiscores: String?, _ firstDay: String?) {
        (self.name, self.kind, self.firstDay) = (name, kind, firstDay)
        (wiseOldManIdentifier, jsonHiscoresIdentifier) = (wiseOldMan, jsonHiscores)
    }
}

extension Metric {
    /// The name of the row that sums the skills up. It is no skill to be added to them.
    public static let overallName = "Overall"

    /// Every known row: skills, activities in the order of the newest known answer, then rows of unknown place.
    public static let all = MetricTable.skills + MetricTable.activities + MetricTable.unplaced

    /// The row of that name: as spelled by the service, else with any letter case, else by another spelling that the
    /// service or its clients use or used (`Last Man Standing`). Nil for a row that the catalogue does not know.
    public static func named(_ name: String) -> Metric? {
        byName[name] ?? byFoldedName[name.lowercased()]
    }

    /// The row that Wise Old Man calls so (`guardians_of_the_rift`), its former metrics included.
    public static func wiseOldMan(_ identifier: String) -> Metric? { byWiseOldMan[identifier] }

    /// The row that osrs-json-hiscores calls so (`riftsClosed`).
    public static func jsonHiscores(_ identifier: String) -> Metric? { byJSONHiscores[identifier] }

    /// A snake_case identifier for any row, known or not: the one of Wise Old Man where it has one, else the name's
    /// slug.
    public static func identifier(ofRow name: String) -> String {
        named(name)?.wiseOldManIdentifier ?? slug(of: name)
    }

    /// A name in lower case with apostrophes left out and every run of other characters that are no ASCII letters or
    /// digits as one `_`, none at the ends: `Vet'ion` is `vetion`, `Bounty Hunter (Legacy) - Rogue`
    /// `bounty_hunter_legacy_rogue`.
    public static func slug(of name: String) -> String {
        var slug = ""
        var pendingSeparator = false
        for scalar in name.unicodeScalars {
            switch scalar.asciiLowercased {
            case "'", "\u{2019}":
                continue
            case let letter where ("a"..."z").contains(letter) || ("0"..."9").contains(letter):
                if pendingSeparator { slug.append("_") }
                pendingSeparator = false
                slug.unicodeScalars.append(letter)
            default:
                pendingSeparator = !slug.isEmpty
            }
        }
        return slug
    }

    private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    private static let byFoldedName: [String: Metric] = {
        var metrics: [String: Metric] = [:]
        for (other, name) in MetricTable.otherNames { metrics[other.lowercased()] = byName[name] }
        for metric in all { metrics[metric.name.lowercased()] = metric }
        return metrics
    }()

    private static let byWiseOldMan: [String: Metric] = {
        var metrics: [String: Metric] = [:]
        for (identifier, name) in MetricTable.formerWiseOldManIdentifiers { metrics[identifier] = byName[name] }
        for metric in all {
            if let identifier = metric.wiseOldManIdentifier { metrics[identifier] = metric }
        }
        return metrics
    }()

    private static let byJSONHiscores: [String: Metric] = {
        var metrics: [String: Metric] = [:]
        for metric in all {
            if let identifier = metric.jsonHiscoresIdentifier { metrics[identifier] = metric }
        }
        return metrics
    }()
}
