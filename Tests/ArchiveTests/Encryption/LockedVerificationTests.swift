import ObjectStore
import Testing

@testable import Archive

/// What can be told of an encrypted archive without its key: what the key would call sound is no damage.
@Suite struct LockedVerificationTests {
    private static func archive(_ storage: MemoryStorage) throws -> Archive {
        let archive = try SampleData.archive(in: try SampleKeys.unlock(storage))
        try archive.commit(try SampleData.batch(xp: 0..<3, from: 0), lockTimeout: SampleData.atOnce)
        return archive
    }

    /// The findings without the key and with it.
    private static func findings(_ storage: MemoryStorage) throws -> (locked: [Int?], open: [Int?]) {
        (
            try LockedVerification.run(on: storage).findings.map(\.offset),
            try Verification.run(on: try SampleKeys.unlock(storage), quick: true).findings.map(\.offset)
        )
    }

    @Test func aSectorOfTheNewestBatchThatNeverReachedTheDiskIsATornEnd() throws {
        let storage = MemoryStorage()
        let archive = try Self.archive(storage)
        let start = archive.journal.end
        try archive.commit(try SampleData.batch(xp: 10..<16, from: 10), lockTimeout: SampleData.atOnce)
        var journal = try #require(storage.files["journal"])
        let sectors = stride(from: (start / 512 + 1) * 512, to: journal.count - 512, by: 512)
        #expect(sectors.underestimatedCount > 1)
        for sector in sectors {
            var torn = journal
            torn.replaceSubrange(sector..<sector + 512, with: repeatElement(0, count: 512))
            let altered = storage.changing(["journal": torn])
            let findings = try Self.findings(altered)
            #expect(findings.locked == [] && findings.open == [], "sector at \(sector)")
            let notes = try LockedVerification.run(on: altered).notes
            #expect(notes.count == 2 && notes.first?.contains("never finished") == true, "\(notes)")
        }
        // With a batch behind it, it is damage.
        try archive.commit(try SampleData.batch(xp: 20..<21, from: 20), lockTimeout: SampleData.atOnce)
        journal = try #require(storage.files["journal"])
        let sector = (start / 512 + 1) * 512
        journal.replaceSubrange(sector..<sector + 512, with: repeatElement(0, count: 512))
        let findings = try Self.findings(storage.changing(["journal": journal]))
        #expect(!findings.locked.isEmpty && findings.locked.first == findings.open.first)
    }

    @Test func aCopyOfTheConfigurationThatIsDamagedOrAnothersIsFoundWithoutTheKey() throws {
        let storage = MemoryStorage()
        _ = try Self.archive(storage)
        let copy = try #require(storage.files["config.json.copy"])
        let other = MemoryStorage()
        let id = try #require(ArchiveID(bytes: [UInt8](repeating: 9, count: ArchiveID.byteCount)))
        _ = try Archive.create(
            in: other, id: id, createdAt: SampleData.moment(0), lockTimeout: SampleData.atOnce)
        var flipped = copy
        flipped[20] ^= 1
        for bytes in [flipped, [], try #require(other.files["config.json"])] {
            let findings = try LockedVerification.run(on: storage.changing(["config.json.copy": bytes])).findings
            #expect(findings.map(\.kind) == [.configuration] && findings[0].file.hasSuffix("config.json.copy"))
        }
    }

    @Test func aFrameThatIsDamagedOrTakenAwayIsFoundWithoutTheKey() throws {
        let storage = MemoryStorage()
        let archive = try Self.archive(storage)
        var ends = [archive.journal.end]
        for minute in 1...2 {
            try archive.commit(
                try SampleData.batch(xp: minute..<minute + 1, from: 10 * minute), lockTimeout: SampleData.atOnce)
            ends.append(archive.journal.end)
        }
        let journal = try #require(storage.files["journal"])
        #expect(try Self.findings(storage).locked == [])
        var flipped = journal
        flipped[ends[0] + 40] ^= 1
        #expect(try Self.findings(storage.changing(["journal": flipped])).locked == [ends[0]])
        let shortened = Array(journal[..<ends[0]] + journal[ends[1]...])
        #expect(try Self.findings(storage.changing(["journal": shortened])).locked == [ends[0]])
        var headless = journal
        headless[40] ^= 1
        for damaged in [[], Array(journal.prefix(20)), Array(journal.prefix(40)), headless] {
            #expect(try LockedVerification.run(on: storage.changing(["journal": damaged])).findings.count == 1)
        }
    }

    @Test func aCollectionOfGarbageMeanwhileIsNoDamage() throws {
        let storage = MemoryStorage()
        let archive = try Self.archive(storage)
        for round in 1...3 {
            try archive.commit(
                try SampleData.batch(xp: 10 * round..<10 * round + 3, from: 10 * round), lockTimeout: SampleData.atOnce)
            try SealedSample.sealOnly(archive)
        }
        let packs = storage.files.keys.filter { $0.hasPrefix("packs/") }
        #expect(packs.count == 3)
        var (steps, problems): ([Int], [String]) = ([], [])
        let report = try LockedVerification.run(on: storage) { _, total in
            steps.append(total)
            guard steps.count == 1 else { return }
            do { _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce) } catch { problems.append("\(error)") }
        }
        #expect(problems == [] && report.findings == [])
        #expect(steps == [3, 3, 3, 1], "what is there now was not looked at")
        #expect(storage.files.keys.filter { $0.hasPrefix("packs/") }.count == 1)
    }
}
