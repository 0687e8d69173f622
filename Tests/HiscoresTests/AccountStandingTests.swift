import Hiscores
import Testing

/// Account types, from what the four boards say.
@Suite("Account standings")
struct AccountStandingTests {
    /// What four boards say, written as `main ironman hardcore ultimate`: an experience, `-` for not listed, `?` for
    /// unknown, `~` for listed without an experience.
    private static func evidence(_ text: String) -> AccountEvidence {
        let words = text.split(separator: " ")
        var evidence = AccountEvidence()
        for (board, word) in zip(AccountEvidence.boards, words) {
            evidence[board] =
                switch word {
                case "-": .notListed
                case "?": .unknown
                case "~": .listed(experience: nil)
                default: .listed(experience: Int64(word))
                }
        }
        return evidence
    }

    /// The type and flags in a few words.
    private static func words(_ standing: AccountStanding) -> String {
        let flags = [
            standing.isDead ? "dead" : "", standing.isDeulted ? "deulted" : "", standing.isDeironed ? "deironed" : "",
        ]
        return ([standing.type?.rawValue ?? "unknown"] + flags.filter { !$0.isEmpty }).joined(separator: " ")
    }

    @Test(
        "the type, what it was, and the boards that have stopped",
        arguments: [
            // Main alone.
            ("50 - - -", "regular", ""), ("~ - - -", "regular", ""), ("- - - -", "unknown", ""),
            ("? - - -", "unknown", ""), ("50 ? - -", "unknown", ""), ("50 - ? -", "regular", ""),
            ("50 - ? ?", "regular", ""), ("? ? ? ?", "unknown", ""),
            // The ironman board's 404 contradicts another board.
            ("50 - 50 -", "unknown", ""), ("50 - - 50", "unknown", ""),
            // Ironmen.
            ("50 50 - -", "ironman", ""), ("50 60 - -", "ironman", ""), ("- 50 - -", "ironman", ""),
            ("? 50 - -", "unknown", ""), ("50 50 ? -", "unknown", ""), ("50 50 - ?", "unknown", ""),
            ("50 ~ - -", "unknown", ""), ("~ 50 - -", "unknown", ""), ("- ~ - -", "ironman", ""),
            // Hardcore ones, alive and dead.
            ("50 50 50 -", "hardcore", ""), ("50 50 51 -", "hardcore", ""), ("- 50 50 -", "hardcore", ""),
            ("50 50 50 ?", "hardcore", ""), ("? 50 50 -", "unknown", ""), ("50 50 ~ -", "unknown", ""),
            ("50 50 40 -", "ironman dead", "hardcore_ironman"), ("50 50 40 ?", "ironman dead", "hardcore_ironman"),
            ("- 50 40 -", "ironman dead", "hardcore_ironman"), ("? 50 40 -", "unknown dead", "hardcore_ironman"),
            // Ultimate ones, and former ones.
            ("50 50 - 50", "ultimate", ""), ("50 50 ? 50", "ultimate", ""), ("50 50 - 51", "ultimate", ""),
            ("50 50 - 40", "ironman deulted", "ultimate"), ("50 50 ? 40", "ironman deulted", "ultimate"),
            // No account is both, but may be listed as both once it was.
            ("50 50 50 50", "unknown", ""), ("50 50 40 40", "ironman dead deulted", "hardcore_ironman ultimate"),
            // Whoever gave it up.
            ("60 50 - -", "regular deironed", "ironman"), ("60 50 ? ?", "regular deironed", "ironman"),
            ("60 50 50 -", "regular deironed", "ironman hardcore_ironman"),
            ("60 50 40 -", "regular dead deironed", "ironman hardcore_ironman"),
            ("60 50 - 50", "regular deironed", "ironman ultimate"),
            ("60 50 - 40", "regular deulted deironed", "ironman ultimate"),
            // Beyond 32 bits.
            ("4800000000 4799999999 - -", "regular deironed", "ironman"),
        ])
    func derived(evidence: String, expected: String, frozen: String) {
        let standing = AccountStanding(Self.evidence(evidence))
        #expect(Self.words(standing) == expected)
        #expect(standing.frozenBoards.map(\.rawValue).joined(separator: " ") == frozen)
        let listed = AccountEvidence.boards.filter { Self.evidence(evidence)[$0].isListed }
        #expect(Set(standing.liveBoards).isDisjoint(with: standing.frozenBoards))
        #expect(Set(standing.liveBoards + standing.frozenBoards) == Set(listed))
    }

    @Test("a document says its Overall experience where it has one") func testimony() {
        func overall(_ rank: Int64?, _ level: Int64?, _ xp: Int64?) -> BoardTestimony {
            BoardTestimony(
                HiscoreDocument(
                    name: nil, skills: [SkillRow(id: 0, name: "Overall", rank: rank, level: level, xp: xp)],
                    activities: []))
        }
        #expect(overall(5, 99, 4_800_000_000) == .listed(experience: 4_800_000_000))
        #expect(overall(-1, 32, 1200) == .listed(experience: 1200))
        for xp in [0, -1, nil] as [Int64?] { #expect(overall(-1, 0, xp) == .listed(experience: nil)) }
        #expect(BoardTestimony(HiscoreDocument(name: nil, skills: [], activities: [])) == .listed(experience: nil))
    }

    @Test(
        "what an account can become",
        arguments: [
            ("50 - - -", "60 - - -", AccountStanding.Change.possible), ("50 - - -", "60 60 - -", .impossible),
            ("50 - - -", "60 60 60 -", .impossible), ("50 - - -", "60 60 - 60", .impossible),
            ("50 50 - -", "60 60 - -", .possible), ("50 50 - -", "60 50 - -", .possible),
            ("50 50 - -", "60 - - -", .doubtful), ("50 50 - -", "60 60 60 -", .impossible),
            ("50 50 - -", "60 60 - 60", .impossible), ("50 50 50 -", "60 60 60 -", .possible),
            ("50 50 50 -", "60 60 50 -", .possible), ("50 50 50 -", "60 60 - -", .doubtful),
            ("50 50 50 -", "60 50 50 -", .possible), ("50 50 50 -", "60 - - -", .doubtful),
            ("50 50 50 -", "60 60 - 60", .impossible), ("50 50 - 50", "60 60 - 50", .possible),
            ("50 50 - 50", "60 60 - -", .doubtful), ("50 50 - 50", "60 60 60 -", .impossible),
            ("50 50 40 -", "60 60 60 -", .impossible), ("60 50 - -", "70 70 - -", .impossible),
            ("50 50 - -", "? ? ? ?", .possible), ("- - - -", "60 60 - -", .possible),
        ])
    func changes(from: String, to: String, expected: AccountStanding.Change) {
        #expect(AccountStanding(Self.evidence(from)).change(to: AccountStanding(Self.evidence(to))) == expected)
    }
}
