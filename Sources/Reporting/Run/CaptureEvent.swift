public import Archive
public import CanonicalJSON
public import CivilTime
public import Diffing
public import Hiscores

/// Something about an account that somebody may want to hear of at once: what `--on-event` hands on.
public struct CaptureEvent: Hashable, Sendable {
    /// What happened.
    public enum Kind: Hashable, Sendable {
        /// A skill reached a level; several at once count as one event.
        case level(skill: String, from: Int64, to: Int64)
        /// A skill reached level 99.
        case level99(skill: String, from: Int64)
        /// A boss appeared on the account's list, or its count left zero. The service lists a boss from some kills on,
        /// so the count need not be 1.
        case firstKill(boss: String, kills: Int64)
        /// So many captures in a row brought no snapshot; told at every doubling from the third on.
        case failing(times: Int, reason: String)
        /// The account can hardly be the one that had the name before.
        case nameChangedHands
    }

    /// Whom it is about.
    public let player: PlayerName
    /// The name as served, or as asked for.
    public let displayName: String?
    /// On which board it was seen.
    public let board: Board
    /// When the answer arrived that shows it.
    public let capturedAt: Timestamp
    /// What happened.
    public let kind: Kind

    /// An event that an observation shows.
    public init(_ observation: Observation, _ kind: Kind) {
        (player, displayName) = (observation.player, observation.displayName)
        (board, capturedAt, self.kind) = (observation.board, observation.capturedAt, kind)
    }

    /// What a new snapshot shows beside the one before: levels, then first kills, each in the order of the rows. Nothing
    /// for a first snapshot. Rows that only became known tell of no level: the player may have had it for years.
    public static func events(of observation: Observation, _ diff: HiscoreDiff) -> [CaptureEvent] {
        guard !diff.isFirst else { return [] }
        let levels = diff.skills.compactMap { skill -> Kind? in
            guard let change = skill.level.change, change > 0, let from = skill.level.from, let to = skill.level.to
            else { return nil }
            return from < 99 && to >= 99
                ? .level99(skill: skill.name, from: from) : .level(skill: skill.name, from: from, to: to)
        }
        let kills = diff.activities.compactMap { activity -> Kind? in
            guard Metric.named(activity.name)?.kind == .boss, let kills = activity.score.to, kills > 0 else {
                return nil
            }
            let hasLeftZero = activity.score.from == 0 && activity.score.change != nil
            guard activity.status == .ranked || hasLeftZero else { return nil }
            return .firstKill(boss: activity.name, kills: kills)
        }
        return (levels + kills).map { CaptureEvent(observation, $0) }
    }

    /// The event of a capture that failed, `times` captures in a row having failed by now; nil where it is none to be told
    /// of: those are the third, the sixth, the twelfth and so on.
    public static func failing(_ observation: Observation, times: Int) -> CaptureEvent? {
        var step = 3
        while step < times, step <= Int.max / 2 { step *= 2 }
        guard step == times else { return nil }
        return CaptureEvent(
            observation, .failing(times: times, reason: observation.evidence.error ?? observation.result.rawValue))
    }

    /// Its line: `{"schema","event","player","display_name","board","captured_at","metric","from","to","times","reason"}`.
    public var json: JSONValue {
        var (name, metric, from, to) = ("", String?.none, Int64?.none, Int64?.none)
        var (times, reason) = (Int?.none, String?.none)
        switch kind {
        case .level(let skill, let before, let now): (name, metric, from, to) = ("level", skill, before, now)
        case .level99(let skill, let before): (name, metric, from, to) = ("level_99", skill, before, 99)
        case .firstKill(let boss, let kills): (name, metric, to) = ("first_kill", boss, kills)
        case .failing(let count, let why): (name, times, reason) = ("failing", count, why)
        case .nameChangedHands: name = "name_changed_hands"
        }
        return Shape.object([
            JSONMember("event", .text(name)), JSONMember("player", .player(player)),
            JSONMember("display_name", .text(displayName)), JSONMember("board", .board(board)),
            JSONMember("captured_at", .time(capturedAt)), JSONMember("metric", .text(metric)),
            JSONMember("from", .integer(from)), JSONMember("to", .integer(to)),
            JSONMember("times", .integer(times)), JSONMember("reason", .text(reason)),
        ])
    }
}
