import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore
import Testing

@testable import Archive

/// Observations of which only ranks were new, and whose documents a rank policy let go: declared absent, never missed,
/// never resolved to.
@Suite("Observations of ranks alone") struct RanksOnlyTests {
    private static let player = SampleData.player("Zezima")

    /// A kept snapshot, ranks alone twice, a failure, another kept snapshot, ranks alone at the head.
    private static func batch() throws -> Batch {
        var batch = Batch()
        let (first, second) = (SampleData.document(xp: 1), SampleData.document(xp: 2))
        batch.add(try SampleData.observation(first, at: 0), document: first)
        batch.add(try SampleData.ranksOnly(SampleData.document(xp: 1, rank: 7), at: 1), document: nil)
        batch.add(try SampleData.ranksOnly(SampleData.document(xp: 1, rank: 8), at: 2), document: nil)
        batch.add(SampleData.failure(.unavailable, at: 3), document: nil)
        batch.add(try SampleData.observation(second, at: 4), document: second)
        batch.add(try SampleData.ranksOnly(SampleData.document(xp: 2, rank: 9), at: 5), document: nil)
        return batch
    }

    /// The batch in the journal, in a pack, or in two packs that were merged.
    enum Place: CaseIterable { case journal, pack, merged }

    private static func storage(_ place: Place) throws -> MemoryStorage {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        try archive.commit(try batch(), lockTimeout: SampleData.atOnce)
        if place == .journal { return storage }
        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        guard place == .merged else { return storage }
        var later = Batch()
        later.add(SampleData.failure(.throttled, at: 100, player: "Other"), document: nil)
        try archive.commit(later, lockTimeout: SampleData.atOnce)
        #expect(try archive.collectGarbage(lockTimeout: SampleData.atOnce).packsMerged > 0)
        return storage
    }

    @Test("the record names its ids and no document; only what was served has ids") func form() throws {
        let observation = try SampleData.ranksOnly(SampleData.document(xp: 1), at: 0)
        let bytes = try RecordFormat.encode(.observation(observation))
        #expect(try RecordFormat.decodeExactly(bytes) == .observation(observation))
        #expect(String(decoding: bytes, as: UTF8.self).contains(#""result":"ranks_only""#))
        #expect(observation.documentID == nil)
        for part in [\Observation.snapshot, \.progress] {
            var broken = observation
            broken[keyPath: part] = nil
            #expect(throws: RecordFormatError.self) { try RecordFormat.encode(.observation(broken)) }
        }
    }

    @Test("the first one adds the feature, before the record, and no other record does") func feature() throws {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        let reader = try Archive.open(storage)
        try archive.commit(try SampleData.batch(xp: 1..<3, from: 0), lockTimeout: SampleData.atOnce)
        #expect(archive.configuration.features == [])
        var batch = Batch()
        batch.add(try SampleData.ranksOnly(SampleData.document(xp: 2, rank: 3), at: 9), document: nil)
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        #expect(archive.configuration.features == ["ranks_only"])
        #expect(try archive.history.log(Self.player, .main)?.lastServed?.capturedAt == SampleData.moment(9))
        #expect(try Archive.open(storage).configuration.features == ["ranks_only"])
        // Who had it open learns of it with the record.
        try reader.reload()
        #expect(reader.configuration.features == ["ranks_only"] && reader.history.observationCount == 3)
        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        #expect(try Archive.open(storage).configuration.features == ["packs", "ranks_only"])
    }

    @Test("it is listed and never resolved to, and its document is not missed", arguments: Place.allCases)
    func reading(place: Place) throws {
        let storage = try Self.storage(place)
        #expect(try Verification.run(on: storage).isSound)
        #expect(try Verification.run(on: storage, quick: true).isSound)
        let archive = try Archive.open(storage)
        #expect(archive.history.snapshotCount == 2)
        let log = try #require(try archive.history.log(Self.player, .main))
        #expect(log.count == 6 && log.successCount == 2 && log.snapshotCount == 2)
        #expect(
            try log.entries().map { try log.outcome(of: $0.row) } == [
                .stored, .ranksOnly, .ranksOnly, .unavailable, .stored, .ranksOnly,
            ])
        #expect(try log.entries(failures: false).map(\.observation.capturedAt) == [0, 4].map(SampleData.moment))
        #expect(try log.head?.observation.capturedAt == SampleData.moment(4))
        #expect(try log.lastServed?.capturedAt == SampleData.moment(5))
        #expect(try log.lastFailure?.capturedAt == SampleData.moment(3))
        var listed: [Timestamp] = []
        var rows = MergedRows(of: [log], failures: false)
        while let (_, row) = try rows.next() { listed.append(row.capturedAt) }
        #expect(listed == [5, 4, 2, 1, 0].map(SampleData.moment))

