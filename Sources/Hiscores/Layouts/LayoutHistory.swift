import CivilTime

/// The layouts of the service since December 2017: the newest, and what each change before it did.
///
/// The newest layout is the order of `MetricTable`. Each change says what stood before it, newest first, so a row that
/// the service adds is one line here and one in `MetricTable`.
///
/// Days are those on which the trackers that follow the service took the new rows in (commit times of
/// wise-old-man/wise-old-man, maxswa/osrs-json-hiscores, Judaxx/osrs-json-api and osrs-tracker/osrs-tracker, issues of
/// runelite/runelite), checked against dated answers. Where awerchniak/cdk-hiscores-tracker has another day, that one
/// is marked there as a guess (Scurrius, Araxxor, Phantom Muspah, Rifts closed, PvP Arena, the bosses of April 2023).
/// Updates go out between 08:00 and 14:00 UTC: of the dated answers of 2025 and 2026 none from before 08:45 has its
/// day's new row, and all from after 14:00 have it.
enum LayoutHistory {
    /// The newest layout.
    static let newest = Layout(
        skills: MetricTable.skills.map(\.name), activities: MetricTable.activities.map(\.name))

    /// The layouts by time, oldest first. One without a layout is a time whose order is not known.
    static let eras: [Era] = {
        var eras: [Era] = []
        var layout: Layout? = newest
        for change in changes {
            eras.append(Era(layout: layout, earliest: change.earliest, certain: change.certain))
            for step in change.steps { layout = step.undone(from: layout) }
        }
        return eras.reversed()
    }()

    /// A stretch of time with one layout, up to the next one.
    struct Era: Hashable, Sendable {
        /// The layout, nil where it is not known.
        let layout: Layout?
        /// The first moment at which the service may have served it.
        let earliest: Timestamp
        /// The moment from which on it served nothing older.
        let certain: Timestamp
    }

    private static let changes: [Change] = [
        .on("2026-07-29", .added(["Mad Angel"])),
        .on("2026-06-30", .added(["Maggot King"])),
        .on("2026-02-25", .added(["Brutus"])),
        .on("2025-11-19", .added(["Sailing"])),
        .on("2025-11-05", .added(["Shellbane Gryphon"])),
        .on("2025-10-15", .added(["Grid Points"])),
        .on("2025-07-23", .added(["Doom of Mokhaiotl"])),
        .on("2025-05-14", .added(["Yama"])),
        .on("2025-02-05", .added(["The Royal Titans"])),
        .on("2025-01-29", .added(["Collections Logged"])),
        .on("2024-09-25", .added(["Amoxliatl", "The Hueycoatl"])),
        .on("2024-08-28", .added(["Araxxor"])),
        .on("2024-03-20", .added(["Colosseum Glory", "Lunar Chests", "Sol Heredit"])),
        .on("2024-01-24", .added(["Scurrius"])),
        .on("2023-08-23", .added(["Deadman Points"])),
        .on("2023-07-26", .added(["Duke Sucellus", "The Leviathan", "The Whisperer", "Vardorvis"])),
        .on("2023-05-24", .added(["Bounty Hunter (Legacy) - Hunter", "Bounty Hunter (Legacy) - Rogue"])),
        .on("2023-04-12", .added(["Artio", "Calvar'ion", "Spindel"])),
        .on("2023-01-11", .added(["Phantom Muspah"])),
        .on("2022-08-24", .added(["Tombs of Amascut", "Tombs of Amascut: Expert Mode"])),
        .on("2022-07-13", .added(["PvP Arena - Rank"])),
        .on("2022-04-13", .added(["Rifts closed"])),
        // Nex came with these two exchanged (runelite/runelite#14564), which the service put right a week or so later
        // (Judaxx/osrs-json-api#35 of the 10th, #38 of the 18th).
        .between("2022-01-10T00:00:00Z", "2022-01-18T00:00:00Z", .exchanged("Scorpia", "Skotizo")),
        .on("2022-01-05", .added(["Nex"]), .exchanged("Scorpia", "Skotizo")),
        .on("2021-06-30", .added(["Phosani's Nightmare"])),
        .between("2021-06-02T08:00:00Z", "2021-06-03T14:00:00Z", .added(["Theatre of Blood: Hard Mode"])),
        .on("2021-03-24", .added(["Tempoross"])),
        .on("2021-01-06", .added(["Soul Wars Zeal"])),
        .between("2020-02-12T08:00:00Z", "2020-02-13T14:00:00Z", .added(["Nightmare"])),
        // League Points came in November 2019, most bosses on 2019-12-05, Callisto and Cerberus in the first days of
        // 2020 (runelite/runelite#10397, runelite/plugin-hub#48), and Last Man Standing moved at some time between:
        // from here back to 2019-11-13 the order is not known.
        .at("2020-01-05T00:00:00Z", .listed(before: nil)),
        .at("2019-11-13T00:00:00Z", .listed(before: activitiesOfApril2019)),
        .on("2019-04-11", .listed(before: activitiesOfOctober2018)),
        .between("2018-10-31T00:00:00Z", "2018-11-01T00:00:00Z", .listed(before: activitiesOf2017)),
        // The oldest reader at hand (chippers/osrs_ex).
        .at("2017-12-06T00:00:00Z", .listed(before: nil)),
    ]

