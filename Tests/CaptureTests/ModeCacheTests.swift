import CanonicalJSON
import Capture
import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@Suite("The mode cache, and which boards are asked")
struct ModeCacheTests {
    private static let hour: Int64 = 3_600_000
    private static let day = 24 * hour
    private let now = CaptureBench.start

    private func player(_ name: String) throws -> PlayerName { try #require(PlayerName(normalising: name)) }

    private static func evidence(_ listed: [Board: Int64], unknown: Set<Board> = []) -> AccountEvidence {
        var evidence = AccountEvidence()
        for board in AccountEvidence.boards where !unknown.contains(board) {
            evidence[board] = listed[board].map { .listed(experience: $0) } ?? .notListed
        }
        return evidence
    }

    private static let hardcore = evidence([.main: 50, .ironman: 50, .hardcoreIronman: 50])
    private static let dead = evidence([.main: 60, .ironman: 60, .hardcoreIronman: 50])
    private static let regular = evidence([.main: 50])

    private func parsed(_ text: String) throws -> ModeCache { try ModeCache(parsing: Array(text.utf8)) }

    private func members(_ cache: ModeCache) throws -> [String: JSONValue] {
        let members = try JSONValue(parsing: cache.encoded()).object ?? []
        return Dictionary(members.map { ($0.name.string, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: The file

    @Test("the earlier tool's file is read, whatever its spellings of names, modes and dates") func earlier() throws {
        let cache = try parsed(
            """
            {"Lynx Titan":{"mode":"hardcore","updated_at":"2025-12-31T12:00:00.123456+00:00"},
             "b":{"mode":"main","updated_at":"2025-12-31T12:00:00"},"c":{"mode":"ultimate","updated_at":1767182400.5},
             "d":{"mode":"hardcore_ironman","updated_at":"2025-12-31T12:00:00Z"},
             "e":{"mode":"gim","updated_at":"2025-12-31T12:00:00Z"},"f":{"mode":"ironman"},"g":7}
            """)
        let found = try ["LYNX-titan", "b", "c", "d", "e", "f", "g", "h"].map { cache[try player($0)] }
        #expect(found.map(\.?.standing.type) == [.hardcore, .regular, .ultimate, .hardcore, nil, nil, nil, nil])
        #expect(found[0]?.updatedAt == Timestamp(rfc3339: "2025-12-31T12:00:00.123Z"))
        #expect(found[1]?.updatedAt == Timestamp(rfc3339: "2025-12-31T12:00:00Z"))
        #expect(found[2]?.updatedAt == Timestamp(rfc3339: "2025-12-31T12:00:00.500Z"))
        #expect(found[0]?.standing.liveBoards == [.main, .ironman, .hardcoreIronman])
        // What cannot be read is kept as it is.
        let kept = try members(cache)
        #expect(kept["e"]?["mode"] == .text("gim") && kept["g"] == .integer(7) && kept["lynx_titan"] != nil)
    }

    @Test("of several spellings the newest counts") func spellings() throws {
        let cache = try parsed(
            """
            {"Lynx Titan":{"mode":"main","updated_at":"2025-01-01T00:00:00Z"},
             "lynx_titan":{"mode":"ironman","updated_at":"2025-03-01T00:00:00Z","note":1},
             "LYNX TITAN":{"mode":"ultimate","updated_at":"2025-02-01T00:00:00Z"}}
            """)
        #expect(cache[try player("lynx titan")]?.standing.type == .ironman)
        #expect(try members(cache).keys.sorted() == ["lynx_titan"])
    }

    @Test("an entry is written in the earlier tool's words and read back whole, unknown members kept") func written()
        throws
    {
        var cache = try parsed(
            #"{"_comment":"mine","a b":{"mode":"hardcore","updated_at":"2025-12-30T00:00:00Z","note":{"x":1}}}"#)
        cache.learn(Self.dead, of: try player("A B"), at: now)
        let entry = try #require(try members(cache)["a_b"])
        #expect(
            entry.object?.map(\.name.string) == [
                "mode", "updated_at", "dead", "deulted", "deironed", "boards", "frozen", "note",
            ])
        #expect(entry["mode"] == .text("ironman") && entry["updated_at"] == .text("2026-01-01T00:00:00.000Z"))
        #expect(entry["frozen"] == .array([.text("hardcore_ironman")]) && entry["note"]?["x"] == .integer(1))
        #expect(try members(cache)["_comment"] == .text("mine"))
        let again = try ModeCache(parsing: cache.encoded())
        let name = try player("a b")
        #expect(again == cache && again[name] == cache[name] && again[name]?.standing.isDead == true)
        cache.learn(Self.regular, of: try player("new"), at: now)
        #expect(try members(cache)["new"]?["mode"] == .text("main"))
    }

    @Test("a file that is no cache is told and taken for an empty one", arguments: ["", "{", "[]", "7", "{\"a\":1"])
    func corrupt(text: String) throws {
        let storage = MemoryStorage(files: ["mode_cache.json": Array(text.utf8)], folders: [])
        let (cache, warning) = ModeCacheFile(in: storage).load()
        #expect(cache == ModeCache())
        #expect(warning?.contains("mode_cache.json") == true)
    }

    @Test("it is put in place in one step; a missing one is empty and no warning") func file() throws {
        let folder = TemporaryFolder()
        let storage = try FileStorage(root: folder.path + "/config")
        let file = ModeCacheFile(in: storage)
        #expect(file.load() == (ModeCache(), nil))
        var cache = ModeCache()
        for name in ["a", "b"] {
            cache.learn(Self.hardcore, of: try player(name), at: now)
            try file.save(cache)
            #expect(file.load() == (cache, nil))
        }
        #expect(try storage.list("") == ["mode_cache.json"])
        let before = MemoryStorage(files: ["mode_cache.json": Array("{}".utf8)], folders: [])
        for operation in 0..<4 {
            let left = MemoryStorage(files: before.files, folders: [])
            let faulty = FaultInjectingStorage(left, fault: Fault(.killedMidWrite, at: operation))
            try? ModeCacheFile(in: faulty).save(cache)
            let (found, warning) = ModeCacheFile(in: left).load()
            #expect((found == cache || found == ModeCache()) && warning == nil, "operation \(operation)")
        }
    }

    // MARK: Learning

    @Test("nothing is learned from what did not answer") func failures() throws {
        var cache = ModeCache()
        let name = try player("a")
        #expect(cache.learn(AccountEvidence(), of: name, at: now) == .nothing)
        #expect(cache.learn(Self.evidence([.main: 50], unknown: [.ironman]), of: name, at: now) == .nothing)
        #expect(cache == ModeCache())
        cache.learn(Self.hardcore, of: name, at: now)
        let known = cache
        let later = now.advanced(byMilliseconds: Self.day)
        for board in [Board.main, .ironman, .hardcoreIronman] {
            let evidence = Self.evidence([.main: 60, .ironman: 60, .hardcoreIronman: 60], unknown: [board])
            #expect(cache.learn(evidence, of: name, at: later) == .nothing, "\(board)")
            #expect(cache == known, "\(board)")
        }
    }

    @Test("boards that were not asked keep what was known of them") func unasked() throws {
        var cache = ModeCache()
        let name = try player("a")
        cache.learn(Self.dead, of: name, at: now)
        // A dead hardcore gives up the mode: only the live boards were asked.
        let left = Self.evidence([.main: 90, .ironman: 60], unknown: [.hardcoreIronman, .ultimate])
        #expect(cache.learn(left, of: name, at: now.advanced(byMilliseconds: 1)) == .learned)
        let standing = try #require(cache[name]).standing
        #expect(standing.type == .regular && standing.isDeironed && standing.isDead)
        #expect(standing.liveBoards == [.main] && standing.frozenBoards == [.ironman, .hardcoreIronman])
    }

    @Test("what looks like a lost mode is asked again before it is believed") func doubt() throws {
        var cache = ModeCache()
        let name = try player("a")
        cache.learn(Self.hardcore, of: name, at: now)
        let later = now.advanced(byMilliseconds: Self.hour)
        #expect(cache.learn(Self.regular, of: name, at: later) == .doubted)
        let doubted = try #require(cache[name])
        #expect(doubted.standing.type == .hardcore && doubted.suspected == .regular && !doubted.isTrusted(at: later))
        #expect(BoardPlan.boards(knowing: doubted, at: later) { _ in later } == AccountEvidence.boards)
        // The 404 was wrong.
        var mended = cache
        #expect(mended.learn(Self.hardcore, of: name, at: later) == .learned)
        #expect(mended[name]?.suspected == nil && mended[name]?.standing.type == .hardcore)
        // It was not.
        #expect(cache.learn(Self.regular, of: name, at: later) == .changedHands)
        #expect(cache[name]?.standing.type == .regular && cache[name]?.suspected == nil)
        #expect(cache[name]?.standing.liveBoards == [.main])
        // From regular to ironman is no matter of a 404.
        #expect(cache.learn(Self.hardcore, of: name, at: later) == .changedHands)
        #expect(cache[name]?.standing.type == .hardcore)
    }

    // MARK: Plans

    private func plan(_ entry: ModeCacheEntry?, after age: Int64, asked: [Board: Int64] = [:]) -> [Board] {
        let moment = now.advanced(byMilliseconds: age)
        return BoardPlan.boards(knowing: entry, at: moment) { board in
            asked[board].map { now.advanced(byMilliseconds: $0) }
        }
    }

    @Test("a player who was never seen is looked for on all four boards") func neverSeen() {
        #expect(plan(nil, after: 0) == [.main, .ironman, .hardcoreIronman, .ultimate])
    }

    @Test("a known one on the boards that move with it, until the entry expires")
    func known() throws {
        let all = AccountEvidence.boards
        for (type, boards, days) in [
            (AccountType.regular, [Board.main], Int64(7)), (.ironman, [.main, .ironman], 7),
            (.hardcore, [.main, .ironman, .hardcoreIronman], 1), (.ultimate, [.main, .ironman, .ultimate], 7),
        ] {
            let entry = ModeCacheEntry(standing: AccountStanding(type), updatedAt: now)
            #expect(plan(entry, after: 0) == boards, "\(type)")
            #expect(plan(entry, after: days * Self.day - 1) == boards, "\(type)")
            #expect(plan(entry, after: days * Self.day) == all, "\(type)")
            // A clock that was set back says nothing of age.
            #expect(plan(entry, after: -1) == all, "\(type)")
        }
        // An ironman of low level, who is not on main.
        var standing = AccountStanding(.ironman)
        standing.liveBoards = [.ironman]
        #expect(plan(ModeCacheEntry(standing: standing, updatedAt: now), after: 1) == [.ironman])
        standing.liveBoards = []
        #expect(plan(ModeCacheEntry(standing: standing, updatedAt: now), after: 1) == all)
    }

    @Test("a frozen board is asked once a week") func frozen() {
        let entry = ModeCacheEntry(standing: AccountStanding(Self.dead), updatedAt: now)
        #expect(entry.standing.liveBoards == [.main, .ironman])
        let asked: [Board: Int64] = [.hardcoreIronman: 0]
        #expect(plan(entry, after: Self.day, asked: asked) == [.main, .ironman])
        #expect(plan(entry, after: 7 * Self.day - 1, asked: asked) == [.main, .ironman])
        #expect(plan(entry, after: 6 * Self.day, asked: [:]) == [.main, .ironman, .hardcoreIronman])
        #expect(
            plan(entry, after: 6 * Self.day, asked: [.hardcoreIronman: -Self.day]) == [
                .main, .ironman, .hardcoreIronman,
            ])
        #expect(plan(entry, after: 6 * Self.day, asked: [.hardcoreIronman: 7 * Self.day]).contains(.hardcoreIronman))
        // An expired entry does not bring it forward.
        #expect(
            plan(entry, after: 8 * Self.day, asked: [.hardcoreIronman: 2 * Self.day]) == [.main, .ironman, .ultimate])
    }
}
