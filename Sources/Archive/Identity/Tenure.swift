public import CivilTime
public import Hiscores

/// A stretch of time for which one account had a name: from the moment at which it took the name up to, not including,
/// the one at which it, or whoever had the name, left it.
public struct Tenure: Hashable, Sendable {
    /// The name.
    public let player: PlayerName
    /// The first moment; nil where nobody says that it began.
    public let from: Timestamp?
    /// The moment that ended it, which is no part of it; nil where it goes on.
    public let until: Timestamp?

    /// A tenure of given parts.
    public init(player: PlayerName, from: Timestamp? = nil, until: Timestamp? = nil) {
        (self.player, self.from, self.until) = (player, from, until)
    }

    /// Whether a moment is part of it.
    public func contains(_ moment: Timestamp) -> Bool {
        from.map { $0 <= moment } ?? true && until.map { moment < $0 } ?? true
    }

    /// The same without an end.
    var withoutEnd: Tenure { Tenure(player: player, from: from) }
}
