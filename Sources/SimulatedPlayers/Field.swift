import CivilTime
import Glibc
import Hiscores

/// Everybody else on one table: which rank a score takes among them.
///
/// The ranks of a score that stands still worsen by some 0.04 % a day, faster in a table's first year, as those of real
/// accounts do while the player sleeps.
struct Field {
    /// How many are on the main board's table around 2025.
    let size: Double
    /// The score at which the crowd starts to thin out.
    let scale: Double
    /// How fast it thins out: the rank falls with about this power of the score.
    let steepness: Double
    /// By which share the crowd grows each day.
    let dailyGrowth: Double
    /// The day on which the table opened, in days since 1970.
    let firstDay: Int
    /// Where the day-to-day unevenness comes from.
    let seed: UInt64

    /// The last rank that the service shows.
    static let lastRank: Int64 = 2_000_000

    /// The rank of `score` on `board` at `moment`, or -1 where that is past `lastRank`. Better scores have better ranks.
    func rank(of score: Int64, on board: Board, at moment: Timestamp) -> Int64 {
        let days = unevenDays(at: moment)
        let age = max(0, days - Double(firstDay == .min ? -10_000 : firstDay))
        let crowd =
            size * Self.share(of: board) * (0.25 + 0.75 * age / (age + 120)) * exp(dailyGrowth * (days - 20_089))
        let rank = 1 + Int64(min(crowd / pow(1 + Double(max(0, score)) / scale, steepness), 1e15))
        return rank > Self.lastRank ? -1 : rank
    }

    /// Days since 1970 on a clock that runs between standing still and double speed, another speed each day.
    private func unevenDays(at moment: Timestamp) -> Double {
        let day = moment.dayNumber
        let milliseconds = moment.milliseconds(since: moment.startOfDay)
        let fraction = Double(milliseconds) / Double(Timestamp.millisecondsPerDay)
        let today = Seed.unit(Seed.mixed(seed, UInt64(bitPattern: Int64(day))))
        let tomorrow = Seed.unit(Seed.mixed(seed, UInt64(bitPattern: Int64(day + 1))))
        return Double(day) + fraction + today * (1 - fraction) + tomorrow * fraction
    }

    private static func share(of board: Board) -> Double {
        switch board {
        case .main: 1
        case .ironman: 0.15
        case .hardcoreIronman: 0.03
        default: 0.01
        }
    }
}