    private static let activitiesOfApril2019 = [
        "Bounty Hunter - Hunter", "Bounty Hunter - Rogue", "LMS - Rank", "Clue Scrolls (all)",
        "Clue Scrolls (beginner)", "Clue Scrolls (easy)", "Clue Scrolls (medium)", "Clue Scrolls (hard)",
        "Clue Scrolls (elite)", "Clue Scrolls (master)",
    ]

    private static let activitiesOfOctober2018 = [
        "Bounty Hunter - Hunter", "Bounty Hunter - Rogue", "Clue Scrolls (all)", "Clue Scrolls (easy)",
        "Clue Scrolls (medium)", "Clue Scrolls (hard)", "Clue Scrolls (elite)", "Clue Scrolls (master)", "LMS - Rank",
    ]

    private static let activitiesOf2017 = [
        "Clue Scrolls (easy)", "Clue Scrolls (medium)", "Clue Scrolls (all)", "Bounty Hunter - Rogue",
        "Bounty Hunter - Hunter", "Clue Scrolls (hard)", "LMS - Rank", "Clue Scrolls (elite)", "Clue Scrolls (master)",
    ]
}

/// A change of the layout, seen from after it.
private struct Change {
    let earliest: Timestamp
    let certain: Timestamp
    let steps: [Step]

    enum Step {
        /// These rows were new.
        case added([String])
        /// These two rows of `activities` changed places.
        case exchanged(String, String)
        /// The rows of `activities` were these before; nil where that is not known.
        case listed(before: [String]?)
    }

    /// A change during the usual hours of an update of that day.
    static func on(_ day: String, _ steps: Step...) -> Change {
        change(day + "T08:00:00Z", day + "T14:00:00Z", steps)
    }

    /// A change at some moment of a stretch of time.
    static func between(_ earliest: String, _ certain: String, _ step: Step) -> Change {
        change(earliest, certain, [step])
    }

    /// A border of what is known.
    static func at(_ moment: String, _ step: Step) -> Change { change(moment, moment, [step]) }

    /// A misspelt time would put its layout at the end of time; a test looks for that.
    private static func change(_ earliest: String, _ certain: String, _ steps: [Step]) -> Change {
        Change(
            earliest: Timestamp(rfc3339: earliest) ?? .latest, certain: Timestamp(rfc3339: certain) ?? .latest,
            steps: steps)
    }
}

extension Change.Step {
    /// The layout before this step, given the one after it. Before a stretch of unknown order the skills are those of
    /// the oldest known layout: Sailing apart, they never changed.
    func undone(from layout: Layout?) -> Layout? {
        switch self {
        case .added(let names):
            guard let layout else { return nil }
            return Layout(
                skills: layout.skills.filter { !names.contains($0) },
                activities: layout.activities.filter { !names.contains($0) })
        case .exchanged(let one, let other):
            guard let layout else { return nil }
            let activities = layout.activities.map { $0 == one ? other : $0 == other ? one : $0 }
            return Layout(skills: layout.skills, activities: activities)
        case .listed(let before):
            guard let before else { return nil }
            let skills = LayoutHistory.newest.skills.filter { $0 != "Sailing" }
            return Layout(skills: skills, activities: before)
        }
    }
}
