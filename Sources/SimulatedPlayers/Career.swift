import CivilTime
import Glibc
import Synchronization

/// What one account has earned by any moment: a sum of daily sessions, each of which follows from the account's seed
/// and the day alone.
///
/// A question about one day replays at most `blockLength` days. The sums up to each block are kept once computed; the
/// first question about a late day computes all blocks before it, under a microsecond a day in a release build.
final class Career: Sendable {
    /// The day on which the account begins, in days since 1970.
    let firstDay: Int
    private let seed: UInt64
    private let table = MetricSlots.shared
    /// The share of days without play.
    private let idleShare: Double
    /// How much this player gets done, as a factor.
    private let pace: Double
    /// How often a day's play takes in each skill.
    private let affinities: [Double]
    /// Slots of the bosses that this player ever fights.
    private let bosses: [Int]
    private let isNew: Bool
    private let sums: Mutex<Sums>

    /// Days between two kept sums.
    private static let blockLength = 32
    /// 2024-01-01: where the history of accounts begins that were there before.
    static let establishedDay = 19_723

    private struct Sums {
        /// Scores by slot at the start of each block.
        var blocks: [[Int64]]
        /// Scores at the start of the day last asked for, which makes a walk through time cheap.
        var recent: (day: Int, scores: [Int64])
    }

    /// The career of an account that begins at `start` with nothing, or where that is nil of one that was there on
    /// 2024-01-01 with what years of play had brought.
    init(seed: UInt64, start: Timestamp?) {
        self.seed = seed
        firstDay = start?.dayNumber ?? Self.establishedDay
        isNew = start != nil
        var chance = SeededGenerator(seed: seed)
        idleShare = 0.1 + 0.3 * chance.nextUnit()
        pace = 0.3 + 1.4 * chance.nextUnit()
        affinities = (0..<table.skillCount).map { _ in 0.1 + 0.9 * chance.nextUnit() }
        let breadth = 0.25 + 0.65 * chance.nextUnit()
        bosses = table.bosses.filter { _ in chance.happens(breadth) }
        var scores = [Int64](repeating: 0, count: table.metrics.count)
        if !isNew { Self.endow(&scores, bosses: Set(bosses), from: &chance, firstDay: firstDay) }
        if let hitpoints = table.hitpoints { scores[hitpoints] = max(scores[hitpoints], ExperienceTable.thresholds[9]) }
        sums = Mutex(Sums(blocks: [scores], recent: (firstDay, scores)))
    }

    /// The scores by slot at `moment`: experience, kills and the like. Nothing counts before its session has ended, as
    /// the hiscores hear of it at logout.
    func scores(at moment: Timestamp) -> [Int64] {
        let day = max(moment.dayNumber, firstDay)
        var scores = sums.withLock { sum(before: day, &$0) }
        play(day, until: moment.milliseconds(since: moment.startOfDay), &scores)
        return scores
    }

    /// Whether a session ended in `earlier` ... `later`. Looks at no more than the first year.
    func loggedOut(from earlier: Timestamp, through later: Timestamp) -> Bool {
        let (first, last) = (earlier.dayNumber, later.dayNumber)
        guard first <= last else { return false }
        for day in max(first, firstDay)...max(last, firstDay) where day < first + 366 {
            let from = day == first ? earlier.milliseconds(since: earlier.startOfDay) : 0
            let through = day == last ? later.milliseconds(since: later.startOfDay) : .max
            if logouts(on: day).contains(where: { $0 >= from && $0 <= through }) { return true }
        }
        return false
    }

    private func sum(before day: Int, _ sums: inout Sums) -> [Int64] {
        let block = (day - firstDay) / Self.blockLength
        while sums.blocks.count <= block {
            let start = firstDay + (sums.blocks.count - 1) * Self.blockLength
            var scores = sums.blocks[sums.blocks.count - 1]
            for day in start..<start + Self.blockLength { play(day, until: .max, &scores) }
            sums.blocks.append(scores)
        }
        var (start, scores) = (firstDay + block * Self.blockLength, sums.blocks[block])
        if sums.recent.day > start, sums.recent.day <= day { (start, scores) = sums.recent }
        for day in start..<day { play(day, until: .max, &scores) }
        sums.recent = (day, scores)
        return scores
    }

