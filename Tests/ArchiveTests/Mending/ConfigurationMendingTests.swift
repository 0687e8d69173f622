import ObjectStore
import Testing

@testable import Archive

/// The `config.json` of a plain archive is put right by its checksum, or made anew of what the other files say.
@Suite struct ConfigurationMendingTests {
    @Test func everyByteThatFlipsIsPutRight() throws {
        let sample = try MendingSample(hasPacks: false)
        let bytes = try #require(sample.storage.files["config.json"])
        let masks: [UInt8] = [1, 0x20, 0xFF]
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= masks[index % masks.count]
            let storage = sample.storage.changing(["config.json": damaged])
            let error = #expect(throws: ArchiveError.self) { try Archive.open(storage) }
            #expect(error?.message.contains("verify --repair") == true)
            _ = try Archive.repair(storage, at: SampleData.start, lockTimeout: SampleData.atOnce)
            #expect(storage.files["config.json"] == bytes, "byte \(index)")
        }
    }

    @Test(arguments: [false, true]) func aLostOneIsMadeAnewOfTheJournal(hasPacks: Bool) throws {
        let sample = try MendingSample(hasPacks: hasPacks)
        let bytes = try #require(sample.storage.files["config.json"])
        for left in [nil, [], Array(bytes.prefix(100)), Array(bytes.dropLast(40)), bytes + bytes] {
            let storage = sample.storage.changing(["config.json": left])
            let repair = try mend(storage)
            #expect(repair.mended.contains { $0.contains("not known any more") })
            let archive = try Archive.open(storage)
            #expect(archive.configuration.archive == SampleData.archiveID)
            #expect(archive.configuration.createdAt == SampleData.moment(100_000))
            #expect(try ArchiveState(storage) == sample.state && archive.head == sample.head)
        }
    }

    @Test func observationsOfRanksAloneStayReadable() throws {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        var batch = Batch()
        let document = SampleData.document(xp: 1)
        batch.add(try SampleData.observation(document, at: 1), document: document)
        batch.add(try SampleData.ranksOnly(SampleData.document(xp: 1, rank: 7), at: 2), document: nil)
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        let sample = try MendingSample(storage)
        let left = storage.changing(["config.json": nil])
        try mend(left)
        #expect(try ArchiveState(left) == sample.state)
    }

    @Test func bothAreMendedWhereTheRestTellsEnough() throws {
        for hasPacks in [false, true] {
            let sample = try MendingSample(hasPacks: hasPacks)
            var (journal, configuration) = (sample.journal, try #require(sample.storage.files["config.json"]))
            journal[100] ^= 1
            configuration[20] ^= 1
            for changed in [configuration, nil] {
                let storage = sample.storage.changing(["journal": journal, "config.json": changed])
                try mend(storage)
                #expect(try ArchiveState(storage) == sample.state)
                #expect(storage.files["journal"] == sample.journal)
            }
        }
        // The packs name the archive, too.
        let sample = try MendingSample()
        for journal in [sample.withoutHeader, nil] {
            let storage = sample.storage.changing(["journal": journal, "config.json": nil])
            let repair = try mend(storage)
            #expect(repair.mended.contains { $0.contains("as the packs say") })
            if journal != nil { #expect(try Archive.open(storage).head == sample.head) }
        }
    }

    @Test func whereNothingNamesTheArchiveABackupIsNamed() throws {
        let sample = try MendingSample(hasPacks: false)
        let storage = sample.storage.changing(["journal": sample.withoutHeader, "config.json": nil])
        let files = storage.files
        let error = #expect(throws: ArchiveError.self) {
            try Archive.repair(storage, at: SampleData.start, lockTimeout: SampleData.atOnce)
        }
        #expect(error?.code == .corrupt && error?.message.contains("backup restore") == true)
        #expect(storage.files == files)
    }

    @Test func whatIsNoArchiveStaysNone() throws {
        let empty = MemoryStorage()
        #expect(throws: ArchiveError.self) {
            try Archive.repair(empty, at: SampleData.start, lockTimeout: SampleData.atOnce)
        }
        #expect(empty.files.isEmpty)
        // What a killed restore left, and an encrypted archive, whose configuration holds its keys.
        let sample = try MendingSample()
        let restored = sample.storage.changing(["config.json": nil, "restore-unfinished": []])
        let encrypted = MemoryStorage()
        _ = try SampleData.archive(in: try SampleKeys.unlock(encrypted))
        for storage in [
            restored, encrypted.changing(["config.json": nil]),
            encrypted.changing(["config.json": nil, "config.json.copy": nil, "objects/x": []]),
        ] {
            let files = storage.files
            #expect(throws: ArchiveError.self) {
                try Archive.repair(storage, at: SampleData.start, lockTimeout: SampleData.atOnce)
            }
            #expect(storage.files.filter { $0.key != "lock" } == files.filter { $0.key != "lock" })
        }
    }
}
