public import CivilTime
public import Hiscores
public import SimulatedPlayers
import Synchronization

/// The hiscore service without its network: players, a clock, faults and counts. Safe to use from any thread.
public final class SimulatedService: Sendable {
    /// Whose names the service knows.
    public enum Roster: Hashable, Sendable {
        /// The players that were added.
        case added
        /// Those, and a made-up player for every other name that does not start with `missing`.
        case anyName
    }

    private let seed: UInt64
    private let roster: Roster
    private let state: Mutex<State>

    private struct State {
        var clock: any WallClock
        var players: [PlayerName: SimulatedPlayer] = [:]
        var rules: [FaultRule] = []
        var mix: FaultMix?
        var statistics = RequestStatistics()
    }

    /// A service without players and faults. `seed` decides all that its players do.
    public init(seed: UInt64 = 1, clock: any WallClock = SystemClock(), roster: Roster = .added) {
        (self.seed, self.roster) = (seed, roster)
        state = Mutex(State(clock: clock))
    }

    /// The simulated moment.
    public var now: Timestamp { state.withLock { $0.clock }.now() }

    /// Puts another clock in.
    public func setClock(_ clock: any WallClock) { state.withLock { $0.clock = clock } }

    /// Adds a player, or puts it in the place of one of that name.
    public func add(_ player: SimulatedPlayer) { state.withLock { $0.players[player.name] = player } }

    /// Adds the player that `text` describes (`NAME:KIND[:START]`, see `SimulatedPlayer`) with the service's seed; gives
    /// it, or nil for a text that describes none.
    public func addPlayer(parsing text: String) -> SimulatedPlayer? {
        guard let player = SimulatedPlayer(parsing: text, seed: seed) else { return nil }
        add(player)
        return player
    }

    /// The player of that name, where the service knows one.
    public func player(_ name: PlayerName) -> SimulatedPlayer? {
        state.withLock { state in
            if let player = state.players[name] { return player }
            guard roster == .anyName, !name.key.hasPrefix("missing") else { return nil }
            let player = SimulatedPlayer(name: name.key, seed: seed)
            state.players[name] = player
            return player
        }
    }

    /// The names of the players so far, in order.
    public var playerNames: [PlayerName] { state.withLock { $0.players.keys.sorted() } }

    /// Adds a rule. Of the rules that strike a request, the one added first does.
    public func add(_ rule: FaultRule) { state.withLock { $0.rules.append(rule) } }

    /// The rules that have not used up their requests.
    public var rules: [FaultRule] { state.withLock { $0.rules.filter { $0.remaining != 0 } } }

    /// Lifts all rules and the mix.
    public func clearFaults() {
        state.withLock { state in
            state.rules = []
            state.mix = nil
        }
    }

    /// Spreads faults over the requests that no rule strikes, or ends that.
    public func setFaultMix(_ mix: FaultMix?) { state.withLock { $0.mix = mix } }

    /// What was asked so far.
    public var statistics: RequestStatistics { state.withLock { $0.statistics } }

    /// Starts counting anew.
    public func resetStatistics() { state.withLock { $0.statistics.reset() } }

    /// What a request meets: the moment at which it is answered and the fault that strikes it.
    struct Reception {
        var now: Timestamp
        var fault: Fault?
    }

    /// Takes a request in at `nanoseconds` of a clock that never goes back.
    func receive(_ name: PlayerName, on board: Board, at nanoseconds: Int64) -> Reception {
        state.withLock { state in
            let now = state.clock.now()
            let number = state.statistics.arrived(name, on: board, at: nanoseconds, simulated: now)
            if let index = state.rules.firstIndex(where: { $0.strikes(name, on: board, at: now) }) {
                if let remaining = state.rules[index].remaining { state.rules[index].remaining = remaining - 1 }
                return Reception(now: now, fault: state.rules[index].fault)
            }
            return Reception(now: now, fault: state.mix?.fault(for: name, on: board, number: number))
        }
    }

    /// Counts the answer to a request.
    func finish(_ reception: Reception, status: Int) {
        state.withLock { $0.statistics.answered(status, fault: reception.fault?.kind) }
    }
}
