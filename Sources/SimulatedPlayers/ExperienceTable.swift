import Glibc

/// Levels and experience of a skill, by the game's own formula: level L needs
/// ⌊¼ · Σ (n = 1 … L−1) ⌊n + 300 · 2^(n/7)⌋⌋ experience.
enum ExperienceTable {
    /// The most experience one skill can hold.
    static let maximum: Int64 = 200_000_000

    /// `thresholds[i]` is the experience of level i + 1; 99 of them, from 0 to 13,034,431.
    static let thresholds: [Int64] = {
        var points = 0.0
        var thresholds: [Int64] = [0]
        for level in 1...98 {
            points += (Double(level) + 300 * pow(2, Double(level) / 7)).rounded(.down)
            thresholds.append(Int64(points / 4))
        }
        return thresholds
    }()

    /// The level, 1 to 99, that goes with this much experience.
    static func level(of experience: Int64) -> Int64 {
        var (low, high) = (0, thresholds.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if thresholds[middle] <= experience { low = middle } else { high = middle }
        }
        return Int64(low + 1)
    }
}
