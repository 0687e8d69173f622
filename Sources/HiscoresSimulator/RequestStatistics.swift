public import CanonicalJSON
import CivilTime
public import Hiscores

/// What has been asked of the service since it began, or since the counts were reset. Control requests do not count.
public struct RequestStatistics: Hashable, Sendable {
    /// Requests so far.
    public private(set) var total = 0
    /// Answers by HTTP status.
    public private(set) var byStatus: [Int: Int] = [:]
    /// Requests struck by a fault, by its kind.
    public private(set) var byFault: [FaultKind: Int] = [:]
    /// Requests by player.
    public private(set) var byPlayer: [PlayerName: Int] = [:]
    /// Requests that are being answered.
    public private(set) var inFlight = 0
    /// The most requests that were being answered at one time.
    public private(set) var mostInFlight = 0
    /// Milliseconds of real time between the arrivals of the two requests that came closest, or nil before the second.
    public private(set) var shortestInterval: Double?

    /// The most requests that arrived within any minute of simulated time.
    public private(set) var mostInAMinute = 0

    private var lastArrival: Int64?
    /// The simulated moments of the requests of the last minute, in order of arrival.
    private var lastMinute: [Timestamp] = []
    private var requestNumbers: [Target: Int] = [:]

    private struct Target: Hashable {
        var player: PlayerName
        var board: Board
    }

    /// Counts the arrival of a request, at `nanoseconds` of a clock that never goes back, and at a moment of simulated
    /// time; gives its number, from 0, among those for that player and board.
    mutating func arrived(
        _ player: PlayerName, on board: Board, at nanoseconds: Int64, simulated moment: Timestamp
    ) -> Int {
        total += 1
        byPlayer[player, default: 0] += 1
        inFlight += 1
        mostInFlight = max(mostInFlight, inFlight)
        if let lastArrival {
            let interval = Double(nanoseconds - lastArrival) / 1_000_000
            shortestInterval = min(shortestInterval ?? interval, interval)
        }
        lastArrival = nanoseconds
        lastMinute.removeAll { abs(moment.milliseconds(since: $0)) >= 60_000 }
        lastMinute.append(moment)
        mostInAMinute = max(mostInAMinute, lastMinute.count)
        let target = Target(player: player, board: board)
        defer { requestNumbers[target, default: 0] += 1 }
        return requestNumbers[target, default: 0]
    }

    /// Counts the answer to a request that arrived before.
    mutating func answered(_ status: Int, fault: FaultKind?) {
        inFlight -= 1
        byStatus[status, default: 0] += 1
        if let fault { byFault[fault, default: 0] += 1 }
    }

    /// Sets all counts to nothing but those of requests that are being answered.
    mutating func reset() {
        let inFlight = inFlight
        self = RequestStatistics()
        (self.inFlight, mostInFlight) = (inFlight, inFlight)
    }

    /// The counts as a JSON object.
    public var json: JSONValue {
        func object(_ counts: [String: Int]) -> JSONValue {
            .object(counts.sorted { $0.key < $1.key }.map { JSONMember(JSONText($0.key), .integer($0.value)) })
        }
        func named<Key>(_ counts: [Key: Int], _ name: (Key) -> String) -> JSONValue {
            object(Dictionary(counts.map { (name($0.key), $0.value) }, uniquingKeysWith: +))
        }
        return .object([
            JSONMember("requests", .integer(total)), JSONMember("by_status", named(byStatus) { String($0) }),
            JSONMember("by_fault", named(byFault) { $0.rawValue }), JSONMember("by_player", named(byPlayer) { $0.key }),
            JSONMember("in_flight", .integer(inFlight)), JSONMember("most_in_flight", .integer(mostInFlight)),
            JSONMember("shortest_interval_ms", shortestInterval.map { .number($0) } ?? .null),
            JSONMember("most_in_a_minute", .integer(mostInAMinute)),
        ])
    }
}
