import Archive
import CivilTime
import Hiscores
import ObjectStore
import Testing

@Suite("Renaming")
struct RenameTests {
    private let storage = MemoryStorage()
    private let archive: Archive
    private let now = SampleData.moment(1000)

    init() throws { archive = try SampleData.archive(in: storage) }

    private func capture(_ name: String, at minutes: Int...) throws {
        for minute in minutes {
            try archive.commit(
                try SampleData.batch(xp: minute..<minute + 1, from: minute, player: name),
                lockTimeout: SampleData.atOnce)
        }
    }

    @discardableResult
    private func rename(_ old: String, _ new: String, at minute: Int? = nil) throws -> Int64 {
        let link = try archive.rename(
            SampleData.player(old), to: SampleData.player(new), at: minute.map(SampleData.moment), now: now,
            lockTimeout: SampleData.atOnce)
        return link.effectiveAt.milliseconds(since: SampleData.start) / 60_000
    }

    @discardableResult
    private func undo(_ old: String, _ new: String, at minute: Int? = nil) throws -> Int64 {
        let link = try archive.undoRename(
            SampleData.player(old), to: SampleData.player(new), at: minute.map(SampleData.moment), now: now,
            lockTimeout: SampleData.atOnce)
        #expect(link.isUndone)
        return link.effectiveAt.milliseconds(since: SampleData.start) / 60_000
    }

    private func code(_ body: () throws -> Int64) -> ArchiveError.Code? {
        do { _ = try body() } catch { return (error as? ArchiveError)?.code }
        return nil
    }

    @Test("the moment is that of the new name's first snapshot behind the old one's last")
    func first() throws {
        try capture("a", at: 1, 5)
        try capture("b", at: 3, 9, 12)
        #expect(try rename("a", "b") == 9)
        #expect(try Archive.open(storage).history.lineage.links.count == 1)
    }

    @Test("where the new name has none, it is now; where it has older ones alone, it must be said")
    func unseen() throws {
        try capture("a", at: 1, 5)
        try capture("b", at: 3)
        #expect(code { try rename("a", "b") } == .renameMomentUnknown)
        #expect(try rename("a", "b", at: 4) == 4)
        try capture("c", at: 7)
        #expect(try rename("c", "d") == 1000)
    }

    @Test("A to B to A, captured again or not")
    func back() throws {
        try capture("a", at: 1)
        try capture("b", at: 10, 11)
        try rename("a", "b")
        try capture("a", at: 20)
        #expect(try rename("b", "a") == 20)
        #expect(try undo("b", "a") == 20)
        #expect(try rename("b", "a", at: 15) == 15)
        #expect(try archive.resolve("a@{first}", now: now).entry?.observation.capturedAt == SampleData.moment(1))
        #expect(try archive.account(named: "b", followingRenames: true).later.map(\.to.key) == ["a"])
    }

    @Test("a name that was left and not seen since is none to rename; the error names the newer one")
    func stale() throws {
        try capture("a", at: 1)
        try rename("a", "b", at: 5)
        #expect(code { try rename("a", "c") } == .refNotFound)
        #expect(try rename("b", "c", at: 8) == 8)
    }

    @Test("what is unknown, stands already, or contradicts what stands is refused")
    func refused() throws {
        try capture("a", at: 1, 2)
        try capture("c", at: 1)
        #expect(code { try rename("nobody", "b") } == .playerNotFound)
        try rename("a", "b", at: 10)
        #expect(code { try rename("a", "b", at: 10) } == .renameExists)
        #expect(code { try rename("a", "b", at: 20) } == .renameExists)
        #expect(code { try rename("a", "b", at: 6) } == .renameExists)
        #expect(code { try rename("a", "b") } == .renameExists)
        #expect(code { try rename("a", "d", at: 10) } == .renameConflict)
        #expect(code { try rename("c", "b", at: 10) } == .renameConflict)
        #expect(code { try rename("b", "a", at: 10) } == .renameConflict)
        try rename("c", "a", at: 10)
        #expect(code { try rename("b", "c", at: 10) } == .renameConflict)
        #expect(archive.history.lineage.links.count == 2)
    }

    @Test("undoing takes the newest link of the pair back, or the one of a moment, and it can be made again")
    func undoing() throws {
        try capture("a", at: 1)
        try rename("a", "b", at: 10)
        try rename("b", "a", at: 20)
        try rename("a", "b", at: 30)
        #expect(code { try undo("a", "c") } == .refNotFound)
        #expect(code { try undo("a", "b", at: 11) } == .refNotFound)
        #expect(try undo("a", "b") == 30)
        #expect(try rename("a", "b", at: 30) == 30)
        #expect(try undo("a", "b", at: 10) == 10)
        #expect(archive.history.lineage.links.map(\.from.key) == ["b", "a"])
        #expect(archive.recordCount == 1 + 6)
        #expect(try Archive.open(storage).history.lineage == archive.history.lineage)
    }

    @Test("merging brings links over, undone ones too, either way round")
    func merging() throws {
        try capture("a", at: 1)
        try rename("a", "b", at: 10)
        try rename("b", "c", at: 20)
        try undo("b", "c")
        let other = try SampleData.archive(in: MemoryStorage())
        let importer = Importer(into: other, lockTimeout: SampleData.atOnce) { _ in }
        _ = try importer.run([.stored(in: storage, "", name: "other")])
        #expect(other.history.lineage == archive.history.lineage)
        #expect(try other.resolve("b", now: now).entry?.observation.player.key == "a")
    }
}
