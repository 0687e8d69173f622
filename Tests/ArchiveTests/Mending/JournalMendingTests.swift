import ObjectStore
import Testing

@testable import Archive

/// A journal whose header is damaged, cut or gone gets another one, of what the packs and the rest of it prove.
@Suite struct JournalMendingTests {
    @Test(arguments: [false, true]) func everyByteOfTheHeaderThatFlipsIsPutRight(hasPacks: Bool) throws {
        let sample = try MendingSample(hasPacks: hasPacks)
        let masks: [UInt8] = [1, 0x20, 0xFF]
        for index in sample.header {
            var damaged = sample.journal
            damaged[index] ^= masks[index % masks.count]
            let storage = sample.storage.changing(["journal": damaged])
            try mend(storage, "byte \(index)")
            #expect(storage.files["journal"] == sample.journal, "byte \(index)")
        }
    }

    @Test func theErrorNamesTheRepair() throws {
        let sample = try MendingSample()
        for journal in [sample.withoutHeader, nil] {
            let storage = sample.storage.changing(["journal": journal])
            let error = #expect(throws: ArchiveError.self) { try Archive.open(storage) }
            #expect(error?.message.contains("verify --repair") == true)
            let finding = try Verification.run(on: storage).findings.first
            #expect(finding?.kind == .journal && finding?.detail.contains("verify --repair") == true)
        }
    }

    @Test(arguments: [false, true]) func aLostHeaderCostsNoRecord(hasPacks: Bool) throws {
        let sample = try MendingSample(hasPacks: hasPacks)
        var blank = sample.journal
        for index in sample.header { blank[index] = 0 }
        var half = sample.journal
        for index in sample.header.prefix(40) { half[index] = 0x7F }
        let bare = Array(sample.journal[sample.header.upperBound...])
        for damaged in [sample.withoutHeader, blank, half, bare] {
            let storage = sample.storage.changing(["journal": damaged])
            let repair = try mend(storage)
            #expect(repair.losses.isEmpty)
            #expect(try ArchiveState(storage) == sample.state)
            #expect(try Archive.open(storage).head == sample.head)
        }
    }

    @Test func aSoundArchiveIsLeftAsItIs() throws {
        let sample = try MendingSample()
        let files = sample.storage.files
        let repair = try Archive.repair(sample.storage, at: SampleData.start, lockTimeout: SampleData.atOnce)
        #expect(repair.isEmpty && sample.storage.files == files)
    }

    @Test func aJournalCutInItsHeaderOrMissingCostsItsRecordsAlone() throws {
        let sample = try MendingSample()
        let cuts = stride(from: 0, to: sample.header.upperBound, by: 31).map { Array(sample.journal[..<$0]) }
        let base = try #require(try Archive.open(sample.storage).journal.header?.base)
        for journal in cuts.map(Optional.some) + [nil] {
            let storage = sample.storage.changing(["journal": journal])
            let repair = try mend(storage, "\(String(describing: journal?.count)) bytes")
            #expect(repair.mended.contains { $0.contains("cannot be told") })
            let archive = try Archive.open(storage)
            #expect(archive.recordCount == base)
            #expect(try archive.entries() == sample.state.entries.filter { $0.sequenceNumber < base })
        }
    }

    @Test func recordsThatAreDamagedWithTheHeaderAreDeclaredLost() throws {
        let sample = try MendingSample()
        let frames = JournalScan(sample.journal, nil).records.map(\.frame)
        for lost in [[0], [0, 1], [1], [3], [0, 2]] {
            var damaged = sample.withoutHeader
            for frame in lost { damaged[frames[frame].lowerBound + 20] ^= 0x55 }
            let storage = sample.storage.changing(["journal": damaged])
            let repair = try mend(storage, "\(lost)")
            #expect(repair.losses.reduce(0) { $0 + $1.count } == lost.count, "\(lost)")
            let after = try ArchiveState(storage)
            #expect(after.entries.count == sample.state.entries.count - lost.count)
            #expect(after.entries.allSatisfy(sample.state.entries.contains))
        }
    }

    @Test func packsThatTheHeaderDidNotNameAreNotCountedTwice() throws {
        let sample = try MendingSample(seals: 3)
        // What a killed collection leaves beside the old packs: what they were merged to, and what the journal became.
        let (sealed, merged) = (sample.storage.changing(), sample.storage.changing())
        try SealedSample.sealOnly(try Archive.open(sealed))
        _ = try Archive.open(merged).collectGarbage(lockTimeout: SampleData.atOnce)
        // A batch that becomes a pack takes what the journal has with it.
        let batched = sample.storage.changing()
        let archive = try Archive.open(batched)
        archive.packedBatchRecords = 2
        try archive.commit(try SampleData.batch(xp: 90..<93, from: 9000), lockTimeout: SampleData.atOnce)
        for leftovers in [[sealed], [merged], [batched], [sealed, merged, batched]] {
            let storage = sample.storage.changing(["journal": sample.withoutHeader])
            for other in leftovers {
                for (path, bytes) in other.files where path.hasPrefix("packs/") && storage.files[path] == nil {
                    try storage.create(path, bytes)
                }
            }
            #expect(storage.files.count > sample.storage.files.count)
            let repair = try mend(storage)
            #expect(repair.losses.isEmpty)
            #expect(try ArchiveState(storage).entries == sample.state.entries)
            #expect(try Archive.open(storage).head == sample.head)
            _ = try Archive.open(storage).collectGarbage(lockTimeout: SampleData.atOnce)
            #expect(try ArchiveState(storage).entries == sample.state.entries)
            #expect(try Verification.run(on: storage).findings == [])
        }
    }

