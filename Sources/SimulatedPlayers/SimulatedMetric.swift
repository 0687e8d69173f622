import CivilTime
import Hiscores

/// One skill or activity of the made-up world: how players gain in it and who else stands on its table.
///
/// What the text calls typical was read off series of real accounts; which number within the typical range a metric
/// gets follows from its name alone, so every player meets the same competition.
struct SimulatedMetric {
    /// How its number moves.
    enum Kind {
        /// Experience.
        case skill
        /// Experience that comes with that of the combat skills.
        case hitpoints
        /// Kills of a boss.
        case boss
        /// Clue scrolls of one tier.
        case clue
        /// Finished rounds of a minigame.
        case minigame
        /// A rating, which can fall.
        case rating
        /// Slots of the collection log.
        case collection
        /// Points of an event that few took part in and that is over.
        case event
    }

    let name: String
    let kind: Kind
    /// Whether gains in it bring Hitpoints too.
    let isCombat: Bool
    /// The first day, in days since 1970, on which it can be played.
    let firstDay: Int
    /// The score from which a player is ranked.
    let minimum: Int64
    /// What a player who has it typically has.
    let typicalScore: Double
    /// What one go at it typically brings.
    let typicalGain: Double
    /// The others on its table.
    let field: Field

    init(_ metric: Metric) {
        name = metric.name
        firstDay = metric.firstSeen?.dayNumber ?? .min
        var chance = SeededGenerator(seed: Seed.named(name))
        let (first, second, third, fourth) = (
            chance.nextUnit(), chance.nextUnit(), chance.nextUnit(), chance.nextUnit()
        )
        let spread = 0.5 + first
        kind = Self.kind(of: metric)
        isCombat = Self.combatSkills.contains(name)
        let (minimum, score, gain, size, steepness): (Int64, Double, Double, Double, Double) =
            switch kind {
            case .skill, .hitpoints: (1, 1_000_000, 200_000 * spread, 1_700_000 * (1 + 0.25 * second), 0.6)
            case .boss where Self.rareBosses.contains(name): (1, 3, 1, 150_000, 0.9)
            case .boss: (5, 150 * spread, 20 * spread, 250_000, 0.7)
            case .clue: (1, 40 * spread, 1, 600_000, 0.9)
            case .minigame: (Self.minigameMinimums[name] ?? 2, 120 * spread, 8, 400_000, 0.6)
            case .rating: (name == "LMS - Rank" ? 500 : 2525, 700, 12, 450_000, 1.5)
            case .collection: (500, 500, 1.5, 700_000, 2.5)
            case .event: (100, 2_000, 1, 300_000, 0.5)
            }
        (self.minimum, typicalScore, typicalGain) = (minimum, score, gain)
        field = Field(
            size: metric.kind == .skill ? size : size * (0.5 + 2 * second * second), scale: score * (0.5 + third),
            steepness: steepness * (0.8 + 0.4 * third), dailyGrowth: 2.5e-4 + 5e-4 * fourth,
            firstDay: firstDay, seed: chance.next())
    }

    private static func kind(of metric: Metric) -> Kind {
        switch (metric.name, metric.kind) {
        case ("Hitpoints", _): .hitpoints
        case ("LMS - Rank", _), ("PvP Arena - Rank", _): .rating
        case ("Collections Logged", _): .collection
        case (let name, .minigame) where minigameMinimums[name] != nil: .minigame
        case (_, .skill): .skill
        case (_, .clue): .clue
        case (_, .boss): .boss
        case (_, .minigame), (_, .points): .event
        }
    }

    private static let combatSkills: Set = ["Attack", "Defence", "Strength", "Ranged", "Magic"]
    private static let rareBosses: Set = ["Mimic", "TzKal-Zuk", "Sol Heredit"]
    private static let minigameMinimums: [String: Int64] = [
        "Soul Wars Zeal": 200, "Rifts closed": 2, "Colosseum Glory": 300,
    ]
}

/// All metrics of the newest layout, each with a slot. Overall and the sum of all clues are no metrics: they are
/// computed.
struct MetricSlots {
    /// The metrics by slot, skills first.
    let metrics: [SimulatedMetric]
    /// How many of them are skills.
    let skillCount: Int
    /// The slot of each row name.
    let slots: [String: Int]
    /// The slot of Hitpoints.
    let hitpoints: Int?
    /// The slot of the collection log.
    let collection: Int?
    /// Slots of bosses.
    let bosses: [Int]
    /// Slots of clue tiers.
    let clues: [Int]
    /// Slots of whatever else can be played now and then.
    let others: [Int]

    /// The row that sums the clue tiers.
    static let allClues = "Clue Scrolls (all)"

    /// The metrics that the catalogue has a place for.
    static let shared = MetricSlots(of: Layout.newest)

    private init(of layout: Layout) {
        let names = (layout.skills + layout.activities).filter { $0 != Metric.overallName && $0 != Self.allClues }
        let metrics = names.compactMap { Metric.named($0) }.map(SimulatedMetric.init)
        self.metrics = metrics
        skillCount = metrics.count { [.skill, .hitpoints].contains($0.kind) }
        slots = Dictionary(zip(metrics.map(\.name), metrics.indices), uniquingKeysWith: { first, _ in first })
        hitpoints = metrics.firstIndex { $0.kind == .hitpoints }
        collection = metrics.firstIndex { $0.kind == .collection }
        bosses = metrics.indices.filter { metrics[$0].kind == .boss }
        clues = metrics.indices.filter { metrics[$0].kind == .clue }
        others = metrics.indices.filter { [.minigame, .rating].contains(metrics[$0].kind) }
    }
}

extension Timestamp {
    /// Whole days since 1970-01-01.
    var dayNumber: Int {
        Int(startOfDay.millisecondsSinceEpoch / Self.millisecondsPerDay)
    }
}
