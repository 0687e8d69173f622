import CivilTime
import Hiscores

/// Turns scores into rows with ranks and levels, in the forms that the service has for what is not ranked.
struct RowBuilder {
    /// Scores by slot.
    let scores: [Int64]
    let board: Board
    /// The moment whose ranks are shown.
    let now: Timestamp
    /// Whether unranked scores show as -1.
    let hidesUnranked: Bool

    private let table = MetricSlots.shared

    init(scores: [Int64], board: Board, now: Timestamp, hidesUnranked: Bool) {
        (self.scores, self.board, self.now, self.hidesUnranked) = (scores, board, now, hidesUnranked)
    }

    /// The row of a skill. Overall is the sum of the others in `names`.
    func skill(_ name: String, id: Int, among names: [String]) -> SkillRow {
        let row: (rank: Int64, level: Int64, xp: Int64)
        if name == Metric.overallName {
            let earned = names.compactMap { table.slots[$0] }.map { scores[$0] }
            let total = earned.reduce(0, +)
            let level = earned.reduce(0) { $0 + ExperienceTable.level(of: $1) }
            row = (Self.everybody.rank(of: total, on: board, at: now), level, total)
        } else if let slot = table.slots[name], scores[slot] > 0 {
            let rank = table.metrics[slot].field.rank(of: scores[slot], on: board, at: now)
            row = (rank, ExperienceTable.level(of: scores[slot]), scores[slot])
        } else {
            row = (-1, 1, hidesUnranked ? -1 : 0)
        }
        return SkillRow(id: Int64(id), name: name, rank: row.rank, level: row.level, xp: row.xp)
    }

    /// The row of an activity. The sum of all clues is that of its tiers.
    func activity(_ name: String, id: Int) -> ActivityRow {
        let score: Int64
        var rank: Int64 = -1
        if name == MetricSlots.allClues {
            score = table.clues.reduce(0) { $0 + scores[$1] }
            if score > 0 { rank = Self.allClues.rank(of: score, on: board, at: now) }
        } else if let slot = table.slots[name] {
            score = scores[slot]
            let metric = table.metrics[slot]
            if score >= metric.minimum { rank = metric.field.rank(of: score, on: board, at: now) }
        } else {
            score = 0
        }
        let shown = rank == -1 && hidesUnranked ? -1 : score
        return ActivityRow(id: Int64(id), name: name, rank: rank, score: shown)
    }

    private static let everybody = Field(
        size: 2_200_000, scale: 14_000_000, steepness: 0.75, dailyGrowth: 6e-4, firstDay: .min, seed: 1)
    private static let allClues = Field(
        size: 900_000, scale: 60, steepness: 0.95, dailyGrowth: 4.5e-4, firstDay: .min, seed: 2)
}
