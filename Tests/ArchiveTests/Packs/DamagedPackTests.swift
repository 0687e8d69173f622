import CivilTime
import Hiscores
import ObjectStore
import Testing

@testable import Archive

/// Packs that are damaged, missing or not what they should be: each is found, what else there is stays readable, and
/// nothing is wrong.
@Suite struct DamagedPackTests {
    private let sample: SealedSample

    init() throws { sample = try SealedSample() }

    /// Whatever can be read of an archive is right; returns how many observations with a document are.
    private func countSoundDocuments(_ storage: any Storage, _ comment: Comment) throws -> (count: Int, Archive) {
        let archive = try Archive.open(storage)
        var count = 0
        for log in try archive.history.allLogs() {
            _ = (log.snapshotCount, try log.last, try log.firstSuccess, try log.lastSuccess, try log.lastFailure)
            var rows = log.rows(.newestFirst, failures: true)
            while let row = try rows.next() {
                let entry = try log.entry(of: row)
                _ = try log.outcome(of: row)
                guard let id = entry.observation.documentID else { continue }
                #expect(try archive.document(of: entry) == sample.documents[entry.observation.identity], comment)
                #expect(try archive.document(id) == sample.documents[entry.observation.identity], comment)
                count += 1
            }
            if let first = try? log.success(at: 0) { #expect(first.observation.player == log.player, comment) }
        }
        let entries = try archive.entries()
        for player in try archive.history.players() { _ = try archive.history.displayName(of: player) }
        #expect(entries.count(where: { $0.observation.snapshot != nil }) == count, comment)
        _ = try archive.statistics()
        return (count, archive)
    }

    @Test func everyFlippedByteIsFoundAndCostsOnlyItsBlock() throws {
        let path = try #require(sample.packs.first)
        let bytes = try #require(sample.storage.files[path])
        let pack = try Pack(try #require(ObjectID(packPath: path)), try sample.storage.open(path))
        let blocks = try pack.allBlocks()
        #expect(blocks.count == 3)
        for index in bytes.indices {
            for mask: UInt8 in [1, 0xFF] {
                var damaged = bytes
                damaged[index] ^= mask
                let storage = sample.storage(changing: [path: damaged])
                let comment: Comment = "byte \(index), mask \(mask)"
                let report = try Verification.run(on: storage)
                #expect(!report.isSound, comment)
                #expect(try !Verification.run(on: storage, quick: true).isSound, comment)
                let (count, archive) = try countSoundDocuments(storage, comment)
                if index < PackFormat.head.count + pack.footer.blockBytes {
                    let lost = blocks.filter { $0.offset <= index && index < $0.offset + $0.length }
                    #expect(count == 18 - 6 * lost.count, comment)
                    #expect(!archive.damage.isEmpty, comment)
                    guard let block = lost.first else { continue }
                    let finding = try #require(report.findings.first)
                    #expect(report.findings.count == 1, comment)
                    #expect(finding.kind == .pack && finding.offset == block.offset, comment)
                    #expect(finding.affects == Affected.spans([block]), comment)
                    // Positions go on counting what is lost.
                    let log = try #require(try archive.history.log(block.series.player, .main))
                    #expect(log.successCount == 6)
                    #expect(throws: ArchiveError.self, comment) { try log.success(at: 2) }
                }
            }
        }
    }

    @Test func aCutAtEveryLengthIsFound() throws {
        let path = try #require(sample.packs.first)
        let bytes = try #require(sample.storage.files[path])
        for size in stride(from: 0, to: bytes.count, by: 7) {
            let storage = sample.storage(changing: [path: Array(bytes[..<size])])
            let report = try Verification.run(on: storage)
            #expect(report.findings.contains { $0.kind == .pack && $0.failure == .corrupt }, "cut at \(size)")
            #expect(try countSoundDocuments(storage, "cut at \(size)").count == 0)
        }
    }

    @Test func aMissingPackIsMissingAndTheOthersStayReadable() throws {
        let sample = try SealedSample(seals: 3)
        let packs = try sample.packs
        for (place, path) in packs.enumerated() {
            let storage = sample.storage(changing: [path: nil])
            let findings = try Verification.run(on: storage).findings
            #expect(findings.map(\.failure) == [.missing])
            #expect(findings.map(\.file) == ["memory:\(path)"])
            let archive = try Archive.open(storage)
            let ranges = [0..<24, 24..<45, 45..<66]
            #expect(archive.damage.map(\.records) == [ranges[place]])
            #expect(try archive.entries().count == 2 * 21)
            // A capture goes on.
            try archive.commit(try SampleData.batch(xp: 900..<901, from: 9000), lockTimeout: SampleData.atOnce)
        }
    }

    @Test func whatIsNotFoundMayBeInAMissingPack() throws {
        let storage = sample.storage(changing: [try #require(try sample.packs.first): nil])
        let archive = try Archive.open(storage)
        for ref in ["zezima", "zezima@{3}", "tag-0", "player:nobody"] {
            #expect(try code { _ = try archive.resolve(ref, now: SampleData.start) } == .corrupt, "\(ref)")
        }
        #expect(try code { _ = try archive.logs(named: "zezima") } == .corrupt)
        #expect(try code { _ = try archive.resolve("zezima@", now: SampleData.start) } == .malformedRef)
    }

    private func code(_ body: () throws -> Void) throws -> ArchiveError.Code? {
        do { try body() } catch let error as ArchiveError { return error.code }
        return nil
    }

    @Test func anImportAddsNothingWhereAPackIsMissing() throws {
        let sample = try SealedSample(seals: 2)
        for path in try sample.packs {
            let storage = sample.storage(changing: [path: nil])
            let archive = try Archive.open(storage)
            let (before, head) = (storage.files, archive.head)
            let importer = Importer(into: archive, lockTimeout: SampleData.atOnce) { _ in }
            #expect(throws: ArchiveError.self) { try importer.run([.stored(in: sample.storage, "", name: "other")]) }
            #expect(archive.head == head)
            #expect(storage.files.filter { $0.key != "lock" } == before.filter { $0.key != "lock" })
        }
    }

    @Test func packsThatWereSwappedOrPutInOneAnothersPlaceAreFound() throws {
        let sample = try SealedSample(seals: 2)
        let packs = try sample.packs
        let (first, second) = (packs[0], packs[1])
        let files = sample.storage.files
        let other = try SealedSample(players: ["Someone Else"], captures: 3, seals: 2)
        let foreign = other.storage.files[try other.packs[0]]
        for (changes, count) in [
            ([first: files[second], second: files[first]], 2), ([first: files[second]], 1),
            ([second: files[first]], 1), ([first: foreign], 1),
        ] {
            let storage = sample.storage(changing: changes)
            let findings = try Verification.run(on: storage).findings
            #expect(findings.map(\.kind) == Array(repeating: .pack, count: count), "\(findings)")
            #expect(try Archive.open(storage).damage.count == count)
        }
    }

    @Test func aForgedRecordIsFoundByTheChain() throws {
        // Another document in the table of one block, and every checksum put right.
        let path = try #require(sample.packs.first)
        let forged = try SealedSample(players: ["Zezima", "Iron Mole", "Lynx Titan"], captures: 6)
        let archive = try Archive.open(forged.storage)
        let pack = try #require(archive.packs.histories.first).pack
        let target = "memory-forged"
        var writer = try PackWriter(to: target, of: forged.storage, first: 0)
        var tools = try BlockTools()
        for entry in try pack.allBlocks() {
            let log = LogBuilder()
            var rows = PackedRows(try pack.block(entry), of: pack)
            let novelties = try rows.novelties()
            for place in 0..<entry.rows {
                var row = try rows.wholeRow(place)
                if place == 1, case .table(let template, var numbers)? = row.document?.content {
                    numbers[numbers.count - 1] += 1
                    let hasher = SHA256()
                    let template = try Template(text: template)
                    var (text, progress): ([UInt8], [UInt8]) = ([], [])
                    #expect(template.render(numbers, into: &text))
                    #expect(template.reduced(omitting: Array("rank".utf8)).render(numbers, into: &progress))
                    let old = try #require(row.document?.ids)
                    let ids = PackedRows.PackedIDs(document: hasher.digest(text), progress: hasher.digest(progress))
                    row.document = PreparedDocument(
                        content: .table(template: template.text, numbers: numbers), ids: ids)
                    row.record = Array(
                        String(decoding: row.record, as: UTF8.self)
                            .replacing(old.document.hex, with: ids.document.hex)
                            .replacing(try #require(old.progress).hex, with: try #require(ids.progress).hex).utf8)
                }
                try log.add(row, &tools)
            }
            try log.close(&tools)
            log.setNovelties { number in
                var rows = PackedRows(rows.block, of: pack)
                for place in 0..<entry.rows where (try? rows.logRow(place).sequenceNumber) == number {
                    return novelties[place]
                }
                return .known
            }
            for block in log.takeBlocks(of: entry.series) { try writer.add(block) }
        }
        let trailer = pack.trailer
        _ = try writer.finish(
            PackWriter.Frame(
                archive: trailer.archive, first: trailer.first, count: trailer.count, headBefore: trailer.headBefore,
                headAfter: trailer.headAfter, idSum: trailer.idSum, otherRecords: try pack.otherRecords()))
        let storage = sample.storage(changing: [path: forged.storage.files[target]])
        let findings = try Verification.run(on: storage).findings
        #expect(findings.count == 1)
        #expect(findings.first?.detail.contains("do not lead from the head before it") == true, "\(findings)")
        #expect(try !Verification.run(on: storage, quick: true).isSound)
    }
}

extension ObjectID {
    /// The name that a pack's path says.
    init?(packPath path: String) { self.init(hex: String(path.dropFirst("packs/".count).dropLast(".pack".count))) }
}
