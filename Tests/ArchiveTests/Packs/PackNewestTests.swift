import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@testable import Archive

/// What packs list as their newest observations is what their logs say, and nothing else is ever told.
@Suite struct PackNewestTests {
    /// One listed observation, comparable.
    private struct Listed: Hashable {
        var entry: LogEntry
        var outcome: Outcome
    }

    private func listed(_ history: History, _ count: Int, _ selection: ListingSelection) throws -> [Listed]? {
        try history.newest(count, selection)?.map { Listed(entry: $0.entry, outcome: $0.outcome) }
    }

    /// The same out of the logs.
    private func expected(_ history: History, _ selection: ListingSelection) throws -> [Listed] {
        let logs = try history.allLogs().filter { selection.board == nil || $0.board == selection.board }
        var rows = MergedRows(
            of: logs, failures: selection.failures, since: selection.since, until: selection.until)
        var found: [Listed] = []
        while let (log, row) = try rows.next() {
            found.append(Listed(entry: try log.entry(of: row), outcome: try log.outcome(of: row)))
        }
        return found
    }

    private func batch(_ records: ArraySlice<SampleRecord>) -> Batch {
        var batch = Batch()
        for record in records {
            if let observation = record.observation { batch.add(observation, document: record.document) }
        }
        return batch
    }

    /// An archive of several packs, some of them with a body so large that they list their newest, and a journal.
    private func archive(seed: UInt64, in storage: MemoryStorage) throws {
        var records = RandomRecords(seed: seed)
        var random = SeededRandom(seed: seed + 1000)
        let archive = try SampleData.archive(in: storage)
        for part in 0..<Int.random(in: 1...4, using: &random) {
            let count = Int.random(in: 5...90, using: &random)
            try archive.commit(batch(try records.records(count)[...]), lockTimeout: SampleData.atOnce)
            let body = (0..<Int.random(in: 1...400, using: &random) * 512).map { UInt8(truncatingIfNeeded: $0 / 512) }
            let noise = body.map { $0 ^ UInt8.random(in: 0...255, using: &random) }
            var invalid = SampleData.failure(.invalid, at: -10 - part)
            invalid.evidence.body = AnswerBody(
                contentType: nil, bytes: noise.count, id: SHA256.digest(noise), isKept: true)
            var large = Batch()
            large.add(invalid, document: noise)
            try archive.commit(large, lockTimeout: SampleData.atOnce)
            if Bool.random(using: &random) {
                try SealedSample.sealOnly(archive)
            } else {
                _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
            }
        }
        if Bool.random(using: &random) {
            try archive.commit(batch(try records.records(12)[...]), lockTimeout: SampleData.atOnce)
        }
    }

    @Test func everyListingIsThatOfTheLogs() throws {
        var (answered, asked) = (0, 0)
        for seed in 1...6 as ClosedRange<UInt64> {
            let storage = MemoryStorage()
            try archive(seed: seed, in: storage)
            let history = try Archive.open(storage).history
            #expect(try Verification.run(on: storage).isSound, "seed \(seed)")
            for failures in [true, false] {
                let moments = try expected(history, ListingSelection(failures: true)).map(
                    \.entry.observation.capturedAt)
                for (since, until) in [
                    (nil, nil), (moments.first, nil), (moments[moments.count / 8], nil),
                    (nil, moments[moments.count / 8]),
                    (moments.last, moments[1]), (SampleData.moment(1 << 20), nil),
                ] as [(Timestamp?, Timestamp?)] {
                    for board in [nil, Board.ironman] {
                        let selection = ListingSelection(board: board, failures: failures, since: since, until: until)
                        let all = try expected(history, selection)
                        for count in [1, 20, 1000] {
                            asked += 1
                            let fresh = try Archive.open(storage)
                            guard let found = try listed(fresh.history, count, selection) else { continue }
                            answered += 1
                            #expect(found == Array(all.prefix(count)), "seed \(seed), \(selection), \(count)")
                            #expect(fresh.metDamage.isEmpty)
                        }
                    }
                }
            }
        }
        #expect(answered > asked / 4, "\(answered) of \(asked)")
    }

    @Test func aPackThatIsTooSmallForAListIsReadInItsPlace() throws {
        let sample = try SealedSample(seals: 2)
        let archive = try Archive.open(sample.storage)
        #expect(archive.packs.histories.allSatisfy { !$0.pack.footer.hasNewest && $0.pack.footer.observations > 0 })
        let selection = ListingSelection(failures: true)
        #expect(try listed(archive.history, 1000, selection) == expected(archive.history, selection))
        // Where a block of it is damaged only the logs can tell.
        let path = try #require(try sample.packs.last)
        var bytes = try #require(sample.storage.files[path])
        bytes[20] ^= 1
        let damaged = try Archive.open(sample.storage(changing: [path: bytes]))
        #expect(try listed(damaged.history, 1000, selection) == nil)
    }

    @Test func aMergedPackListsAnew() throws {
        let records = try GoldenPack.recordsWithNewest()
        let merged = try PackFile.merged(try PackFile.split(records, before: [4, 9]))
        let whole = try PackFile(records)
        #expect(try whole.newest().count == 6)
        #expect(try merged.newest() == whole.newest())
        #expect(merged.findings() == [])
        let marks = try whole.newest().map { $0.previous?.isSame }
        #expect(marks == [nil, nil, nil, true, nil, false])
    }

