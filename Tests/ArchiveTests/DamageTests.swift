import Archive
import Hiscores
import ObjectStore
import TestSupport
import Testing

/// Bytes that change on disk: each flip, cut and loss is found and told apart, and none gives a wrong answer.
@Suite struct DamageTests {
    /// A small archive with every kind of file in it, and its files.
    private func small() throws -> (files: [String: [UInt8]], folders: Set<String>, contents: Scenario.Contents) {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        var contents = Scenario.Contents()
        try Scenario().run(archive) { contents = $1 }
        return (storage.files, storage.folders, contents)
    }

    /// Four records and two documents: small enough to flip every byte in several ways.
    private func tiny() throws -> (files: [String: [UInt8]], folders: Set<String>) {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        var batch = try SampleData.batch(xp: 1..<3, from: 0)
        batch.add(SampleData.failure(.unavailable, at: 5), document: nil)
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        var tag = Batch()
        tag.add(.tag(Tag(name: "x", recordedAt: SampleData.start, target: nil)))
        tag.add(SampleData.failure(.notFound, at: 6), document: nil)
        try archive.commit(tag, lockTimeout: SampleData.atOnce)
        return (storage.files, storage.folders)
    }

    @Test func everyFlippedByteIsFound() throws {
        let (files, folders) = try tiny()
        var flips = 0
        for (path, bytes) in files where path != "lock" {
            for index in bytes.indices {
                // One bit, all bits, and the case bit, which turns letters into letters.
                for mask: UInt8 in [1, 0x20, 0xFF] {
                    var damaged = files
                    damaged[path]?[index] ^= mask
                    let storage = MemoryStorage(files: damaged, folders: folders)
                    let report = try Verification.run(on: storage)
                    #expect(!report.isSound, "\(path), byte \(index), mask \(mask)")
                    let quick = try Verification.run(on: storage, quick: true)
                    #expect(!quick.isSound, "quick: \(path), byte \(index), mask \(mask)")
                    flips += 1
                }
            }
        }
        print("\(flips) flips in \(files.count) files, all found")
    }

