import CivilTime
import ObjectStore
import TestSupport
import Testing

@testable import Archive

/// Records through packs and back, against what the records themselves say.
@Suite struct PackContentsTests {
    private static let seeds: [UInt64] = Array(1...10)

    @Test(arguments: seeds) func aPackHoldsWhatWasPutIntoIt(seed: UInt64) throws {
        var random = RandomRecords(seed: seed)
        let records = try random.records(Int.random(in: 1...400, using: &random.random))
        let pack = try PackFile(records)
        #expect(pack.findings() == [], "seed \(seed)")
        #expect(try pack.rows() == PackFile.expectedRows(records), "seed \(seed)")
        try expectFrame(of: pack, records)
        try expectLogs(of: pack, records)
    }

    @Test(arguments: seeds) func packsOfSplitsHoldTheSameAndSoDoesWhatTheyAreMergedTo(seed: UInt64) throws {
        var random = RandomRecords(seed: seed &+ 1000)
        let records = try random.records(Int.random(in: 2...350, using: &random.random))
        let cuts = (0..<Int.random(in: 1...6, using: &random.random)).map { _ in
            Int.random(in: 0..<records.count, using: &random.random)
        }
        let packs = try PackFile.split(records, before: cuts)
        let expected = PackFile.expectedRows(records)
        for pack in packs { #expect(pack.findings() == [], "seed \(seed)") }
        #expect(try packs.flatMap { try $0.rows() } == expected, "seed \(seed)")

        let whole = try PackFile.merged(packs)
        #expect(whole.findings() == [], "seed \(seed)")
        #expect(try whole.rows() == expected, "seed \(seed)")
        try expectFrame(of: whole, records)
        try expectLogs(of: whole, records)

        #expect(try PackFile.merged(packs, rowsAtOnce: 7).bytes == whole.bytes, "seed \(seed)")

        let middle = Int.random(in: 0...packs.count, using: &random.random)
        let halves = [packs[..<middle], packs[middle...]].filter { !$0.isEmpty }
        let inSteps = try PackFile.merged(try halves.map { try PackFile.merged(Array($0)) })
        #expect(inSteps.findings() == [], "seed \(seed)")
        #expect(try inSteps.rows() == expected, "seed \(seed)")
    }

    @Test(arguments: seeds) func everyDocumentIsFoundByItsIDAndNoOther(seed: UInt64) throws {
        var random = RandomRecords(seed: seed &+ 2000)
        let records = try random.records(100)
        let history = try PackFile(records).history()
        for record in records {
            guard let document = record.document, let id = record.observation?.documentID else { continue }
            #expect(try history.document(id) == document)
            #expect(try history.names(id))
            #expect(try history.ids(in: id...id).allSatisfy { $0 == id })
        }
        for number in 0..<50 {
            let id = SHA256.digest(Array("absent \(number)".utf8))
            #expect(try history.document(id) == nil && !history.names(id))
        }
    }

    /// Trailer, footer and the records beside the observations.
    private func expectFrame(of file: PackFile, _ records: [SampleRecord]) throws {
        let pack = try file.open()
        let hasher = SHA256()
        var (head, sum) = (PackFile.start, IDSum())
        for record in records {
            let id = hasher.digest(record.bytes)
            head = head.appending(record: id, hasher)
            sum += id
        }
        #expect(pack.trailer.range == 0..<records.count)
        #expect(pack.trailer.headBefore == PackFile.start && pack.trailer.headAfter == head)
        #expect(pack.trailer.idSum == sum)
        let rows = PackFile.expectedRows(records)
        #expect(pack.footer.observations == rows.count)
        #expect(pack.footer.successes == records.count { $0.observation?.result == .ok })
        #expect(pack.footer.newInArchive == rows.count { $0.novelty == .newInArchive })
        #expect(try pack.gaps() == [])
        let others = records.enumerated().filter { $0.element.observation == nil }
        let found = try pack.otherRecords()
        #expect(found.map(\.number) == others.map(\.offset))
        #expect(found.map(\.record) == others.map(\.element.bytes))
    }

    /// Each log's blocks, and its rows as a log lists them.
    private func expectLogs(of file: PackFile, _ records: [SampleRecord]) throws {
        let pack = try file.open()
        let keys = Set(records.compactMap(\.series))
        for key in keys {
            let expected = records.enumerated().compactMap { number, record -> LogRow? in
                guard let observation = record.observation, record.series == key else { return nil }
                return LogRow(
                    point: LogPoint(capturedAt: observation.capturedAt, sequenceNumber: number),
                    result: observation.result)
            }.sorted { $0.point < $1.point }
            var found: [LogRow] = []
            for entry in try pack.blocks(of: key) {
                var rows = PackedRows(try pack.block(entry), of: pack)
                let ofBlock = try (0..<entry.rows).map { try rows.logRow($0) }
                #expect(ofBlock.map(\.point) == ofBlock.map(\.point).sorted())
                #expect(ofBlock.first?.point == entry.firstPoint && ofBlock.last?.point == entry.lastPoint)
                found += ofBlock
            }
            #expect(found.sorted { $0.point < $1.point } == expected)
        }
        #expect(Set(try pack.allBlocks().map(\.series)) == keys)
    }
}