    @Test func everyFlippedByteBehindTheBlocksIsFoundAndNothingWrongIsListed() throws {
        let pack = try PackFile(try GoldenPack.recordsWithNewest())
        let selection = ListingSelection(failures: true)
        let right = try expected(History(sealed: [try pack.history()]), selection)
        #expect(try listed(History(sealed: [try pack.history()]), 6, selection) == Array(right.prefix(6)))
        let opened = try pack.open()
        let section = opened.footer.newest.offset..<opened.footer.newest.offset + opened.footer.newest.stored
        var bytes = pack.bytes
        for offset in Array(stride(from: 0, to: section.lowerBound, by: 1021)) + Array(section.lowerBound..<bytes.count)
        {
            bytes[offset] ^= 1 << UInt8(offset % 8)
            let file = PackFile(name: pack.name, bytes: bytes)
            #expect(!file.findings().isEmpty, "byte \(offset)")
            #expect(!file.findings(quick: true).isEmpty, "byte \(offset)")
            if let history = try? file.history(), let found = try? listed(History(sealed: [history]), 6, selection) {
                #expect(found == Array(right.prefix(6)), "byte \(offset)")
                #expect(!section.contains(offset), "byte \(offset)")
            }
            if section.contains(offset) {
                #expect(file.findings().allSatisfy { $0.costs == [] }, "byte \(offset)")
                #expect(try expected(History(sealed: [try file.history()]), selection) == right)
            }
            bytes[offset] ^= 1 << UInt8(offset % 8)
        }
        for count in stride(from: section.lowerBound, to: bytes.count, by: 5) {
            #expect(!PackFile(name: pack.name, bytes: Array(bytes.prefix(count))).findings().isEmpty)
        }
    }

    /// Checksums hold no one back who computes them anew: verification still compares with the blocks.
    @Test func aListThatIsNotThatOfTheBlocksIsFound() throws {
        let pack = try PackFile(try GoldenPack.recordsWithNewest())
        let opened = try pack.open()
        let newest = opened.footer.newest
        var page = try opened.page(0, of: newest)
        let hex = Array("\"snapshot\":\"".utf8)
        let place = try #require(page.indices.first { page[$0...].starts(with: hex) }) + hex.count
        page[place] = page[place] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
        let (stored, listed) = PackSection.store(page, items: newest.items, try Deflater(.raw))
        var footer = opened.footer
        footer.newest.pages = [listed]
        let footerBytes = footer.encoded()
        let footerStored = try Deflater(.raw).deflate(footerBytes)
        var trailer = opened.trailer
        (trailer.footerStored, trailer.footerInflated) = (footerStored.count, footerBytes.count)
        trailer.footerChecksum = CRC32.of(footerStored)
        let forged = Array(pack.bytes[..<newest.offset]) + stored + footerStored + trailer.encoded()
        let findings = PackFile(name: SHA256.digest(forged), bytes: forged).findings()
        #expect(findings.map(\.costs) == [[]])
        #expect(
            findings.first?.error
                == .corrupt(
                    "the newest observations are not those of the blocks", offset: newest.offset))
    }

    @Test func damageToTheListIsToldAndTheLogsAnswer() throws {
        let storage = MemoryStorage()
        try archive(seed: 3, in: storage)
        let path = try #require(
            try Archive.open(storage).packs.histories.first { $0.pack.footer.hasNewest }.map {
                ArchiveLayout.pack($0.pack.name)
            })
        let pack = try #require(
            try Archive.open(storage).packs.histories.first { $0.pack.footer.hasNewest }?.pack)
        var bytes = try #require(storage.files[path])
        bytes[pack.footer.newest.offset + 7] ^= 4
        let damaged = MemoryStorage(
            files: storage.files.merging([path: bytes]) { $1 }, folders: storage.folders)
        let archive = try Archive.open(damaged)
        let selection = ListingSelection(failures: true)
        #expect(try listed(archive.history, 1000, selection) == nil)
        #expect(archive.metDamage.count == 1 && !archive.damage.isEmpty)
        #expect(try expected(archive.history, selection) == expected(Archive.open(storage).history, selection))
        #expect(try !Verification.run(on: damaged, quick: true).isSound)

        _ = try archive.repair(at: SampleData.start, lockTimeout: SampleData.atOnce)
        #expect(try Verification.run(on: damaged).isSound)
        let healed = try Archive.open(damaged)
        #expect(try expected(healed.history, selection) == expected(Archive.open(storage).history, selection))
        #expect(healed.packs.histories.contains { $0.pack.footer.hasNewest })
    }

    @Test func whatIsForgottenIsListedNoMore() throws {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        try archive.commit(
            batch(try GoldenPack.recordsWithNewest().filter { $0.observation != nil }[...]),
            lockTimeout: SampleData.atOnce)
        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        func listedPlayers() throws -> Set<PlayerName> {
            let histories = try Archive.open(storage).packs.histories
            return Set(try histories.flatMap { try $0.pack.newest() }.map(\.entry.observation.player))
        }
        let player = SampleData.player("Lynx Titan")
        #expect(try listedPlayers().contains(player))
        _ = try archive.forget(
            ForgetSelection(player: player, board: nil, capturedAt: nil), reason: "asked", at: SampleData.start,
            lockTimeout: SampleData.atOnce)
        #expect(try listedPlayers() == [SampleData.player("Zezima")])
        #expect(try Verification.run(on: storage).isSound)
        #expect(try listed(Archive.open(storage).history, 4, ListingSelection(failures: true))?.count == 4)
    }
}

extension Pack {
    fileprivate func newest() throws -> [PackNewest] {
        var found: [PackNewest] = []
        for page in footer.newest.pages.indices { found += try newest(onPage: page) }
        return found
    }
}

extension PackFile {
    fileprivate func newest() throws -> [PackNewest] { try open().newest() }
}
