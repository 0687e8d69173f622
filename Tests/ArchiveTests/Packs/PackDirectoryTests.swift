import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@testable import Archive

@Suite struct PackDirectoryTests {
    private let numbers = 1000..<5000

    /// Entries of some logs, their blocks one behind the other from byte 8 on.
    private func entries(_ count: Int, seed: UInt64) -> [PackBlockEntry] {
        var random = SeededRandom(seed: seed)
        var keys = (0..<count).map { _ in
            SeriesKey(
                player: SampleData.player("p\(Int.random(in: 0..<5, using: &random))"),
                board: Board.allCases[Int.random(in: 0..<3, using: &random)])
        }
        keys.sort()
        var offset = 8
        return keys.map { key in
            let rows = Int.random(in: 1...256, using: &random)
            let successes = Int.random(in: 0...rows, using: &random)
            let newInLog = Int.random(in: 0...successes, using: &random)
            let first = Int64.random(in: -62_167_219_200_000...253_402_300_799_999, using: &random)
            let lowest = Int.random(in: numbers, using: &random)
            let entry = PackBlockEntry(
                series: key, offset: offset, length: Int.random(in: 5...90_000, using: &random), rows: rows,
                successes: successes, newInLog: newInLog, newInArchive: Int.random(in: 0...newInLog, using: &random),
                first: first, last: Int64.random(in: first...253_402_300_799_999, using: &random),
                firstNumber: Int.random(in: lowest..<5000, using: &random),
                lastNumber: Int.random(in: lowest..<5000, using: &random), lowestNumber: lowest)
            offset += entry.length
            return entry
        }
    }

    private func decode(_ bytes: [UInt8], _ entries: [PackBlockEntry]) throws -> [PackBlockEntry] {
        try PackDirectory.decode(
            bytes, items: entries.count, offset: 8, limit: entries.reduce(8) { $0 + $1.length }, numbers: numbers)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func aPageIsReadAsItWasWritten(seed: UInt64) throws {
        let entries = entries(Int(seed) * 6, seed: seed)
        let bytes = PackDirectory.encode(entries[...], first: numbers.lowerBound)
        #expect(try decode(bytes, entries) == entries, "seed \(seed)")
        for count in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: PackError.self) { try decode(Array(bytes.prefix(count)), entries) }
        }
        #expect(throws: PackError.self) { try decode(bytes + [0], entries) }
    }

    @Test func anEntryOutOfRangeIsRefused() {
        func refuses(_ change: (inout PackBlockEntry) -> Void) -> Bool {
            var entries = entries(3, seed: 1)
            change(&entries[1])
            let bytes = PackDirectory.encode(entries[...], first: numbers.lowerBound)
            return (try? decode(bytes, entries)) == nil
        }
        #expect(!refuses { _ in })
        #expect(refuses { $0.rows = 0 })
        #expect(refuses { $0.rows = PackFormat.rowReadLimit + 1 })
        #expect(refuses { $0.successes = $0.rows + 1 })
        #expect(refuses { $0.newInLog = $0.successes + 1 })
        #expect(refuses { $0.newInArchive = $0.newInLog + 1 })
        #expect(refuses { $0.length = 4 })
        #expect(refuses { $0.last = $0.first - 1 })
        #expect(refuses { $0.last = 253_402_300_800_000 })
        #expect(refuses { ($0.first, $0.last) = (.min, .max) })
        #expect(refuses { $0.firstNumber = 5000 })
        #expect(refuses { $0.lastNumber = 5000 })
        #expect(refuses { $0.series.player = SampleData.player("a") })
    }

    /// Every log is found by its key, however the directory is cut into pages.
    @Test func logsAreFoundAcrossPages() throws {
        var records: [SampleRecord] = []
        for player in 0..<300 {
            for board in [Board.main, .ironman] where player % 3 > 0 || board == .main {
                records.append(
                    try SampleRecord(
                        .observation(SampleData.failure(.notFound, at: player, player: "p\(player)", board: board))))
            }
        }
        let pack = try PackFile(records).open()
        #expect(pack.footer.directory.pages.count > 2)
        for record in records {
            let key = try #require(record.series)
            #expect(try pack.blocks(of: key).map(\.series) == [key])
        }
        let absent = SeriesKey(player: SampleData.player("p1000"), board: .main)
        #expect(try pack.blocks(of: absent).isEmpty)
        for number in 0..<pack.footer.blocks { #expect(try pack.block(number: number) == pack.allBlocks()[number]) }
    }
}