    /// When the sessions of a day end, in milliseconds of that day; none on a day without play.
    private func logouts(on day: Int) -> [Int64] {
        let week = UInt64(bitPattern: Int64(day / 7))
        // Some weeks are holidays from the game.
        guard Seed.unit(Seed.mixed(seed ^ 0x7765_656B, week)) >= 0.05 else { return [] }
        var chance = SeededGenerator(seed: Seed.mixed(seed, UInt64(bitPattern: Int64(day))))
        guard !chance.happens(idleShare) else { return [] }
        let (earliest, latest) = (28_800_000, 86_000_000)
        return (0...chance.next(below: 5)).map { _ in Int64(earliest + chance.next(below: latest - earliest)) }
    }

    /// Adds the gains of the sessions of `day` that have ended by `end`, in milliseconds of the day.
    private func play(_ day: Int, until end: Int64, _ scores: inout [Int64]) {
        let logouts = logouts(on: day)
        guard !logouts.isEmpty else { return }
        var chance = SeededGenerator(seed: Seed.mixed(seed ^ 0x706C_6179, UInt64(bitPattern: Int64(day))))
        let diligence = 0.3 + 0.9 * chance.nextUnit()
        // New accounts learn faster ways first.
        let skill = isNew ? min(1, 0.02 + Double(day - firstDay) / 150) : 1
        for slot in 0..<table.skillCount where chance.happens(affinities[slot] * diligence) {
            let metric = table.metrics[slot]
            let share = chance.nextUnit()
            let counts = logouts[chance.next(below: logouts.count)] <= end && metric.firstDay <= day
            guard counts, metric.kind == .skill else { continue }
            let gain = 1 + Int64(metric.typicalGain * pace * skill * share * share * share)
            scores[slot] = min(scores[slot] + gain, ExperienceTable.maximum)
            if metric.isCombat, let hitpoints = table.hitpoints {
                scores[hitpoints] = min(scores[hitpoints] + gain / 3, ExperienceTable.maximum)
            }
        }
        let goes = chance.nextUnit()
        for _ in 0..<Int(goes * goes * 6) {
            let slot = activity(on: day, &chance)
            let share = chance.nextUnit()
            let logsSlot = chance.happens(0.25)
            guard logouts[chance.next(below: logouts.count)] <= end, let slot, table.metrics[slot].firstDay <= day
            else { continue }
            let metric = table.metrics[slot]
            if metric.kind == .rating {
                let rise = Int64(metric.typicalGain * (share - 0.4))
                scores[slot] = max(metric.minimum, scores[slot] + rise)
            } else {
                scores[slot] += 1 + Int64(metric.typicalGain * pace * skill * share)
            }
            if logsSlot, let collection = table.collection { scores[collection] += 1 }
        }
    }

    /// What a player with an hour to spare does: a clue, one of this month's bosses, or something else.
    private func activity(on day: Int, _ chance: inout SeededGenerator) -> Int? {
        let choice = chance.nextUnit()
        let pick = chance.next()
        func element(_ slots: [Int], _ bits: UInt64) -> Int? {
            slots.isEmpty ? nil : slots[Int(bits % UInt64(slots.count))]
        }
        switch choice {
        case ..<0.45: return element(table.clues, Seed.mixed(seed ^ 0x636C_7565, pick % 5))
        case ..<0.85:
            let month = Seed.mixed(seed ^ 0x626F_7373, UInt64(bitPattern: Int64(day / 30)))
            return element(bosses, Seed.mixed(month, pick % 3))
        case ..<0.95: return element(bosses, pick)
        default: return element(table.others, pick)
        }
    }

    /// What the years before 2024 brought.
    private static func endow(
        _ scores: inout [Int64], bosses: Set<Int>, from chance: inout SeededGenerator, firstDay: Int
    ) {
        let table = MetricSlots.shared
        let wealth = 5.2 + 1.8 * chance.nextUnit()
        for (slot, metric) in table.metrics.enumerated() {
            let (first, second) = (chance.nextUnit(), chance.nextUnit())
            guard metric.firstDay <= firstDay else { continue }
            switch metric.kind {
            case .skill: scores[slot] = min(Int64(pow(10, wealth + first - 0.5)), ExperienceTable.maximum)
            case .hitpoints: break
            case .event: if first < 0.05 { scores[slot] = Int64(metric.typicalScore * second) + 1 }
            default:
                if metric.kind == .boss ? bosses.contains(slot) : first < 0.7 {
                    scores[slot] = metric.minimum + Int64(metric.typicalScore * 3 * second * second)
                }
            }
        }
        guard let hitpoints = table.hitpoints else { return }
        let combat = table.metrics.indices.filter { table.metrics[$0].isCombat }.reduce(0) { $0 + scores[$1] }
        scores[hitpoints] = min(combat / 3, ExperienceTable.maximum)
    }
}
