import Archive
import CivilTime
import Hiscores
import ObjectStore
import Testing

@Suite("Merging archives") struct ArchiveMergeTests {
    private static func tag(_ name: String, _ observation: Observation, at minute: Int) throws -> Record {
        let snapshot = try #require(observation.snapshot)
        let sighting = Moment.Sighting(
            board: observation.board, player: observation.player, capturedAt: observation.capturedAt)
        return .tag(
            Tag(
                name: name, recordedAt: SampleData.moment(minute),
                target: Moment(snapshot: snapshot, sighting: sighting)))
    }

    private static func archive(xp: Range<Int>, tagged names: [String], in storage: MemoryStorage) throws -> Archive {
        let archive = try SampleData.archive(in: storage)
        var batch = try SampleData.batch(xp: xp, from: xp.lowerBound)
        let body = Array("oops".utf8)
        var invalid = SampleData.failure(.invalid, at: 500)
        invalid.evidence.body = AnswerBody(contentType: nil, bytes: 4, id: SHA256.digest(body), isKept: true)
        batch.add(invalid, document: body)
        batch.add(SampleData.failure(.unavailable, at: xp.lowerBound + 1000), document: nil)
        let first = try SampleData.observation(SampleData.document(xp: xp.lowerBound), at: xp.lowerBound)
        for name in names { batch.add(try tag(name, first, at: xp.lowerBound)) }
        let link = RenameLink(
            from: SampleData.player("a"), to: SampleData.player("b"), effectiveAt: SampleData.start,
            recordedAt: SampleData.start, isUndone: false)
        batch.add(.rename(link))
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        return archive
    }

    private static func source(_ storage: any Storage) -> ImportSource { .stored(in: storage, "", name: "other") }

    @Test("either way round gives the same set; a tag that stands here stays; a second merge adds nothing")
    func bothWays() throws {
        let (left, right) = (MemoryStorage(), MemoryStorage())
        let one = try Self.archive(xp: 0..<30, tagged: ["shared", "left"], in: left)
        let other = try Self.archive(xp: 20..<50, tagged: ["shared", "right"], in: right)
        let before = one.recordCount
        func merge(_ storage: any Storage, into archive: Archive) throws -> (ImportSummary, [ImportEvent]) {
            var events: [ImportEvent] = []
            let importer = Importer(into: archive, lockTimeout: SampleData.atOnce) { events.append($0) }
            return (try importer.run([Self.source(storage)]), events)
        }
        let (summary, events) = try merge(right, into: one)
        // Of 32 observations, 10 and the invalid one are there; the rename too; `shared` stays as it is.
        #expect(summary.counts == [34, 22, 12, 0])
        #expect(events.contains { if case .noted(let note) = $0 { note.text.contains("shared") } else { false } })
        #expect(one.history.tags.keys.sorted() == ["left", "right", "shared"])
        #expect(one.history.tags["shared"]?.recordedAt == SampleData.moment(0))
        #expect(one.recordCount == before + 22)
        #expect(try merge(right, into: one).0.added == 0)
        _ = try merge(left, into: other)
        #expect(try one.identities == other.identities)
        #expect(try other.document(SHA256.digest(SampleData.document(xp: 3))) == SampleData.document(xp: 3))
        #expect(other.history.tags.keys.sorted() == ["left", "right", "shared"])
    }

    @Test("what is appended stands in the other's order")
    func order() throws {
        let storage = MemoryStorage()
        let other = try SampleData.archive(in: storage)
        for minute in [7, 3, 9, 1] {
            var batch = Batch()
            let document = SampleData.document(xp: minute)
            batch.add(
                try SampleData.observation(document, at: minute, player: "p\(minute)"), document: document)
            try other.commit(batch, lockTimeout: SampleData.atOnce)
        }
        let bench = try ImportBench()
        #expect(try bench.run([Self.source(storage)]).counts == [4, 4, 0, 0])
        #expect(try ImportBench.contents(of: bench.archive) == ImportBench.contents(of: other))
        #expect(bench.archive.head == other.head)
    }

    @Test("damaged documents and records of the other are named, and the rest comes over")
    func damaged() throws {
        let storage = MemoryStorage()
        _ = try Self.archive(xp: 4..<14, tagged: ["lost"], in: storage)
        var files = storage.files
        let lost = LooseObjects.path(of: SHA256.digest(SampleData.document(xp: 4)))
        files[lost] = nil
        let flipped = LooseObjects.path(of: SHA256.digest(SampleData.document(xp: 5)))
        files[flipped]?[20] ^= 1
        let bench = try ImportBench()
        var summary = try bench.run([Self.source(MemoryStorage(files: files, folders: storage.folders))])
        #expect(summary.counts == [14, 11, 0, 3])
        #expect(bench.rejections.map(\.code) == [.damaged, .damaged, .damaged])
        #expect(bench.rejections.map { $0.reason.contains("zezima") } == [true, true, false])
        #expect(bench.archive.history.tags.isEmpty)

        files = storage.files
        let journal = try #require(files["journal"])
        files["journal"]?[journal.count / 2] ^= 1
        let next = try ImportBench()
        summary = try next.run([Self.source(MemoryStorage(files: files, folders: storage.folders))])
        #expect(summary.rejected >= 1)
        #expect(summary.added >= 1)
        #expect(summary.read == summary.added + summary.rejected)

        files["config.json"] = Array("{".utf8)
        #expect(
            try next.run([Self.source(MemoryStorage(files: files, folders: storage.folders))]).rejections
                == [.damaged: 1])
    }

    @Test("a folder that is no archive is not taken for one where a person says it is")
    func noArchive() throws {
        let bench = try ImportBench()
        #expect(
            try bench.run([Self.source(MemoryStorage())], ImportOptions(format: .archive)).rejections
                == [.unreadable: 1])
        #expect(try bench.run("{}", ImportOptions(format: .archive)).rejections == [.unknownFormat: 1])
    }
}
