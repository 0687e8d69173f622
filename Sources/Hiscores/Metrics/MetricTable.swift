/// The catalogue: one line a row of the service, in the order of its newest answer.
///
/// Columns: the row's name as served; its kind; its Wise Old Man metric; its osrs-json-hiscores key; the first day on
/// which the service may have served it, nil where that is before the oldest known answer (December 2017) or not known.
/// A row that the service adds is one line here, at its place, and one in `LayoutHistory`. Identifiers are those of
/// wise-old-man/wise-old-man (`metric.enum.ts`, 2026-08) and maxswa/osrs-json-hiscores 2.27.0 (`constants.ts`).
enum MetricTable {
    /// The rows of `skills`.
    static let skills: [Metric] = [
        Metric("Overall", .skill, "overall", "overall", nil),
        Metric("Attack", .skill, "attack", "attack", nil),
        Metric("Defence", .skill, "defence", "defence", nil),
        Metric("Strength", .skill, "strength", "strength", nil),
        Metric("Hitpoints", .skill, "hitpoints", "hitpoints", nil),
        Metric("Ranged", .skill, "ranged", "ranged", nil),
        Metric("Prayer", .skill, "prayer", "prayer", nil),
        Metric("Magic", .skill, "magic", "magic", nil),
        Metric("Cooking", .skill, "cooking", "cooking", nil),
        Metric("Woodcutting", .skill, "woodcutting", "woodcutting", nil),
        Metric("Fletching", .skill, "fletching", "fletching", nil),
        Metric("Fishing", .skill, "fishing", "fishing", nil),
        Metric("Firemaking", .skill, "firemaking", "firemaking", nil),
        Metric("Crafting", .skill, "crafting", "crafting", nil),
        Metric("Smithing", .skill, "smithing", "smithing", nil),
        Metric("Mining", .skill, "mining", "mining", nil),
        Metric("Herblore", .skill, "herblore", "herblore", nil),
        Metric("Agility", .skill, "agility", "agility", nil),
        Metric("Thieving", .skill, "thieving", "thieving", nil),
        Metric("Slayer", .skill, "slayer", "slayer", nil),
        Metric("Farming", .skill, "farming", "farming", nil),
        Metric("Runecraft", .skill, "runecrafting", "runecraft", nil),
        Metric("Hunter", .skill, "hunter", "hunter", nil),
        Metric("Construction", .skill, "construction", "construction", nil),
        Metric("Sailing", .skill, "sailing", "sailing", "2025-11-19"),
    ]

