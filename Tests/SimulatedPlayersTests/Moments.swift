import CivilTime
import SimulatedPlayers
import Testing

/// A moment of a test, as RFC 3339 or a bare date.
func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text) ?? Timestamp(date: text)) }

/// Moments one day apart.
func dailyMoments(from text: String, count: Int) throws -> [Timestamp] {
    let start = try moment(text)
    return (0..<count).map { start.advanced(byMilliseconds: Int64($0) * Timestamp.millisecondsPerDay) }
}

/// A player as `NAME:KIND[:START]` describes it.
func makePlayer(_ name: String, _ kind: String, seed: UInt64 = 1) throws -> SimulatedPlayer {
    try #require(SimulatedPlayer(parsing: "\(name):\(kind)", seed: seed))
}
