import ObjectStore
import TestSupport
import Testing

@testable import Archive

@Suite struct PackFingerprintsTests {
    private func entries(_ count: Int, blocks: Int, _ random: inout SeededRandom) -> [PackFingerprints.Entry] {
        (0..<count).map { _ in
            PackFingerprints.Entry(prefix: random.next(), block: Int.random(in: 0..<blocks, using: &random))
        }
    }

    @Test(arguments: [0, 1, 2, 255, 256, 257, 5000, 70_000]) func whatIsEncodedIsDecoded(count: Int) throws {
        var random = SeededRandom(seed: UInt64(count))
        for blocks in [1, 2, 3, 1000] {
            var given = entries(count, blocks: blocks, &random)
            // Ids that other blocks hold too.
            given += given.prefix(20).map { .init(prefix: $0.prefix, block: blocks - 1) }
            let format = PackFingerprints(entries: given.count, blocks: blocks)
            let expected = Set(given.map { [format.fingerprint($0.prefix), UInt64($0.block)] })
            let cut = format.cut(&given)
            #expect(cut.count == expected.count && cut == cut.sorted())
            let pages = format.encode(cut)
            #expect(pages.count == format.pageCount)
            var found: [[UInt64]] = []
            for (number, page) in pages.enumerated() {
                let decoded = try format.decode(page.bytes, items: page.items, page: number, blocks: blocks, at: 0)
                #expect(decoded.allSatisfy { format.page(of: $0.fingerprint) == number })
                found += decoded.map { [$0.fingerprint, UInt64($0.block)] }
            }
            #expect(found.count == expected.count && Set(found) == expected)
        }
    }

    @Test func aSumIsThatOfTheEntriesInAnyOrderEachOnceInItsBlock() {
        var random = SeededRandom(seed: 3)
        let format = PackFingerprints(entries: 5000, blocks: 7)
        var given = entries(5000, blocks: 7, &random)
        func sum(_ entries: [PackFingerprints.Entry]) -> FingerprintSum {
            var sum = FingerprintSum()
            for (block, entries) in Dictionary(grouping: entries, by: \.block) {
                sum.add(entries.map(\.prefix), inBlock: block, format)
            }
            return sum
        }
        let whole = sum(given)
        #expect(sum(given.shuffled(using: &random) + given.prefix(100)) == whole)
        #expect(sum(Array(given.dropLast())) != whole)
        var moved = given
        moved[0].block = (moved[0].block + 1) % 7
        #expect(sum(moved) != whole && sum(moved).count == whole.count)
        var listed = FingerprintSum()
        for entry in format.cut(&given) { listed.add(format.fingerprint(entry.prefix), inBlock: entry.block) }
        #expect(listed == whole)
    }

    @Test func anEntryTakesTwoToThreeBytes() {
        var random = SeededRandom(seed: 1)
        for count in [1 << 12, 1 << 16] {
            let format = PackFingerprints(entries: count, blocks: count / 256)
            var given = entries(count, blocks: count / 256, &random)
            let bytes = format.encode(format.cut(&given)).reduce(0) { $0 + $1.bytes.count }
            #expect(bytes <= 3 * count, "\(bytes) bytes for \(count)")
            // Ids that are not there are taken for ones that are once in 256 times.
            #expect(1 << format.bits >= 256 * count)
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func anyBytesAreRefusedOrDecoded(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<200 {
            var format = PackFingerprints(entries: 1, blocks: 1)
            format.bits = Int.random(in: 1...32, using: &random)
            format.pageBits = Int.random(in: 0...min(format.bits, 12), using: &random)
            format.riceBits = Int.random(in: 0...format.bits, using: &random)
            format.blockBits = Int.random(in: 0...24, using: &random)
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let page = Int.random(in: 0..<format.pageCount, using: &random)
            let items = Int.random(in: 0...400, using: &random)
            let found = try? format.decode(bytes, items: items, page: page, blocks: 5, at: 0)
            for entry in found ?? [] {
                #expect(entry.block < 5 && format.page(of: entry.fingerprint) == page, "seed \(seed)")
            }
        }
    }

    @Test func bitsAreReadAsTheyWereWritten() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<50 {
            let numbers = (0..<100).map { _ in
                let width = Int.random(in: 0...32, using: &random)
                return (value: random.next() & ((1 << UInt64(width)) - 1), width: width)
            }
            var writer = BitWriter()
            for (value, width) in numbers { writer.append(value, bits: width) }
            for (value, _) in numbers { writer.appendRice(value >> 24, 3) }
            let bytes = writer.finish()
            var reader = BitReader()
            for (value, width) in numbers { #expect(reader.read(width, bytes.span) == value) }
            for (value, _) in numbers { #expect(reader.readRice(3, limit: 1 << 32, bytes.span) == value >> 24) }
            #expect(reader.isAtEnd(of: bytes.span) && !reader.isPastEnd(of: bytes.span))
        }
        // Zeros without end are no number.
        var reader = BitReader()
        #expect(reader.readRice(0, limit: 1 << 32, [UInt8](repeating: 0, count: 8).span) == nil)
    }
}