    /// The rows of `activities`.
    static let activities: [Metric] = [
        Metric("Grid Points", .points, nil, nil, "2025-10-15"),
        Metric("League Points", .points, nil, "leaguePoints", "2019-11-14"),
        Metric("Deadman Points", .points, nil, "deadmanPoints", "2023-08-23"),
        Metric("Bounty Hunter - Hunter", .minigame, "bounty_hunter_hunter", "hunterBHV2", nil),
        Metric("Bounty Hunter - Rogue", .minigame, "bounty_hunter_rogue", "rogueBHV2", nil),
        Metric("Bounty Hunter (Legacy) - Hunter", .minigame, nil, "hunterBH", "2023-05-24"),
        Metric("Bounty Hunter (Legacy) - Rogue", .minigame, nil, "rogueBH", "2023-05-24"),
        Metric("Clue Scrolls (all)", .clue, "clue_scrolls_all", "allClues", nil),
        Metric("Clue Scrolls (beginner)", .clue, "clue_scrolls_beginner", "beginnerClues", "2019-04-11"),
        Metric("Clue Scrolls (easy)", .clue, "clue_scrolls_easy", "easyClues", nil),
        Metric("Clue Scrolls (medium)", .clue, "clue_scrolls_medium", "mediumClues", nil),
        Metric("Clue Scrolls (hard)", .clue, "clue_scrolls_hard", "hardClues", nil),
        Metric("Clue Scrolls (elite)", .clue, "clue_scrolls_elite", "eliteClues", nil),
        Metric("Clue Scrolls (master)", .clue, "clue_scrolls_master", "masterClues", nil),
        Metric("LMS - Rank", .minigame, "last_man_standing", "lastManStanding", nil),
        Metric("PvP Arena - Rank", .minigame, "pvp_arena", "pvpArena", "2022-07-13"),
        Metric("Soul Wars Zeal", .minigame, "soul_wars_zeal", "soulWarsZeal", "2021-01-06"),
        Metric("Rifts closed", .minigame, "guardians_of_the_rift", "riftsClosed", "2022-04-13"),
        Metric("Colosseum Glory", .points, "colosseum_glory", "colosseumGlory", "2024-03-20"),
        Metric("Collections Logged", .points, "collections_logged", "collectionsLogged", "2025-01-29"),
        Metric("Abyssal Sire", .boss, "abyssal_sire", "abyssalSire", "2019-12-05"),
        Metric("Alchemical Hydra", .boss, "alchemical_hydra", "alchemicalHydra", "2019-12-05"),
        Metric("Amoxliatl", .boss, "amoxliatl", "amoxliatl", "2024-09-25"),
        Metric("Araxxor", .boss, "araxxor", "araxxor", "2024-08-28"),
        Metric("Artio", .boss, "artio", "artio", "2023-04-12"),
        Metric("Barrows Chests", .boss, "barrows_chests", "barrows", "2019-12-05"),
        Metric("Brutus", .boss, "brutus", "brutus", "2026-02-25"),
        Metric("Bryophyta", .boss, "bryophyta", "bryophyta", "2019-12-05"),
        Metric("Callisto", .boss, "callisto", "callisto", "2020-01-04"),
        Metric("Calvar'ion", .boss, "calvarion", "calvarion", "2023-04-12"),
        Metric("Cerberus", .boss, "cerberus", "cerberus", "2020-01-04"),
        Metric("Chambers of Xeric", .boss, "chambers_of_xeric", "chambersOfXeric", "2019-12-05"),
        Metric(
            "Chambers of Xeric: Challenge Mode", .boss, "chambers_of_xeric_challenge_mode",
            "chambersOfXericChallengeMode", "2019-12-05"),
        Metric("Chaos Elemental", .boss, "chaos_elemental", "chaosElemental", "2019-12-05"),
        Metric("Chaos Fanatic", .boss, "chaos_fanatic", "chaosFanatic", "2019-12-05"),
        Metric("Commander Zilyana", .boss, "commander_zilyana", "commanderZilyana", "2019-12-05"),
        Metric("Corporeal Beast", .boss, "corporeal_beast", "corporealBeast", "2019-12-05"),
        Metric("Crazy Archaeologist", .boss, "crazy_archaeologist", "crazyArchaeologist", "2019-12-05"),
        Metric("Dagannoth Prime", .boss, "dagannoth_prime", "dagannothPrime", "2019-12-05"),
        Metric("Dagannoth Rex", .boss, "dagannoth_rex", "dagannothRex", "2019-12-05"),
        Metric("Dagannoth Supreme", .boss, "dagannoth_supreme", "dagannothSupreme", "2019-12-05"),
        Metric("Deranged Archaeologist", .boss, "deranged_archaeologist", "derangedArchaeologist", "2019-12-05"),
        Metric("Doom of Mokhaiotl", .boss, "doom_of_mokhaiotl", "doomOfMokhaiotl", "2025-07-23"),
        Metric("Duke Sucellus", .boss, "duke_sucellus", "dukeSucellus", "2023-07-26"),
        Metric("General Graardor", .boss, "general_graardor", "generalGraardor", "2019-12-05"),
        Metric("Giant Mole", .boss, "giant_mole", "giantMole", "2019-12-05"),
        Metric("Grotesque Guardians", .boss, "grotesque_guardians", "grotesqueGuardians", "2019-12-05"),
        Metric("Hespori", .boss, "hespori", "hespori", "2019-12-05"),
        Metric("Kalphite Queen", .boss, "kalphite_queen", "kalphiteQueen", "2019-12-05"),
        Metric("King Black Dragon", .boss, "king_black_dragon", "kingBlackDragon", "2019-12-05"),
        Metric("Kraken", .boss, "kraken", "kraken", "2019-12-05"),
        Metric("Kree'Arra", .boss, "kreearra", "kreeArra", "2019-12-05"),
        Metric("K'ril Tsutsaroth", .boss, "kril_tsutsaroth", "krilTsutsaroth", "2019-12-05"),
        Metric("Lunar Chests", .boss, "lunar_chests", "lunarChests", "2024-03-20"),
        Metric("Mad Angel", .boss, "mad_angel", "madAngel", "2026-07-29"),
        Metric("Maggot King", .boss, "maggot_king", "maggotKing", "2026-06-30"),
        Metric("Mimic", .boss, "mimic", "mimic", "2019-12-05"),
        Metric("Nex", .boss, "nex", "nex", "2022-01-05"),
        Metric("Nightmare", .boss, "nightmare", "nightmare", "2020-02-12"),
        Metric("Phosani's Nightmare", .boss, "phosanis_nightmare", "phosanisNightmare", "2021-06-30"),
        Metric("Obor", .boss, "obor", "obor", "2019-12-05"),
        Metric("Phantom Muspah", .boss, "phantom_muspah", "phantomMuspah", "2023-01-11"),
        Metric("Sarachnis", .boss, "sarachnis", "sarachnis", "2019-12-05"),
        Metric("Scorpia", .boss, "scorpia", "scorpia", "2019-12-05"),
        Metric("Scurrius", .boss, "scurrius", "scurrius", "2024-01-24"),
        Metric("Shellbane Gryphon", .boss, "shellbane_gryphon", "shellbaneGryphon", "2025-11-05"),
        Metric("Skotizo", .boss, "skotizo", "skotizo", "2019-12-05"),
        Metric("Sol Heredit", .boss, "sol_heredit", "solHeredit", "2024-03-20"),
        Metric("Spindel", .boss, "spindel", "spindel", "2023-04-12"),
        Metric("Tempoross", .boss, "tempoross", "tempoross", "2021-03-24"),
        Metric("The Gauntlet", .boss, "the_gauntlet", "gauntlet", "2019-12-05"),
        Metric("The Corrupted Gauntlet", .boss, "the_corrupted_gauntlet", "corruptedGauntlet", "2019-12-05"),
        Metric("The Hueycoatl", .boss, "the_hueycoatl", "hueycoatl", "2024-09-25"),
        Metric("The Leviathan", .boss, "the_leviathan", "leviathan", "2023-07-26"),
        Metric("The Royal Titans", .boss, "the_royal_titans", "royalTitans", "2025-02-05"),
        Metric("The Whisperer", .boss, "the_whisperer", "whisperer", "2023-07-26"),
        Metric("Theatre of Blood", .boss, "theatre_of_blood", "theatreOfBlood", "2019-12-05"),
        Metric(
            "Theatre of Blood: Hard Mode", .boss, "theatre_of_blood_hard_mode", "theatreOfBloodHardMode", "2021-06-02"),
        Metric(
            "Thermonuclear Smoke Devil", .boss, "thermonuclear_smoke_devil", "thermonuclearSmokeDevil", "2019-12-05"),
        Metric("Tombs of Amascut", .boss, "tombs_of_amascut", "tombsOfAmascut", "2022-08-24"),
        Metric(
            "Tombs of Amascut: Expert Mode", .boss, "tombs_of_amascut_expert", "tombsOfAmascutExpertMode", "2022-08-24"),
        Metric("TzKal-Zuk", .boss, "tzkal_zuk", "tzKalZuk", "2019-12-05"),
        Metric("TzTok-Jad", .boss, "tztok_jad", "tzTokJad", "2019-12-05"),
        Metric("Vardorvis", .boss, "vardorvis", "vardorvis", "2023-07-26"),
        Metric("Venenatis", .boss, "venenatis", "venenatis", "2019-12-05"),
        Metric("Vet'ion", .boss, "vetion", "vetion", "2019-12-05"),
        Metric("Vorkath", .boss, "vorkath", "vorkath", "2019-12-05"),
        Metric("Wintertodt", .boss, "wintertodt", "wintertodt", "2019-12-05"),
        Metric("Yama", .boss, "yama", "yama", "2025-05-14"),
        Metric("Zalcano", .boss, "zalcano", "zalcano", "2019-12-05"),
        Metric("Zulrah", .boss, "zulrah", "zulrah", "2019-12-05"),
    ]

