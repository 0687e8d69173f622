import CanonicalJSON
import CivilTime
import Hiscores
import SimulatedPlayers
import Testing

@Suite struct ModelTests {
    @Test func equalSeedsGiveEqualDocuments() throws {
        let now = try moment("2026-03-05T20:00:00Z")
        for board in [Board.main, .ironman] {
            let documents = try (0..<2).map { _ in
                try #require(try makePlayer("Alrena", "ironman", seed: 7).document(board: board, at: now))
                    .compactBytes()
            }
            #expect(documents[0] == documents[1])
        }
        let other = try makePlayer("Alrena", "ironman", seed: 8).document(board: .main, at: now)
        #expect(try makePlayer("Alrena", "ironman", seed: 7).document(board: .main, at: now) != other)
    }

    @Test func theAnswerDoesNotDependOnWhatWasAskedBefore() throws {
        let walked = try makePlayer("Bolren", "regular")
        let moments = try dailyMoments(from: "2025-01-01T18:30:00Z", count: 90)
        let inOrder = moments.map { walked.hiscores(on: .main, at: $0) }
        let backwards = moments.reversed().map { walked.hiscores(on: .main, at: $0) }
        #expect(inOrder == backwards.reversed())
        #expect(try makePlayer("bolren", "regular").hiscores(on: .main, at: moments[41])?.skills == inOrder[41]?.skills)
    }

