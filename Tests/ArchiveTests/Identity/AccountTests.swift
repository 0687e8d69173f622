import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@testable import Archive

@Suite("The history of an account, through its renames")
struct AccountTests {
    private let archive: Archive
    private let now = SampleData.moment(1000)

    /// old: 1 at 0, 2 at 10, 9 at 50, a failure at 60; new: 8 at 5, 2 at 20, 3 at 30. old became new at 20, so that the
    /// 9 of old and the 8 of new are others'.
    init() throws {
        archive = try SampleData.archive(in: MemoryStorage())
        var batch = Batch()
        for (name, xp, minute) in [
            ("old", 1, 0), ("old", 2, 10), ("new", 8, 5), ("new", 2, 20), ("new", 3, 30), ("old", 9, 50),
        ] {
            let document = SampleData.document(xp: xp)
            batch.add(try SampleData.observation(document, at: minute, player: name), document: document)
        }
        batch.add(SampleData.failure(.notFound, at: 60, player: "old"), document: nil)
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        _ = try archive.rename(
            SampleData.player("old"), to: SampleData.player("new"), at: SampleData.moment(20), now: now,
            lockTimeout: SampleData.atOnce)
    }

    private func xp(_ ref: String, follows: Bool = true, in archive: Archive? = nil) throws -> Int? {
        let id = try (archive ?? self.archive).resolve(ref, now: now, followingRenames: follows).snapshot
        return (0..<200).first { SHA256.digest(SampleData.document(xp: $0)) == id }
    }

    private func rows(_ name: String, follows: Bool = true, failures: Bool = false) throws -> [String] {
        let logs = try archive.account(named: name, followingRenames: follows).logs
        var rows = MergedRows(of: logs, failures: failures)
        var found: [String] = []
        while let (log, row) = try rows.next() {
            let entry = try log.entry(of: row)
            let minute = entry.observation.capturedAt.milliseconds(since: SampleData.start) / 60_000
            found.append("\(entry.observation.player) \(minute) \(try log.outcome(of: row).rawValue)")
        }
        return found
    }

    @Test("the log of the new name has the old one's rows before the link; unchanged is told across the joint")
    func log() throws {
        #expect(try rows("new") == ["new 30 stored", "new 20 unchanged", "old 10 stored", "old 0 stored"])
        #expect(try rows("new", follows: false) == ["new 30 stored", "new 20 stored", "new 5 stored"])
        #expect(try rows("old", failures: true) == ["old 60 not_found", "old 50 stored"])
        #expect(try rows("old", follows: false) == ["old 50 stored", "old 10 stored", "old 0 stored"])
        let account = try archive.account(named: "new", followingRenames: true)
        #expect(account.foreignObservations == 1 && account.later.isEmpty && account.formerHolders.isEmpty)
        let other = try archive.account(named: "old", followingRenames: true)
        #expect(other.foreignObservations == 2 && other.later.isEmpty)
        #expect(other.formerHolders.map { $0.map(\.to.key) } == [["new"]])
    }

