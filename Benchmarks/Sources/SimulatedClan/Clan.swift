public import CivilTime
import Hiscores
import SimulatedPlayers

/// A made-up clan whose members are captured again and again. All of it follows from the seed.
public struct Clan: Sendable {
    /// The two orders in which captures reach an archive.
    public enum Order: String, CaseIterable, Sendable {
        /// All of the first member's captures by time, then the second's, as an export of histories has them.
        case player
        /// All captures by time, as batch runs over the clan make them.
        case time
    }

    /// The capture of one member in one round.
    public struct Capture: Hashable, Sendable {
        /// The member's place in the clan, from 0.
        public let member: Int
        /// The number of the round, from 0.
        public let round: Int
        /// When the answer arrived.
        public let capturedAt: Timestamp
    }

    /// When rounds of captures begin: the first at `start`, each next one `interval` later.
    public struct Schedule: Hashable, Sendable {
        /// The beginning of the first round.
        public let start: Timestamp
        /// Milliseconds from one round to the next, above zero.
        public let interval: Int64
        /// How many rounds there are.
        public let rounds: Int

        /// A schedule of `days` days with `roundsADay` rounds each, both above zero.
        public init(start: Timestamp, days: Int, roundsADay: Int) {
            self.start = start
            interval = Timestamp.millisecondsPerDay / Int64(roundsADay)
            rounds = days * roundsADay
        }
    }

    let members: [SimulatedPlayer]
    private let seed: UInt64
    private let schedule: Schedule

    /// A clan of `size` accounts that were there before 2024.
    public init(size: Int, schedule: Schedule, seed: UInt64) {
        members = (0..<size).compactMap { SimulatedPlayer(name: "Member \($0)", kind: .regular, seed: seed) }
        (self.schedule, self.seed) = (schedule, seed)
    }

    /// Calls `body` with each capture, in order. Both orders have the same captures.
    public func forEachCapture(in order: Order, _ body: (Capture) throws -> Void) rethrows {
        switch order {
        case .player:
            for member in members.indices {
                for round in 0..<schedule.rounds { try body(capture(of: member, in: round)) }
            }
        case .time:
            for round in 0..<schedule.rounds {
                let captures = members.indices.map { capture(of: $0, in: round) }
                // No two are equal: a member is captured once a round.
                for capture in captures.sorted(by: { ($0.capturedAt, $0.member) < ($1.capturedAt, $1.member) }) {
                    try body(capture)
                }
            }
        }
    }

    /// A batch run asks for one member a second, or faster where the interval is too short for that. It begins up to a
    /// minute late, and each answer takes up to half a minute longer than it should, so neighbours change places. A
    /// round ends before the next begins.
    private func capture(of member: Int, in round: Int) -> Capture {
        let pace = min(1000, schedule.interval * 3 / 4 / Int64(max(1, members.count)))
        var begin = chance(UInt64(round) << 32 | 0xFFFF_FFFF)
        var answer = chance(UInt64(round) << 32 | UInt64(member))
        let late = Int64(begin.next(below: Int(min(60_000, schedule.interval / 8))))
        let slow = Int64(answer.next(below: Int(min(30_000, schedule.interval / 8))))
        let since = Int64(round) * schedule.interval + late + Int64(member) * pace + slow
        return Capture(member: member, round: round, capturedAt: schedule.start.advanced(byMilliseconds: since))
    }

    /// The source of what is by chance in one thing of the clan.
    func chance(_ thing: UInt64) -> SeededGenerator { SeededGenerator(seed: Seed.mixed(seed, thing)) }
}