    @Test func experienceAndKillsNeverFallAndNothingPassesItsLimit() throws {
        for name in ["Cooper", "Drezel", "Elnock"] {
            let player = try makePlayer(name, "regular")
            var previous: HiscoreDocument?
            for hours in stride(from: 0, to: 24 * 900, by: 31) {
                let now = try moment("2024-06-01").advanced(byMilliseconds: Int64(hours) * 3_600_000)
                let document = try #require(player.hiscores(on: .main, at: now))
                #expect(
                    document.skills.dropFirst().allSatisfy { row in
                        (-1...200_000_000).contains(row.xp ?? -2) && (1...99).contains(row.level ?? 0)
                            && (row.rank == -1 || (1...2_000_000).contains(row.rank ?? 0))
                    })
                if let previous {
                    let pairs = zip(previous.skills, document.skills)
                    #expect(pairs.allSatisfy { $0.name != $1.name || ($0.xp ?? 0) <= ($1.xp ?? 0) })
                    let ratings: Set = ["LMS - Rank", "PvP Arena - Rank"]
                    let scores = Dictionary(uniqueKeysWithValues: previous.activities.map { ($0.name, $0.score ?? -1) })
                    let fallen = document.activities.filter { scores[$0.name] ?? -1 > $0.score ?? -1 }.map(\.name)
                    #expect(ratings.isSuperset(of: fallen), "\(name) at \(now)")
                }
                previous = document
            }
        }
    }

    @Test func sumsAreThoseOfTheirParts() throws {
        let document = try #require(
            try makePlayer("Fadli", "regular").hiscores(on: .main, at: try moment("2026-06-01T12:00:00Z")))
        let skills = document.skills.dropFirst()
        #expect(document.skills[0].name == "Overall")
        #expect(document.skills[0].xp == skills.reduce(0) { $0 + ($1.xp ?? 0) })
        #expect(document.skills[0].level == skills.reduce(0) { $0 + ($1.level ?? 0) })
        let clues = document.activities.filter { $0.name.hasPrefix("Clue Scrolls (") }
        #expect(clues[0].score == clues.dropFirst().reduce(0) { $0 + max(0, $1.score ?? 0) })
        #expect(document.activities.map(\.id) == (0..<document.activities.count).map { Int64($0) })
    }

    @Test func ranksWorsenWhileThePlayerRestsAndBetterScoresRankBetter() throws {
        let player = try makePlayer("Gertrude", "regular")
        var rests = 0
        var improved: [String] = []
        for now in try dailyMoments(from: "2025-06-01T04:15:00Z", count: 60) {
            let before = try #require(player.hiscores(on: .main, at: now))
            let after = try #require(
                player.hiscores(on: .main, at: now.advanced(byMilliseconds: 3 * Timestamp.millisecondsPerDay)))
            for (old, new) in zip(before.skills, after.skills) where old.xp == new.xp && old.rank != -1 {
                rests += 1
                if new.rank != -1, new.rank ?? 0 < old.rank ?? 0 { improved.append(new.name) }
            }
        }
        #expect(rests > 100 && improved.isEmpty)
        let now = try moment("2026-01-01")
        var attacks: [(xp: Int64, rank: Int64)] = []
        for number in 0..<30 {
            let row = try makePlayer("Crowd \(number)", "regular").hiscores(on: .main, at: now)?.skills[1]
            if let xp = row?.xp, let rank = row?.rank, rank != -1 { attacks.append((xp, rank)) }
        }
        attacks.sort { $0.xp < $1.xp }
        #expect(attacks.map(\.rank) == attacks.map(\.rank).sorted(by: >))
    }

    /// The measures of shared/data/README.md: 84 changed numbers a daily step, 73 of them ranks; 30 % of daily steps,
    /// 52 % of steps of five hours and 92 % of steps under half an hour differ in ranks alone.
    @Test func stepsAreShapedAsThoseOfRealAccounts() throws {
        let daily = try steps(of: 16, every: 1440)
        #expect((60...110).contains(daily.medianChanged), "\(daily)")
        #expect((50...100).contains(daily.medianRanks), "\(daily)")
        #expect((0.2...0.4).contains(daily.shareInRanksAlone), "\(daily)")
        #expect(daily.shareIdentical == 0, "\(daily)")
        #expect((150_000...900_000).contains(daily.medianExperience), "\(daily)")
        let short = try steps(of: 4, every: 300)
        #expect((0.45...0.85).contains(short.shareInRanksAlone), "\(short)")
        let shortest = try steps(of: 4, every: 20)
        #expect((0.85...1).contains(shortest.shareInRanksAlone), "\(shortest)")
    }

    private struct Steps {
        var medianChanged = 0
        var medianRanks = 0
        var shareInRanksAlone = 0.0
        var shareIdentical = 0.0
        /// Of the steps that brought some.
        var medianExperience: Int64 = 0
    }

    private func steps(of players: Int, every minutes: Int64) throws -> Steps {
        var changed: [Int] = []
        var ranks: [Int] = []
        var experience: [Int64] = []
        for number in 0..<players {
            let player = try makePlayer("Walker \(number)", "regular")
            var previous: [String: [Int64]] = [:]
            for step in 0..<80 {
                let now = try moment("2025-12-01T04:15:00Z").advanced(byMilliseconds: Int64(step) * minutes * 60_000)
                let document = try #require(player.hiscores(on: .main, at: now))
                var rows: [String: [Int64]] = [:]
                for row in document.skills {
                    rows["skill \(row.name)"] = [row.rank, row.level, row.xp].map { $0 ?? .min }
                }
                for row in document.activities {
                    rows["activity \(row.name)"] = [row.rank, row.score].map { $0 ?? .min }
                }
                if step > 0 {
                    let pairs = rows.compactMap { name, new in previous[name].map { zip($0, new).map { $0 != $1 } } }
                    changed.append(pairs.reduce(0) { $0 + $1.count { $0 } })
                    ranks.append(pairs.count { $0[0] })
                    let (old, new) = (previous["skill Overall"]?[2], rows["skill Overall"]?[2])
                    if let old, let new, new > old { experience.append(new - old) }
                }
                previous = rows
            }
        }
        return Steps(
            medianChanged: changed.sorted()[changed.count / 2], medianRanks: ranks.sorted()[ranks.count / 2],
            shareInRanksAlone: Double(zip(changed, ranks).count { $0 == $1 && $0 > 0 }) / Double(changed.count),
            shareIdentical: Double(changed.count { $0 == 0 }) / Double(changed.count),
            medianExperience: experience.isEmpty ? 0 : experience.sorted()[experience.count / 2])
    }
}
