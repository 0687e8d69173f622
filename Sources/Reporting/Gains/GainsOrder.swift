import Diffing
import Hiscores

/// By what the rows of `gains` are sorted. Numbers go down from the largest, those that are not known last; rows that
/// are equal, by player.
public enum GainsOrder: Hashable, Sendable {
    /// What was gained.
    case gained
    /// The value at the beginning.
    case start
    /// The value at the end.
    case end
    /// The player's name, A to Z.
    case player
    /// What was gained in another row.
    case metric(MetricRow)

    /// `gained`, `start`, `end`, `player`, or a row's name or identifier.
    public init(_ text: String) {
        self =
            switch text {
            case "gained": .gained
            case "start": .start
            case "end": .end
            case "player": .player
            default: .metric(MetricRow(text))
            }
    }

    /// The row that must be known for it, besides the one that is told.
    public var row: MetricRow? { if case .metric(let row) = self { row } else { nil } }

    /// The rows in this order.
    public func sorted(_ gains: [PlayerGains]) -> [PlayerGains] {
        gains.sorted { left, right in
            switch (key(left), key(right)) {
            case (let left?, let right?) where left != right: left > right
            case (.some, nil): true
            case (nil, .some): false
            default: left.player < right.player
            }
        }
    }

    private func key(_ gains: PlayerGains) -> Int64? {
        switch self {
        case .gained: gains.gained
        case .start: gains.metric?.value.from
        case .end: gains.metric?.value.to
        case .player: nil
        case .metric: gains.sortedGain
        }
    }
}