    @Test func aFlipIsNamedWithThePlayersAndDatesItTouches() throws {
        let (files, folders, _) = try small()
        let document = SampleData.document(xp: 1)
        let path = LooseObjects.path(of: SHA256.digest(document))
        var damaged = files
        damaged[path]?[20] ^= 1
        let report = try Verification.run(on: MemoryStorage(files: damaged, folders: folders))
        let finding = try #require(report.findings.first)
        #expect(report.findings.count == 1)
        #expect(finding.kind == .object && finding.failure == .corrupt && finding.id == SHA256.digest(document))
        #expect(
            finding.affects == [
                Affected(
                    player: SampleData.player("Other One"), board: .ironman, from: SampleData.moment(30),
                    to: SampleData.moment(30)),
                Affected(
                    player: SampleData.player("Zezima"), board: .main, from: SampleData.moment(0),
                    to: SampleData.moment(1)),
            ])
    }

    @Test func aLostDocumentIsMissingAndTheRestStaysReadable() throws {
        let (files, folders, _) = try small()
        let lost = SHA256.digest(SampleData.document(xp: 2))
        let storage = MemoryStorage(
            files: files.filter { $0.key != LooseObjects.path(of: lost) }, folders: folders)
        let report = try Verification.run(on: storage)
        #expect(report.findings.map(\.failure) == [.missing])
        let quick = try Verification.run(on: storage, quick: true)
        #expect(quick.findings.map(\.failure) == [.missing])
        let archive = try Archive.open(storage)
        #expect(throws: ArchiveError.self) { try archive.document(lost) }
        #expect(try archive.document(SHA256.digest(SampleData.document(xp: 1))) == SampleData.document(xp: 1))
    }

    @Test func aCutOrEmptyDocumentIsFoundAtAQuickLook() throws {
        let (files, folders, _) = try small()
        let path = LooseObjects.path(of: SHA256.digest(SampleData.document(xp: 1)))
        let whole = try #require(files[path])
        for size in whole.indices {
            var damaged = files
            damaged[path] = Array(whole[..<size])
            let quick = try Verification.run(on: MemoryStorage(files: damaged, folders: folders), quick: true)
            #expect(quick.findings.map(\.failure) == [.corrupt], "cut at \(size)")
        }
        #expect(try Verification.run(on: MemoryStorage(files: files, folders: folders), quick: true).isSound)
    }

    @Test func aDocumentOfANewerFormatIsNoDamage() throws {
        let (files, folders, _) = try small()
        let path = LooseObjects.path(of: SHA256.digest(SampleData.document(xp: 1)))
        var newer = files
        var file = Array(try #require(files[path]).dropLast(4))
        file[4] = 2
        file.appendLittleEndian(CRC32.of(file))
        newer[path] = file
        for quick in [false, true] {
            let error = #expect(throws: ArchiveError.self) {
                try Verification.run(on: MemoryStorage(files: newer, folders: folders), quick: quick)
            }
            #expect(error?.code == .unsupported)
        }
    }

    /// The first operations of opening: the size and the bytes of `config.json`, then those of the journal.
    @Test(
        arguments: [VerificationReport.Finding.Kind.configuration, .configuration, .journal, .journal].enumerated().map
        { ($0, $1) })
    func aFileThatTheMediumDoesNotGiveIsNamed(operation: Int, kind: VerificationReport.Finding.Kind) throws {
        let (files, folders, _) = try small()
        let storage = FaultInjectingStorage(
            MemoryStorage(files: files, folders: folders), fault: Fault(.ioError, at: operation))
        let findings = try Verification.run(on: storage).findings
        #expect(findings.map(\.kind) == [kind])
        #expect(findings.map(\.failure) == [.io])
        #expect(findings.map(\.file) == [kind == .journal ? "memory:journal" : "memory:config.json"])
    }

    @Test func aDamagedRecordCostsOnlyItself() throws {
        let (files, folders, contents) = try small()
        let journal = try #require(files["journal"])
        for offset in stride(from: 300, to: journal.count - 64, by: 397) {
            var damaged = files
            damaged["journal"]?[offset] ^= 0x40
            let storage = MemoryStorage(files: damaged, folders: folders)
            let archive = try Archive.open(storage)
            #expect(archive.damage.count == 1, "offset \(offset)")
            #expect(try archive.identities.isSubset(of: contents.identities))
            #expect(try archive.identities.count >= contents.identities.count - 1)
            #expect(archive.head == nil)
            #expect(throws: ArchiveError.self) {
                try archive.commit(try SampleData.batch(xp: 900..<901, from: 900), lockTimeout: SampleData.atOnce)
            }
            #expect(storage.files == damaged, "a damaged journal was written to")
        }
    }

    @Test func aDamagedConfigurationIsNeverTakenForAFreshFolder() throws {
        let (files, folders, contents) = try small()
        let storage = MemoryStorage(files: files.filter { $0.key != "config.json" }, folders: folders)
        #expect(try Archive.exists(in: storage))
        #expect(throws: ArchiveError.self) { try Archive.open(storage) }
        #expect(throws: ArchiveError.self) { try SampleData.archive(in: storage) }
        let report = try Verification.run(on: storage)
        #expect(report.findings.map(\.kind) == [.configuration])
        #expect(report.findings.map(\.failure) == [.missing])
        #expect(report.observations == contents.identities.count)
        #expect(report.findings.first?.affects.isEmpty == false)
    }

    @Test func aLongJournalWithoutItsConfigurationIsNoFreshFolder() throws {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        // More at once would become a pack.
        for start in stride(from: 0, to: 6000, by: 60) {
            var batch = Batch()
            for minute in start..<start + 60 { batch.add(SampleData.failure(.unavailable, at: minute), document: nil) }
            try archive.commit(batch, lockTimeout: SampleData.atOnce)
        }
        #expect((storage.files["journal"]?.count ?? 0) > 1 << 20)
        try storage.remove("config.json")
        #expect(try Archive.exists(in: storage))
        #expect(throws: ArchiveError.self) { try SampleData.archive(in: storage) }
        #expect((storage.files["journal"]?.count ?? 0) > 1 << 20)
    }

    @Test func packsWithoutAConfigurationAreADamagedArchive() throws {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        try archive.commit(try SampleData.batch(xp: 0..<2, from: 0), lockTimeout: SampleData.atOnce)
        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        try storage.remove("config.json")
        #expect(try Archive.exists(in: storage))
        let error = #expect(throws: ArchiveError.self) { try Archive.open(storage) }
        #expect(error?.code == .missing)
        // What a killed restore left is nobody's archive yet.
        try storage.create("restore-unfinished", [])
        #expect(try !Archive.exists(in: storage))
    }

    @Test func objectsWithoutAJournalAreNoFreshFolder() throws {
        let (files, folders, _) = try small()
        let storage = MemoryStorage(
            files: files.filter { $0.key != "config.json" && $0.key != "journal" }, folders: folders)
        #expect(throws: ArchiveError.self) { try SampleData.archive(in: storage) }
    }

    @Test func aJournalCutAnywhereLosesOnlyUnfinishedBatches() throws {
        let (files, folders, contents) = try small()
        let journal = try #require(files["journal"])
        var counts: Set<Int> = []
        for size in stride(from: journal.count, to: 0, by: -41) {
            var cut = files
            cut["journal"] = Array(journal[..<size])
            let storage = MemoryStorage(files: cut, folders: folders)
            guard let archive = try? Archive.open(storage) else {
                #expect(size < 256, "a journal of \(size) bytes has a header")
                continue
            }
            #expect(archive.damage.isEmpty, "cut at \(size)")
            #expect(try archive.identities.isSubset(of: contents.identities))
            counts.insert(try archive.identities.count)
            try archive.commit(try SampleData.batch(xp: 900..<901, from: 900), lockTimeout: SampleData.atOnce)
            let report = try Verification.run(on: storage)
            #expect(report.isSound, "cut at \(size)")
            #expect(try Archive.open(storage).identities.count == archive.identities.count)
        }
        #expect(counts.count > 8)
    }

    @Test func anUnfinishedWriteIsSetAsideNotThrownAway() throws {
        let (files, folders, _) = try small()
        let rest = Array("half a frame".utf8)
        var torn = files
        torn["journal"]? += rest
        let storage = MemoryStorage(files: torn, folders: folders)
        let report = try Verification.run(on: storage)
        #expect(report.isSound && report.notes.count == 1)
        let archive = try Archive.open(storage)
        try archive.commit(try SampleData.batch(xp: 900..<901, from: 900), lockTimeout: SampleData.atOnce)
        #expect(storage.files.contains { $0.key.hasPrefix("torn/") && $0.value == rest })
    }

    @Test func aNewerFormatOrFeatureIsRefusedByName() throws {
        let storage = MemoryStorage()
        _ = try SampleData.archive(in: storage)
        for (member, value) in [(#""format":1"#, #""format":2"#), (#""features":[]"#, #""features":["sealed"]"#)] {
            var files = storage.files
            let text = String(decoding: files["config.json"] ?? [], as: UTF8.self)
            let changed = text.replacing(member, with: value)
            let start = changed.firstRange(of: #","checksum":""#)?.lowerBound ?? changed.startIndex
            let rest = changed[start...].dropFirst(#","checksum":""#.count + 65)
            let digest = SHA256.digest(Array((changed[..<start] + rest.dropLast()).utf8)).hex
            files["config.json"] = Array("\(changed[..<start]),\"checksum\":\"\(digest)\"\(rest)".utf8)
            do {
                _ = try Archive.open(MemoryStorage(files: files, folders: storage.folders))
                Issue.record("\(value) was opened")
            } catch {
                #expect(error.code == .unsupported, "\(error)")
            }
        }
    }

    @Test func aJournalOfAnotherArchiveIsRefused() throws {
        let (storage, other) = (MemoryStorage(), MemoryStorage())
        _ = try SampleData.archive(in: storage)
        _ = try Archive.create(
            in: other, id: try #require(ArchiveID(bytes: Array(16..<32))), createdAt: SampleData.start,
            lockTimeout: SampleData.atOnce)
        var files = storage.files
        files["journal"] = other.files["journal"]
        #expect(throws: ArchiveError.self) { try Archive.open(MemoryStorage(files: files, folders: storage.folders)) }
    }

    @Test func aHeadNotedElsewhereShowsWhatWasCutOff() throws {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        try archive.commit(try SampleData.batch(xp: 0..<3, from: 0), lockTimeout: SampleData.atOnce)
        let before = storage.files
        let noted = try #require(archive.head)
        try archive.commit(try SampleData.batch(xp: 3..<6, from: 3), lockTimeout: SampleData.atOnce)
        let newest = try #require(archive.head)
        #expect(try Verification.run(on: storage, expecting: noted).isSound)
        #expect(try Verification.run(on: storage, expecting: newest).isSound)
        let cut = MemoryStorage(files: before, folders: storage.folders)
        #expect(try Verification.run(on: cut).isSound)
        let report = try Verification.run(on: cut, expecting: newest)
        #expect(report.findings.map(\.kind) == [.sequence])
    }

    @Test func aDamagedDocumentIsPutRightByTheNextCaptureOfIt() throws {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        let document = SampleData.document(xp: 1)
        var batch = Batch()
        batch.add(try SampleData.observation(document, at: 0), document: document)
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        var files = storage.files
        files[LooseObjects.path(of: SHA256.digest(document))]?[15] ^= 4
        let damaged = MemoryStorage(files: files, folders: storage.folders)
        var again = Batch()
        again.add(try SampleData.observation(document, at: 1), document: document)
        try Archive.open(damaged).commit(again, lockTimeout: SampleData.atOnce)
        #expect(try Verification.run(on: damaged).isSound)
    }
}
