import CivilTime
import Hiscores
import ObjectStore
import Testing

@testable import Archive

/// `verify --repair`: what is sound stays, what is lost is declared, and nothing is deleted.
@Suite struct RepairTests {
    private let now = SampleData.moment(100_000)

    /// Three seals of three players who share documents, and a tail in the journal.
    private static func sample() throws -> SealedSample {
        let sample = try SealedSample(captures: 5, seals: 3)
        let archive = try Archive.open(sample.storage)
        // What others named first, and what they name again.
        for (minute, player) in [(5000, "Lynx Titan"), (5001, "Zezima")] {
            var batch = Batch()
            for (place, owner) in ["Zezima", "Iron Mole", "Lynx Titan"].enumerated() {
                let document = SealedSample.document(owner, xp: 0)
                batch.add(
                    try SampleData.observation(document, at: minute + 10 * place, player: player), document: document)
            }
            try archive.commit(batch, lockTimeout: SampleData.atOnce)
        }
        try SealedSample.sealOnly(archive)
        _ = try archive.removeSealedObjects()
        try archive.commit(try SampleData.batch(xp: 700..<704, from: 7000), lockTimeout: SampleData.atOnce)
        return sample
    }

    /// Repairs a damaged storage; what it says then is what it said before but for what the losses declare.
    @discardableResult
    private func repair(
        _ storage: MemoryStorage, _ before: ArchiveState, losing lost: Int?, _ comment: Comment = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Repair {
        let damagedFiles = storage.files
        #expect(try !Verification.run(on: storage).isSound, comment)
        let archive = try Archive.open(storage)
        let repair = try archive.repair(at: now, lockTimeout: SampleData.atOnce)
        let report = try Verification.run(on: storage)
        #expect(report.findings == [], comment, sourceLocation: sourceLocation)
        let after = try ArchiveState(storage, comment)
        #expect(after.entries.allSatisfy(before.entries.contains), comment)
        #expect(after.documents.allSatisfy { before.documents[$0.key] == $0.value }, comment)
        let declared = repair.losses.reduce(0) { $0 + $1.count }
        if let lost { #expect(declared == lost, comment, sourceLocation: sourceLocation) }
        #expect(before.entries.count - after.entries.count <= declared, comment)
        #expect(after.losses.suffix(repair.losses.count) == repair.losses[...], comment)
        // Nothing is deleted: each file that was damaged is kept as it was.
        for (path, bytes) in damagedFiles
        where storage.files[path] != bytes && path.hasPrefix("packs/")
            && ObjectID(packPath: path) != SHA256.digest(bytes)
        {
            #expect(storage.files.values.contains(bytes), comment)
        }
        // A repaired archive goes on living.
        let again = try Archive.open(storage).repair(at: now, lockTimeout: SampleData.atOnce)
        #expect(again.isEmpty, comment)
        _ = try Archive.open(storage).collectGarbage(lockTimeout: SampleData.atOnce)
        #expect(try Verification.run(on: storage).findings == [], comment)
        #expect(try ArchiveState(storage, comment).entries == after.entries, comment)
        return repair
    }

    @Test func aSoundArchiveIsLeftAsItIs() throws {
        let storage = try Self.sample().storage
        let files = storage.files
        #expect(try Archive.open(storage).repair(at: now, lockTimeout: SampleData.atOnce).isEmpty)
        #expect(storage.files == files)
    }

    @Test func everyByteOfAPackThatFlipsIsRepaired() throws {
        let sample = try Self.sample()
        let before = try ArchiveState(sample.storage)
        let packs = try sample.packs
        let (path, count) = (packs[0], 24 - 3)
        let bytes = try #require(sample.storage.files[path])
        let pack = try Pack(try #require(ObjectID(packPath: path)), try sample.storage.open(path))
        let footer = pack.footer
        func range(_ section: PackSection) -> Range<Int> { section.offset..<section.offset + section.stored }
        let blocks = PackFormat.head.count..<PackFormat.head.count + footer.blockBytes
        for index in stride(from: 0, to: bytes.count, by: 11) {
            var damaged = bytes
            damaged[index] ^= 0x10
            let lost: Int? =
                if index < PackFormat.head.count || range(footer.index).contains(index)
                    || range(footer.directory).contains(index)
                {
                    0
                } else if blocks.contains(index) {
                    6
                } else if range(footer.otherRecords).contains(index) {
                    3
                } else if index >= footer.index.offset + footer.index.stored {
                    count
                } else {
                    nil
                }
            try repair(sample.storage.changing([path: damaged]), before, losing: lost, "byte \(index)")
        }
    }

    /// Two pages of a directory, the second of them damaged.
    private func damagedDirectory() throws -> (storage: MemoryStorage, pack: Pack, before: ArchiveState) {
        let storage = MemoryStorage()
        var batch = Batch()
        for number in 0..<200 {
            let player = "Player \(1000 + number)"
            let document = SealedSample.document(player, xp: number)
            batch.add(try SampleData.observation(document, at: number, player: player), document: document)
        }
        try SampleData.archive(in: storage).commit(batch, lockTimeout: SampleData.atOnce)
        let before = try ArchiveState(storage)
        let path = try #require(storage.files.keys.first { $0.hasPrefix("packs/") })
        let pack = try Pack(try #require(ObjectID(packPath: path)), try storage.open(path))
        var bytes = try #require(storage.files[path])
        bytes[pack.footer.directory.range(of: 1).lowerBound + 9] ^= 4
        return (storage.changing([path: bytes]), pack, before)
    }

    @Test func aDamagedPageOfTheDirectoryNamesThoseWhomItListedAndCostsNothing() throws {
        let (storage, pack, before) = try damagedDirectory()
        let listed = try pack.directoryPage(1)
        let finding = try #require(try Verification.run(on: storage).findings.first)
        #expect(finding.affects == Affected.spans(listed))
        #expect(listed.count == 72 && pack.footer.directoryKeys[1] == listed[0].series)
        #expect(finding.detail.contains("72 block(s) of players from player_1128 on"), "\(finding.detail)")
        // Found without the page, they are what it said of them.
        #expect(try pack.entriesOfBlocks(listedOnPage: 0) == pack.directoryPage(0))
        #expect(try pack.entriesOfBlocks(listedOnPage: 1) == listed)
        try repair(storage, before, losing: 0)
    }

    @Test func whatIsLostWithAPageOfTheDirectoryAndABlockIsSomebodysUnknown() throws {
        let (damaged, pack, before) = try damagedDirectory()
        let path = ArchiveLayout.pack(pack.name)
        let listed = try pack.directoryPage(1)
        var bytes = try #require(damaged.files[path])
        bytes[listed[10].offset + listed[10].length - 1] ^= 1
        let storage = damaged.changing([path: bytes])
        let finding = try #require(try Verification.run(on: storage).findings.first)
        #expect(finding.affects == Affected.spans(Array(listed[..<10])) + [.unknown])
        let repair = try repair(storage, before, losing: 62)
        #expect(repair.losses.map(\.player) == [nil])
    }

    @Test func aDamagedBlockIsDeclaredLostWithWhoseItWas() throws {
        let sample = try Self.sample()
        let before = try ArchiveState(sample.storage)
        let path = try sample.packs[1]
        let pack = try Pack(try #require(ObjectID(packPath: path)), try sample.storage.open(path))
        let block = try #require(try pack.allBlocks().first)
        var bytes = try #require(sample.storage.files[path])
        bytes[block.offset + 9] ^= 1
        let storage = sample.storage.changing([path: bytes])
        let repair = try repair(storage, before, losing: 6)
        let loss = try #require(repair.losses.first)
        #expect(repair.losses.count == 1)
        #expect(loss.player == block.series.player && loss.board == .main)
        #expect(loss.from == SampleData.moment(1001) && loss.to == SampleData.moment(1501))
        #expect(repair.setAside == ["memory:\(path)"])
        #expect(storage.files["damaged/" + path.dropFirst("packs/".count)] == bytes)
        // The same observation is new when it is imported again.
        let archive = try Archive.open(storage)
        let entry = try #require(
            before.entries.first { $0.observation.player == loss.player && $0.observation.capturedAt == loss.from })
        var batch = Batch()
        batch.add(entry.observation, document: before.documents[entry.observation.identity])
        let added = try archive.commit(batch, lockTimeout: SampleData.atOnce)
        #expect(added != [.already])
    }

    @Test func packsThatAreMissingAreLostBetweenTheirNeighbours() throws {
        let sample = try Self.sample()
        let before = try ArchiveState(sample.storage)
        let packs = try sample.packs
        let counts = [21, 18, 18, 6]
        for gone in [[0], [1], [3], [0, 1], [1, 2], [2, 3], [0, 2], [0, 1, 2, 3]] {
            let changes = Dictionary(uniqueKeysWithValues: gone.map { (packs[$0], [UInt8]?.none) })
            try repair(
                sample.storage.changing(changes), before, losing: gone.reduce(0) { $0 + counts[$1] }, "\(gone)")
        }
    }

    @Test func packsUnderOtherNamesAreFoundAgain() throws {
        let sample = try Self.sample()
        let before = try ArchiveState(sample.storage)
        let packs = try sample.packs
        let files = sample.storage.files
        for changes in [
            [packs[0]: files[packs[1]], packs[1]: files[packs[0]]],
            [packs[0]: nil, "torn/x.pack": files[packs[0]]],
            [packs[2]: nil, "packs/\(SHA256.digest([]).hex).pack": files[packs[2]]],
        ] {
            let storage = sample.storage.changing(changes)
            try? storage.createFolder("torn")
            let repair = try repair(storage, before, losing: 0)
            #expect(!repair.healed.isEmpty)
            #expect(try ArchiveState(storage).entries == before.entries)
        }
    }

    @Test func aDamagedJournalIsSealedWithGaps() throws {
        let sample = try Self.sample()
        let before = try ArchiveState(sample.storage)
        let journal = try #require(sample.storage.files["journal"])
        let header = JournalScan(journal, nil).headerFrame.upperBound
        for index in stride(from: header, to: journal.count, by: 61) {
            var damaged = journal
            damaged[index] ^= 0x21
            let storage = sample.storage.changing(["journal": damaged])
            try repair(storage, before, losing: nil, "byte \(index)")
            #expect(storage.files.contains { $0.key.hasPrefix("damaged/journal-") && $0.value == damaged })
        }
    }

    @Test func aLostDocumentOfTheTailCostsItsRecordAlone() throws {
        let sample = try Self.sample()
        let before = try ArchiveState(sample.storage)
        let path = LooseObjects.path(of: SHA256.digest(SampleData.document(xp: 701)))
        var bytes = try #require(sample.storage.files[path])
        bytes[15] ^= 1
        for change in [nil, bytes] {
            let storage = sample.storage.changing([path: change])
            let head = try Archive.open(storage).head
            let repair = try repair(storage, before, losing: 1)
            #expect(repair.losses.first?.from == SampleData.moment(7001))
            // The chain is proved: the record's id is known.
            #expect(try Verification.run(on: storage, expecting: head).isSound)
        }
    }

    @Test func aDocumentThatAPackHasIsHealedWithoutLoss() throws {
        let sample = try Self.sample()
        let archive = try Archive.open(sample.storage)
        let document = SealedSample.document("Zezima", xp: 0)
        var batch = Batch()
        batch.add(try SampleData.observation(document, at: 8000), document: document)
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        let before = try ArchiveState(sample.storage)
        let path = LooseObjects.path(of: SHA256.digest(document))
        try repair(sample.storage.changing([path: nil]), before, losing: 0)
    }

    @Test func aGapThatNothingDeclaresIsAFinding() throws {
        let sample = try Self.sample()
        let archive = try Archive.open(sample.storage)
        let header = try #require(archive.journal.header)
        let history = try #require(archive.packs.histories.last)
        var source = try NoveltyCorrection.Source(whole: history.pack)
        let gone = source.blocks.removeLast()
        var rows = PackedRows(try history.pack.block(gone.entry), of: history.pack)
        var gaps: [PackGap] = []
        for row in 0..<gone.entry.rows {
            let whole = try rows.row(row)
            gaps.append(PackGap(whole.number, id: whole.recordID, isForgotten: true))
        }
        let name = try archive.rewrite(source, gaps.sorted { $0.numbers.lowerBound < $1.numbers.lowerBound }, nil, [])
        var changed = header
        changed.packs[changed.packs.count - 1] = name
        try archive.replaceJournal(changed)
        let findings = try Verification.run(on: sample.storage).findings
        #expect(findings.map(\.kind) == [.sequence])
        #expect(findings.first?.detail.contains("3 record(s) are gone as forgotten") == true)
    }
}
