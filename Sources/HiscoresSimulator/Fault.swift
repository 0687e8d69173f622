public import CivilTime
public import Hiscores
import SimulatedPlayers

/// One way in which the service can fail a request.
public enum FaultKind: String, CaseIterable, Hashable, Sendable {
    /// 302 to the main page, which answers 200 HTML: what the service does when the hiscores are down.
    case redirect
    /// 200 with an HTML page.
    case html
    /// 429 without a word on when to come back.
    case throttled = "429"
    /// 429 with `Retry-After` in seconds.
    case throttledWithRetryAfter = "429-retry-after"
    /// 403 with the page of a bot wall.
    case forbidden = "403"
    /// 500.
    case internalError = "500"
    /// 502.
    case badGateway = "502"
    /// 503.
    case serviceUnavailable = "503"
    /// The right answer, late.
    case slow
    /// The right answer's head, then half of its body, then the connection closes.
    case cutOff = "cut-off"
    /// 200 with nothing in it.
    case empty
    /// 200 with a JSON object that has neither skills nor activities.
    case wrongSchema = "wrong-schema"
    /// 200 with a JSON array.
    case array
    /// 200 with a text that starts as JSON and is none.
    case invalidJSON = "invalid-json"
    /// 200 with a body of many megabytes.
    case oversized
    /// 404 for a player who exists.
    case notFound = "404"
}

/// A fault with its measures.
public struct Fault: Hashable, Sendable {
    /// What goes wrong.
    public var kind: FaultKind
    /// By how many milliseconds of real time `slow` holds the answer back.
    public var delayMilliseconds: Int64 = 2000
    /// The seconds of `Retry-After` where the kind has that.
    public var retryAfterSeconds = 2
    /// The length of the body where the kind is `oversized`.
    public var bodyBytes = 16 << 20

    /// A fault of a kind with the usual measures.
    public init(_ kind: FaultKind) { self.kind = kind }
}

/// A fault that strikes chosen requests.
public struct FaultRule: Hashable, Sendable {
    /// What goes wrong.
    public var fault: Fault
    /// The one player whom it strikes, or nil for everybody.
    public var player: PlayerName?
    /// The one board that it strikes, or nil for all.
    public var board: Board?
    /// How many requests it strikes yet, or nil for all until it is cleared.
    public var remaining: Int?
    /// The first moment of simulated time at which it strikes, or nil for no beginning.
    public var from: Timestamp?
    /// The first moment of simulated time at which it strikes no more, or nil for no end.
    public var until: Timestamp?

    /// A rule; as it is made, it strikes every request until it is cleared.
    public init(_ fault: Fault) { self.fault = fault }

    /// Whether it strikes a request for `player` on `board` at `now`.
    func strikes(_ player: PlayerName, on board: Board, at now: Timestamp) -> Bool {
        (self.player ?? player) == player && (self.board ?? board) == board && remaining != 0
            && (from ?? now) <= now && now < (until ?? .latest)
    }
}

/// Faults spread over all requests by chance, for soak tests.
public struct FaultMix: Hashable, Sendable {
    /// The share of requests that fail, 0 to 1.
    public var rate: Double
    /// The faults to choose from, each as likely.
    public var faults: [Fault]
    /// What the chance hangs on, with the player, the board and the number of the request for them. The order in which
    /// requests for different players arrive makes no difference.
    public var seed: UInt64

    /// A mix; of all kinds, `slow` by a tenth of a second, where `faults` is left out.
    public init(rate: Double, faults: [Fault]? = nil, seed: UInt64 = 1) {
        (self.rate, self.seed) = (rate, seed)
        self.faults =
            faults
            ?? FaultKind.allCases.map { kind in
                var fault = Fault(kind)
                fault.delayMilliseconds = 100
                fault.retryAfterSeconds = 1
                return fault
            }
    }

    /// The fault of the `number`th request for `player` on `board`, if it fails.
    func fault(for player: PlayerName, on board: Board, number: Int) -> Fault? {
        guard !faults.isEmpty else { return nil }
        let request = Seed.mixed(Seed.named("\(player) \(board.rawValue)"), UInt64(number))
        var chance = SeededGenerator(seed: Seed.mixed(seed, request))
        return chance.happens(rate) ? faults[chance.next(below: faults.count)] : nil
    }
}