    @Test func aHeadThatIsStillLegibleSaysWhereTheJournalBegins() throws {
        let sample = try MendingSample()
        // An import that was killed before the journal knew of its pack, and a journal that has no record of it.
        let empty = sample.storage.changing()
        try SealedSample.sealOnly(try Archive.open(empty))
        let before = try MendingSample(empty.changing())
        let archive = try Archive.open(empty)
        archive.packedBatchRecords = 2
        try archive.commit(try SampleData.batch(xp: 90..<93, from: 9000), lockTimeout: SampleData.atOnce)
        var journal = before.journal
        for index in 0..<24 { journal[index] ^= 0x11 }
        let storage = empty.changing(["journal": journal])
        try mend(storage)
        #expect(try Archive.open(storage).head == before.head)
        #expect(try ArchiveState(storage).entries == before.state.entries)
    }

    @Test func aPackThatIsMissingWithTheHeaderIsDeclaredLost() throws {
        let sample = try MendingSample(seals: 3)
        let packs = try sample.packs
        for place in 0..<2 {
            let pack = try Pack(
                try #require(ObjectID(packFileName: packs[place])), try sample.storage.open(packs[place]))
            let range = pack.trailer.range
            var unreadable = try #require(sample.storage.files[packs[place]])
            unreadable[unreadable.count - 20] ^= 1
            for bytes in [nil, unreadable] {
                let storage = sample.storage.changing(["journal": sample.withoutHeader, packs[place]: bytes])
                let repair = try mend(storage)
                #expect(repair.losses.reduce(0) { $0 + $1.count } == range.count)
                let left = sample.state.entries.filter { !range.contains($0.sequenceNumber) }
                #expect(try ArchiveState(storage).entries.map(\.sequenceNumber) == left.map(\.sequenceNumber))
                if let bytes { #expect(storage.files.values.contains(bytes)) }
            }
        }
        // Nothing says that there was one more.
        let storage = sample.storage.changing(["journal": sample.withoutHeader, packs[2]: nil])
        #expect(try mend(storage).mended.contains { $0.contains("cannot be told") })
    }

    @Test func packsUnderOtherNamesAreFoundAgain() throws {
        let sample = try MendingSample()
        let (packs, files) = (try sample.packs, sample.storage.files)
        let storage = sample.storage.changing([
            "journal": sample.withoutHeader, packs[0]: files[packs[1]], packs[1]: files[packs[0]],
        ])
        try mend(storage)
        #expect(try ArchiveState(storage) == sample.state)
    }

    @Test func whatWasForgottenStaysForgotten() throws {
        let sample = try MendingSample()
        let storage = sample.storage.changing()
        _ = try Archive.open(storage).forget(
            ForgetSelection(player: SampleData.player("Iron Mole")), reason: "asked to", at: SampleData.start,
            lockTimeout: SampleData.atOnce)
        let forgotten = try MendingSample(storage.changing())
        // Killed before it removed the old packs.
        for (path, bytes) in sample.storage.files where path.hasPrefix("packs/") && storage.files[path] == nil {
            try storage.create(path, bytes)
        }
        for journal in [forgotten.withoutHeader, Array(forgotten.journal[..<9])] {
            let left = storage.changing(["journal": journal])
            try mend(left)
            #expect(try ArchiveState(left).entries == forgotten.state.entries)
        }
    }

    @Test func whereNothingIsLeftABackupIsNamed() throws {
        let sample = try MendingSample(hasPacks: false)
        let packed = try MendingSample()
        let packs = Dictionary(uniqueKeysWithValues: try packed.packs.map { ($0, [UInt8]?.none) })
        for storage in [
            sample.storage.changing(["journal": nil]), sample.storage.changing(["journal": []]),
            packed.storage.changing(packs.merging(["journal": packed.withoutHeader]) { $1 }),
        ] {
            let files = storage.files
            let error = #expect(throws: ArchiveError.self) {
                try Archive.repair(storage, at: SampleData.start, lockTimeout: SampleData.atOnce)
            }
            #expect(error?.code == .corrupt && error?.message.contains("backup restore") == true)
            #expect(storage.files == files)
        }
    }

    @Test func aSealedHeaderIsPutRightWhereOneByteIsWrong() throws {
        let medium = MemoryStorage()
        let archive = try SampleData.archive(in: try SampleKeys.unlock(medium))
        try archive.commit(try SampleData.batch(xp: 1..<3, from: 1), lockTimeout: SampleData.atOnce)
        try SealedSample.sealOnly(archive)
        _ = try archive.removeSealedObjects()
        let empty = try #require(medium.files["journal"])
        try archive.commit(try SampleData.batch(xp: 3..<5, from: 10), lockTimeout: SampleData.atOnce)
        let journal = try #require(medium.files["journal"])
        func repair(_ journal: [UInt8]) throws -> MemoryStorage {
            let left = medium.changing(["journal": journal])
            _ = try Archive.repair(
                try SampleKeys.unlock(left), at: SampleData.start, lockTimeout: SampleData.atOnce)
            return left
        }
        for index in [0, 9, 20, 30, 33, 40, 47, 60, 150, empty.count - 2] {
            var damaged = journal
            damaged[index] ^= 4
            #expect(try repair(damaged).files["journal"] == journal, "byte \(index)")
        }
        // Without records behind it the packs are enough.
        let left = try repair(Array(empty.prefix(70)))
        let opened = try Archive.open(try SampleKeys.unlock(left))
        #expect(opened.recordCount == 2 && opened.damage.isEmpty)
        var lost = journal
        for index in 60..<80 { lost[index] ^= 4 }
        let error = #expect(throws: ArchiveError.self) { try repair(lost) }
        #expect(error?.message.contains("sealed") == true && error?.message.contains("backup") == true)
    }
}