    @Test(arguments: [
        ("new", 3), ("new@{0}", 3), ("new@{1}", 2), ("new@{2}", 2), ("new@{3}", 1), ("new~1", 2), ("new~2", 1),
        ("new@{first}", 1), ("new@{2026-01-01T00:07:00Z}", 1), ("new@{2026-01-01T00:19:59Z}", 2), ("old", 9),
        ("old@{first}", 9), ("main/new@{first}", 1),
    ])
    func referencesFollow(ref: String, expected: Int) throws { #expect(try xp(ref) == expected) }

    @Test(arguments: [
        ("new@{first}", 8), ("new~2", 8), ("old~1", 2), ("old@{first}", 1), ("new@{2026-01-01T00:07:00Z}", 8),
    ])
    func notWhenTold(ref: String, expected: Int) throws { #expect(try xp(ref, follows: false) == expected) }

    @Test("a moment before the account had the name is none of it, and the error says where to look")
    func before() throws {
        #expect {
            _ = try archive.resolve("old@{2026-01-01T00:30:00Z}", now: now)
        } throws: {
            let error = $0 as? ArchiveError
            return error?.code == .refNotFound && error?.message.contains("--no-follow") == true
        }
    }

    @Test("a tag and an id stand in the log of their account, up to its newest name")
    func tags() throws {
        var batch = Batch()
        let target = try archive.resolve("old@{first}", now: now, followingRenames: false).moment
        batch.add(.tag(Tag(name: "start", recordedAt: now, target: target)))
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        for ref in ["start", SHA256.digest(SampleData.document(xp: 1)).hex] {
            let found = try archive.resolve(ref, now: now)
            #expect(found.log?.player.key == "new" && found.log?.successCount == 4, "\(ref)")
            let named = try archive.resolve(ref, now: now, followingRenames: false)
            #expect(named.log?.player.key == "old" && named.log?.successCount == 3, "\(ref)")
        }
    }

    @Test("a name that was left, and that nobody took, stands for the account up to then, failures since with it")
    func left() throws {
        _ = try archive.rename(
            SampleData.player("new"), to: SampleData.player("third"), at: nil, now: now,
            lockTimeout: SampleData.atOnce)
        var batch = Batch()
        batch.add(SampleData.failure(.notFound, at: 2000, player: "new"), document: nil)
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        let account = try archive.account(named: "new", followingRenames: true)
        #expect(account.later.map(\.to.key) == ["third"])
        #expect(try rows("new", failures: true).first == "new 2000 not_found")
        #expect(try xp("new") == 3 && xp("new@{first}") == 1)
        #expect(try xp("third") == 3 && xp("third@{first}") == 1)
        #expect(try archive.history.accounts(followingRenames: true).map(\.name.key) == ["old", "third"])
        #expect(try archive.history.accounts(followingRenames: false).map(\.name.key) == ["new", "old"])
    }

    @Test("sealing changes nothing of it")
    func sealed() throws {
        let before = try rows("new")
        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        #expect(try rows("new") == before)
        #expect(try rows("old", failures: true) == ["old 60 not_found", "old 50 stored"])
        #expect(try Archive.open(archive.storage).history.lineage == archive.history.lineage)
    }

    @Test("links in any places of long logs: each observation is one account's", arguments: 0..<6)
    func model(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let archive = try SampleData.archive(in: MemoryStorage())
        let names = ["a", "b", "c"]
        var (batch, xp) = (Batch(), 0)
        for minute in 0..<120 {
            let name = names.randomElement(using: &random) ?? "a"
            if Bool.random(using: &random) { xp += 1 }
            let document = SampleData.document(xp: xp)
            if Int.random(in: 0..<6, using: &random) == 0 {
                batch.add(SampleData.failure(.notFound, at: minute, player: name), document: nil)
            } else {
                batch.add(try SampleData.observation(document, at: minute, player: name), document: document)
            }
        }
        for _ in 0..<5 {
            batch.add(
                .rename(
                    RenameLink(
                        from: SampleData.player(names.randomElement(using: &random) ?? "a"),
                        to: SampleData.player(names.randomElement(using: &random) ?? "b"),
                        effectiveAt: SampleData.moment(Int.random(in: 0..<120, using: &random)),
                        recordedAt: SampleData.start, isUndone: false)))
        }
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        if seed.isMultiple(of: 2) { _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce) }
        let all = Set(try archive.entries())
        var followed: [LogEntry] = []
        for log in try archive.history.allLogsOfAccounts() {
            let entries = try log.entries()
            #expect(entries.count == log.count && entries.count { $0.observation.result == .ok } == log.successCount)
            #expect(entries.map(\.row.point) == entries.map(\.row.point).sorted())
            #expect(entries.allSatisfy { log.covers($0.observation) })
            for (index, entry) in entries.enumerated() where entry.observation.result == .ok {
                let before = entries[..<index].last { $0.observation.result == .ok }
                #expect(try log.success(before: entry.row) == before, "seed \(seed)")
                let isSame = before?.observation.snapshot == entry.observation.snapshot
                #expect(try log.outcome(of: entry.row) == (isSame ? .unchanged : .stored), "seed \(seed)")
            }
            followed += entries
        }
        #expect(followed.count == all.count && Set(followed) == all, "seed \(seed)")
    }
}
