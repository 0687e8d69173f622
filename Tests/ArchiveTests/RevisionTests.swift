import Archive
import CivilTime
import Hiscores
import ObjectStore
import Testing

@Suite struct RevisionTests {
    private let archive: Archive
    private let now = SampleData.moment(60 * 24 * 10)

    /// Zezima on main: documents 1, 1, 2, 3 at minutes 0, 1, 2, 1440, a failure at 1500; on ironman: 9 at minute 5.
    init() throws {
        archive = try SampleData.archive(in: MemoryStorage())
        var batch = Batch()
        for (xp, minute) in [(1, 0), (1, 1), (2, 2), (3, 1440)] {
            let document = SampleData.document(xp: xp)
            batch.add(try SampleData.observation(document, at: minute), document: document)
        }
        let iron = SampleData.document(xp: 9)
        batch.add(try SampleData.observation(iron, at: 5, board: .ironman), document: iron)
        batch.add(SampleData.failure(.unavailable, at: 1500), document: nil)
        batch.add(SampleData.failure(.notFound, at: 3, player: "nobody"), document: nil)
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        try tag("first-day", "zezima@{first}")
    }

    private func tag(_ name: String, _ ref: String) throws {
        var batch = Batch()
        batch.add(.tag(Tag(name: name, recordedAt: now, target: try archive.resolve(ref, now: now).moment)))
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
    }

    private func xp(_ ref: String) throws -> Int? {
        let id = try archive.resolve(ref, now: now).snapshot
        return (0..<20).first { SHA256.digest(SampleData.document(xp: $0)) == id }
    }

    @Test(arguments: [
        ("zezima", 3), ("ZEZIMA ", 3), ("main/Zezima", 3), ("ironman/zezima", 9), ("player:zezima", 3),
        ("zezima@{0}", 3), ("zezima~0", 3), ("zezima@{1}", 2), ("zezima@{2}", 1), ("zezima@{3}", 1),
        ("zezima~1", 2), ("zezima~2", 1), ("zezima@{1}~1", 1), ("zezima@{first}", 1),
        ("zezima@{2026-01-01}", 2), ("zezima@{2026-01-01T00:01:30Z}", 1), ("zezima@{2026-01-02}", 3),
        ("zezima@{2026-01-01T01:02:00+01:00}", 2), ("zezima@{9d}", 3), ("zezima@{10d}", 1), ("zezima@{yesterday}", 3),
        ("first-day", 1), ("tag:first-day~0", 1), ("im/zezima", 9), ("zezima@{now}", 3),
    ])
    func aReferenceStandsForItsSnapshot(ref: String, expected: Int) throws { #expect(try xp(ref) == expected) }

    @Test func anIdAndItsPrefixesStandForTheFirstSighting() throws {
        let id = SHA256.digest(SampleData.document(xp: 1))
        for ref in [id.hex, String(id.hex.prefix(8)), "id:" + id.hex.prefix(12), id.hex.uppercased()] {
            let revision = try archive.resolve(ref, now: now)
            #expect(revision.snapshot == id)
            #expect(revision.entry?.observation.capturedAt == SampleData.moment(0))
        }
    }

    @Test func onlyABarePlayerIsBare() throws {
        #expect(try archive.resolve("zezima", now: now).isBarePlayer)
        #expect(try archive.resolve("main/zezima", now: now).isBarePlayer)
        for ref in ["zezima@{0}", "zezima~1", "first-day", "id:" + SHA256.digest(SampleData.document(xp: 1)).hex] {
            #expect(try !archive.resolve(ref, now: now).isBarePlayer, "\(ref)")
        }
    }

    @Test(arguments: [
        ("", ArchiveError.Code.malformedRef), ("@{0}", .malformedRef), ("zezima@", .malformedRef),
        ("zezima@{}", .malformedRef), ("zezima@{0", .malformedRef), ("zezima~", .malformedRef),
        ("zezima~x", .malformedRef), ("zezima@{5m}", .malformedRef), ("zezima@{tomorrow}", .malformedRef),
        ("nowhere/zezima", .malformedRef), ("id:xyz", .malformedRef), ("id:1234567", .malformedRef),
        ("tag:first-day@{0}", .malformedRef), ("zezima@{99999999999999999999}", .malformedRef),
        ("zezim", .refNotFound), ("player:zezim", .playerNotFound), ("tag:nothing", .refNotFound),
        ("ultimate/zezima", .refNotFound), ("zezima@{4}", .refNotFound), ("zezima~3", .refNotFound),
        ("zezima@{2025-12-31}", .refNotFound), ("nobody", .refNotFound), ("ffffffffffff", .refNotFound),
        ("first-day~1", .refNotFound),
    ])
    func whatStandsForNothingSaysWhy(ref: String, code: ArchiveError.Code) {
        do {
            _ = try archive.resolve(ref, now: now)
            Issue.record("\(ref) was resolved")
        } catch {
            #expect(error.code == code, "\(ref): \(error)")
            #expect(error.ref == ref)
        }
    }

    @Test func aTypingErrorBringsWhatCouldBeMeant() {
        do {
            _ = try archive.resolve("zezmia", now: now)
            Issue.record("a typing error was resolved")
        } catch {
            #expect(error.candidates == ["zezima"])
        }
    }

    @Test func aWordThatFitsTwoKindsListsThem() throws {
        try tag("zezima", "zezima@{first}")
        do {
            _ = try archive.resolve("zezima", now: now)
            Issue.record("an ambiguous word was resolved")
        } catch {
            #expect(error.code == .ambiguousRef)
            #expect(error.candidates == ["player:zezima", "tag:zezima"])
        }
        #expect(try xp("tag:zezima") == 1)
        #expect(try xp("player:zezima") == 3)
        #expect(try xp("zezima@{0}") == 3)
    }

    @Test func equallyNewBoardsAreTakenInTheirOrder() throws {
        var batch = Batch()
        for (xp, board) in [(11, Board.ultimate), (12, .ironman), (13, .seasonal)] {
            let document = SampleData.document(xp: xp)
            batch.add(try SampleData.observation(document, at: 5000, board: board), document: document)
        }
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        #expect(try xp("zezima") == 12)
        #expect(try xp("seasonal/zezima") == 13)
    }
}
