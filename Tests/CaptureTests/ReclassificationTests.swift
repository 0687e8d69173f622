import Archive
import CanonicalJSON
import Capture
import CivilTime
import Hiscores
import ObjectStore
import Testing

/// Answers that an older version kept because it did not understand them.
@Suite("Reclassification")
struct ReclassificationTests {
    private let storage = MemoryStorage()
    private static let atOnce = LockTimeout(milliseconds: 0)

    /// A snapshot as served: neither canonical nor compact.
    private static func body(_ xp: Int) -> String {
        #"{ "skills": [{"id":0,"name":"Overall","rank":7,"level":99,"xp":\#(xp)}], "name": "Lynx Titan", "activities": [] }"#
    }

    private static let indexLite = "1,2277,4600000000\n2,99,200000000\n"

    private func archive() throws -> Archive {
        try Archive.create(
            in: storage, id: try #require(ArchiveID(bytes: Array(0..<16))), createdAt: CaptureBench.start,
            lockTimeout: Self.atOnce)
    }

    /// An invalid observation with its kept body.
    private static func add(
        _ text: String, to batch: inout Batch, minute: Int, player: String = "lynx_titan", isKept: Bool = true
    ) throws {
        let body = Array(text.utf8)
        let observation = Observation(
            board: .main, player: try #require(PlayerName(normalising: player)), displayName: "lynx titan",
            capturedAt: CaptureBench.start.advanced(byMilliseconds: Int64(minute) * 60_000), result: .invalid,
            evidence: Evidence(
                httpStatus: 200, latencyMilliseconds: 12, attempt: 2, error: "not understood", source: "https://s",
                agent: "osrs-archive/0.0.1", run: "r1", clockIsSet: true,
                body: AnswerBody(
                    contentType: "application/json", bytes: body.count, id: SHA256.digest(body), isKept: isKept)))
        batch.add(observation, document: isKept ? body : nil)
    }

    /// Two that are understood, three that are not, and one that was not kept.
    private func sample() throws -> Archive {
        let archive = try archive()
        var batch = Batch()
        try Self.add(Self.body(1), to: &batch, minute: 0)
        try Self.add(Self.indexLite, to: &batch, minute: 1)
        try Self.add("[1,2]", to: &batch, minute: 2)
        try Self.add(#"{"skills":[],"skills":[]}"#, to: &batch, minute: 3)
        try Self.add(Self.body(2), to: &batch, minute: 4, player: "other")
        try Self.add(Self.body(3), to: &batch, minute: 5, isKept: false)
        try archive.commit(batch, lockTimeout: Self.atOnce)
        return archive
    }

    private func run(
        _ archive: Archive, dryRun: Bool = false, report: @escaping (LogEntry, ArchiveError) -> Void = { _, _ in }
    ) throws -> [Int] {
        let summary = try Reclassification.run(on: archive, dryRun: dryRun, lockTimeout: Self.atOnce, report: report)
        return [summary.lookedAt, summary.reclassified, summary.unchanged, summary.damaged]
    }

    private func entries(_ archive: Archive) throws -> [LogEntry] {
        let entries = archive.history.entriesInSequenceOrder()
        var all: [LogEntry] = []
        while let entry = try entries.next() { all.append(entry) }
        return all
    }

    @Test("what is understood becomes a snapshot, once; nothing else changes", arguments: [false, true])
    func understood(isSealed: Bool) throws {
        let archive = try sample()
        if isSealed { _ = try archive.collectGarbage(lockTimeout: Self.atOnce) }
        let before = try entries(archive)
        let head = archive.head
        #expect(try run(archive, dryRun: true) == [5, 2, 3, 0])
        #expect(archive.head == head)

        #expect(try run(archive) == [5, 2, 3, 0])
        let after = try entries(archive)
        #expect(Array(after.prefix(before.count)) == before && after.count == before.count + 2)
        let new = try #require(after.dropFirst(before.count).first { $0.observation.player.key == "lynx_titan" })
        let document = try JSONDocument(parsing: Array(Self.body(1).utf8)).root
        var expected = before[0].observation
        (expected.result, expected.displayName) = (.ok, "Lynx Titan")
        expected.snapshot = SHA256.digest(try document.canonicalBytes())
        expected.progress = SHA256.digest(try document.canonicalBytes(omitting: "rank"))
        (expected.evidence.error, expected.evidence.body) = (nil, nil)
        expected.evidence.provenance = ["reclassified"]
        #expect(new.observation == expected)
        #expect(try archive.document(of: new) == document.canonicalBytes())
        let log = try #require(try archive.history.log(new.observation.player, .main))
        #expect(try log.head == new)
        #expect(try log.outcome(of: new.row) == .stored)
        #expect(try log.outcome(of: before[0].row) == .invalid)

        let again = archive.head
        #expect(try run(archive) == [5, 0, 5, 0])
        #expect(try run(archive, dryRun: true) == [5, 0, 5, 0])
        #expect(archive.head == again)
        _ = try archive.collectGarbage(lockTimeout: Self.atOnce)
        #expect(try run(archive) == [5, 0, 5, 0])
        #expect(try Verification.run(on: storage).isSound)
    }

    @Test("many are committed in several batches, through packs and journal") func many() throws {
        let archive = try archive()
        for part in 0..<3 {
            var batch = Batch()
            for turn in 0..<200 {
                let number = part * 200 + turn
                try Self.add(Self.body(number), to: &batch, minute: number, player: "p\(number % 7)")
            }
            try archive.commit(batch, lockTimeout: Self.atOnce)
            if part < 2 { _ = try archive.collectGarbage(lockTimeout: Self.atOnce) }
        }
        #expect(try run(archive) == [600, 600, 0, 0])
        #expect(archive.history.snapshotCount == 600 && archive.history.observationCount == 1200)
        #expect(try run(try Archive.open(storage)) == [600, 0, 600, 0])
        #expect(try Verification.run(on: storage).isSound)
    }

    @Test("a damaged answer is told, and the others are looked at all the same", arguments: [false, true])
    func damaged(isGone: Bool) throws {
        _ = try sample()
        let path = LooseObjects.path(of: SHA256.digest(Array(Self.body(1).utf8)))
        var bytes = try storage.readAll(path, limit: 1 << 16)
        try storage.remove(path)
        bytes[bytes.count / 2] ^= 1
        if !isGone { try storage.create(path, bytes) }
        var told: [String] = []
        let archive = try Archive.open(storage)
        #expect(try run(archive) { told.append("\($0.observation.capturedAt) \($1.code)") } == [5, 1, 3, 1])
        #expect(told == ["2026-01-01T00:00:00.000Z \(isGone ? "missing" : "corrupt")"])
    }

    @Test("an archive without any has nothing to look at") func none() throws {
        #expect(try run(try archive()) == [0, 0, 0, 0])
    }
}