        for ref in ["zezima", "zezima@{0}", "zezima@{2026-01-01T00:05:00Z}"] {
            let revision = try archive.resolve(ref, now: SampleData.moment(9))
            #expect(revision.entry?.observation.capturedAt == SampleData.moment(4), "\(ref)")
        }
        for ref in ["zezima@{1}", "zezima~1", "zezima@{2026-01-01T00:03:00Z}"] {
            let revision = try archive.resolve(ref, now: SampleData.moment(9))
            #expect(revision.entry?.observation.capturedAt == SampleData.moment(0), "\(ref)")
        }
        let absent = try #require(try log.entries().last)
        #expect(try archive.document(of: absent) == nil)
        let id = try #require(absent.observation.snapshot)
        #expect(throws: ArchiveError.self) { try archive.resolve(id.hex, now: SampleData.moment(9)) }
        #expect(throws: ArchiveError.self) { try archive.document(id) }
        #expect(try archive.history.displayName(of: Self.player) == "Zezima")
    }

    @Test("a log of nothing else is listed out of a pack, and has no head") func alone() throws {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        var batch = Batch()
        batch.add(try SampleData.ranksOnly(SampleData.document(xp: 1), at: 1), document: nil)
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        let log = try #require(try Archive.open(storage).history.log(Self.player, .main))
        var rows = MergedRows(of: [log], failures: false)
        #expect(try rows.next()?.row.result == .ranksOnly)
        #expect(try log.head == nil)
        #expect(try log.lastServed?.capturedAt == SampleData.moment(1))
        #expect(try Verification.run(on: storage).isSound)
    }

    @Test("one with the id of a snapshot that is kept changes nothing of that one", arguments: [false, true])
    func sameID(isSealed: Bool) throws {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        let document = SampleData.document(xp: 1)
        var batch = Batch()
        batch.add(try SampleData.ranksOnly(document, at: 0), document: nil)
        batch.add(try SampleData.observation(document, at: 1), document: document)
        batch.add(try SampleData.observation(document, at: 0), document: document)
        let committed = try archive.commit(batch, lockTimeout: SampleData.atOnce)
        #expect(committed.allSatisfy { $0 != .already })
        if isSealed { _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce) }
        #expect(try archive.commit(batch, lockTimeout: SampleData.atOnce).allSatisfy { $0 == .already })
        let found = try #require(try archive.history.sighting(of: SHA256.digest(document)))
        #expect(found.observation.result == .ok && found.observation.capturedAt == SampleData.moment(0))
        #expect(archive.history.snapshotCount == 1)
        #expect(try Verification.run(on: storage).isSound)
    }

    /// By lines and by merging, into a journal and, with many, into packs.
    @Test("it goes into another archive as it is, once", arguments: [1, 40], [false, true])
    func transfer(times: Int, isMerge: Bool) throws {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        for round in 0..<times {
            var batch = Batch()
            for record in try Self.batch().records {
                guard case .observation(var observation) = record else { continue }
                observation.capturedAt = observation.capturedAt.advanced(byMilliseconds: Int64(round) * 3_600_000)
                let document = SampleData.document(
                    xp: observation.capturedAt < SampleData.moment(60 * round + 3) ? 1 : 2)
                batch.add(observation, document: observation.documentID == nil ? nil : document)
            }
            try archive.commit(batch, lockTimeout: SampleData.atOnce)
        }
        let source: [ImportSource] =
            isMerge ? [.stored(in: storage, "", name: "other")] : try ImportBench.lines(of: archive)
        let copy = try ImportBench()
        #expect(try copy.run(source).counts == [6 * times, 6 * times, 0, 0])
        #expect(try ImportBench.contents(of: copy.archive) == ImportBench.contents(of: archive))
        #expect(copy.archive.head == archive.head)
        #expect(copy.archive.configuration.features == (times > 10 ? ["packs", "ranks_only"] : ["ranks_only"]))
        #expect(try Verification.run(on: copy.archive.storage).isSound)
        let again: [ImportSource] =
            isMerge ? [.stored(in: storage, "", name: "other")] : try ImportBench.lines(of: archive)
        #expect(try copy.run(again).counts == [6 * times, 0, 6 * times, 0])
    }

    @Test("a line of ranks alone carries both ids and no document") func lines() throws {
        let line = #"{"player":"a","board":"main","captured_at":"2026-01-01T00:00:00Z","result":"ranks_only""#
        let id = String(repeating: "ab", count: 32)
        let bench = try ImportBench()
        for rest in [
            "}", #","snapshot":"\#(id)"}"#, #","snapshot":"\#(id)","progress":"\#(id)","body":{"skills":[]}}"#,
            #","snapshot":"\#(id)","progress":"\#(id)","body_base64":"YQ=="}"#,
        ] {
            #expect(try bench.run(line + rest).counts == [1, 0, 0, 1], "\(rest)")
        }
        #expect(try bench.run(line + #","snapshot":"\#(id)","progress":"\#(id)"}"#).counts == [1, 1, 0, 0])
    }

    @Test("it is forgotten as any other observation", arguments: Place.allCases)
    func forgetting(place: Place) throws {
        let storage = try Self.storage(place)
        let archive = try Archive.open(storage)
        let selection = ForgetSelection(player: Self.player, board: .main, capturedAt: SampleData.moment(2))
        _ = try archive.forget(
            selection, reason: "asked", at: SampleData.moment(200), lockTimeout: SampleData.atOnce)
        #expect(try Verification.run(on: storage).isSound)
        let log = try #require(try Archive.open(storage).history.log(Self.player, .main))
        #expect(try log.entries().map(\.observation.capturedAt) == [0, 1, 3, 4, 5].map(SampleData.moment))
    }
}
