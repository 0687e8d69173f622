import CivilTime
import SimulatedPlayers
import Testing

/// A moment of a test, as RFC 3339 or a bare date.
func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text) ?? Timestamp(date: text)) }

/// A player as `NAME:KIND[:START]` describes it.
func makePlayer(_ name: String, _ kind: String) throws -> SimulatedPlayer {
    try #require(SimulatedPlayer(parsing: "\(name):\(kind)", seed: 1))
}
