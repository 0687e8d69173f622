import ObjectStore
import Testing

@testable import Archive

/// Parts of packs whose checksums are right and whose numbers cannot be: they are refused, and end nothing.
@Suite struct MadeUpPackTests {
    private static let id = SHA256.digest(Array("a record".utf8))

    private func gaps(_ bytes: [UInt8], items: Int) throws -> [PackGap] {
        try PackGap.decode(bytes, items: items, first: 100, count: 10, at: 0)
    }

    @Test func gapsAreReadAsTheyWereWritten() throws {
        let gaps = [
            PackGap(100, id: Self.id, isForgotten: true), PackGap(101..<104, isForgotten: false),
            PackGap(106, id: Self.id, isForgotten: false), PackGap(109..<110, isForgotten: true),
        ]
        let bytes = PackGap.encode(gaps[...], first: 100)
        #expect(try self.gaps(bytes, items: 4) == gaps)
        for count in bytes.indices {
            #expect(throws: PackError.self) { try self.gaps(Array(bytes[..<count]), items: 4) }
        }
        #expect(throws: PackError.self) { try self.gaps(bytes + [0], items: 4) }
    }

    @Test func gapsBeyondThePackAreRefused() {
        let named = [2] + Self.id.bytes
        let pages: [([UInt8], Int)] = [
            // Behind the last record, alone and before another one.
            ([10] + named, 1), ([10, 0, 1], 1), ([10] + named + [0] + named, 2), ([10, 0, 1, 0, 0, 1], 2),
            // Up to the last record, and one behind it.
            ([9] + named + [0] + named, 2), ([0, 0, 10, 0, 0, 1], 2),
            // Too many records, and none.
            ([0, 0, 11], 1), ([0, 0, 0], 1),
        ]
        for (bytes, items) in pages {
            #expect(throws: PackError.self, "\(bytes)") { try gaps(bytes, items: items) }
        }
    }

    @Test func aBlockNamesNoMoreTemplatesAndStringsThanItMayUse() {
        for (list, limit) in [
            (\PackBlock.recordTemplates, PackFormat.rowReadLimit), (\.documentTemplates, PackFormat.rowReadLimit),
            (\.strings, PackFormat.stringReadLimit),
        ] {
            for (count, isRead) in [(limit, true), (limit + 1, false)] {
                var block = PackBlock(base: 0)
                block[keyPath: list] = Array(repeating: 0, count: count)
                #expect(((try? PackBlock(decoding: block.encoded(), at: 0)) != nil) == isRead)
            }
        }
    }

    /// The golden pack, with blocks that `change` has altered before they were written.
    private func pack(_ change: (_ place: Int, inout PackWriter.Block) -> Void) throws -> PackFile {
        let pack = try PackFile(try GoldenPack.records()).open()
        let storage = MemoryStorage()
        var writer = try PackWriter(to: "pack", of: storage, first: pack.trailer.first)
        for (place, entry) in try pack.allBlocks().enumerated() {
            var block = try pack.copy(entry, prefixes: try PackMerge.prefixes(of: pack)[place])
            change(place, &block)
            try writer.add(block)
        }
        let trailer = pack.trailer
        let name = try writer.finish(
            PackWriter.Frame(
                archive: trailer.archive, first: trailer.first, count: trailer.count, headBefore: trailer.headBefore,
                headAfter: trailer.headAfter, idSum: trailer.idSum, otherRecords: try pack.otherRecords(),
                gaps: try pack.gaps()))
        return PackFile(name: name, bytes: try #require(storage.files["pack"]))
    }

    @Test(arguments: [false, true]) func anExceptionForARowThatIsNotThereIsDamage(isBeyond: Bool) throws {
        let copy = try pack { _, block in
            if isBeyond { block.exceptions.append(PackBlock.Exception(row: block.entry.rows, novelty: .known)) }
        }
        #expect(copy.findings().isEmpty != isBeyond)
    }

    @Test func anIndexOfOtherDocumentsIsDamage() throws {
        #expect(try pack { _, _ in }.findings().isEmpty)
        let changes: [(inout [UInt64]) -> Void] = [
            { $0.removeFirst() }, { $0.append(~$0[0]) }, { $0[0] = ~$0[0] },
        ]
        for change in changes {
            let findings = try pack { place, block in if place == 0 { change(&block.prefixes) } }.findings()
            #expect(findings.count == 1 && "\(findings)".contains("the index "), "\(findings)")
        }
        // The same fingerprints, exchanged between two blocks.
        var first: [UInt64] = []
        _ = try pack { place, block in if place == 0 { first = block.prefixes } }
        var second: [UInt64] = []
        _ = try pack { place, block in if place == 1 { second = block.prefixes } }
        #expect(first != second)
        let findings = try pack { place, block in
            if place < 2 { block.prefixes = place == 0 ? second : first }
        }.findings()
        #expect(findings.count == 1 && "\(findings)".contains("the index "), "\(findings)")
    }

    @Test func noNumberIsWithinALimitBelowZero() {
        var reader = BinaryReader([0])
        #expect(throws: BinaryReader.Failure.tooLarge(at: 0)) { try reader.varint(limit: -1) }
    }
}