    /// Rows that are known to exist while their place in the order is not.
    static let unplaced: [Metric] = [
        Metric("The Fractured Archive", .boss, "the_fractured_archive", nil, nil)
    ]

    /// Other spellings of a row's name: older ones, and those that clients show.
    static let otherNames: [String: String] = [
        "Barrows": "Barrows Chests",
        "Bounty Hunter - Rogues": "Bounty Hunter - Rogue",
        "Clue Scrolls All": "Clue Scrolls (all)",
        "Clue Scrolls Easy": "Clue Scrolls (easy)",
        "Clue Scrolls Elite": "Clue Scrolls (elite)",
        "Clue Scrolls Hard": "Clue Scrolls (hard)",
        "Clue Scrolls Master": "Clue Scrolls (master)",
        "Clue Scrolls Medium": "Clue Scrolls (medium)",
        "Guardians of the Rift": "Rifts closed",
        "LMS Rank": "LMS - Rank",
        "Last Man Standing": "LMS - Rank",
        "PvP Arena": "PvP Arena - Rank",
        "Runecrafting": "Runecraft",
        "The Nightmare": "Nightmare",
    ]

    /// Wise Old Man metrics that are no more, as older snapshots have them.
    static let formerWiseOldManIdentifiers: [String: String] = [
        "league_points": "League Points"
    ]
}
