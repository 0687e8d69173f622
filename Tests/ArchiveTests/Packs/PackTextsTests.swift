import ObjectStore
import TestSupport
import Testing

@testable import Archive

@Suite struct PackTextsTests {
    @Test(arguments: 1...10 as ClosedRange<UInt64>) func eachTextStandsOnceAndIsFoundByItsNumber(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let texts = (0..<1500).map { _ in
            [UInt8](
                repeating: UInt8.random(in: 0...255, using: &random),
                count: Int.random(in: 0...([3, 400, 70_000].randomElement(using: &random) ?? 0) / 30, using: &random))
        }
        let deflater = try Deflater(.raw)
        let inflater = try Inflater(.raw)
        var builder = PackTextsBuilder()
        let numbers = texts.map { builder.number(of: $0, deflater) }
        builder.flush(deflater)
        let (stored, section) = (builder.stored, builder.section)
        #expect(section.items == Set(texts).count && section.stored == stored.count)
        #expect(section.pages.allSatisfy { $0.items <= PackFormat.itemReadLimit })
        for (text, number) in zip(texts, numbers) {
            let place = try #require(section.place(of: number))
            let range = section.range(of: place.page)
            let page = try PackSection.open(Array(stored[range]), section.pages[place.page], at: 0, inflater)
            let found = try PackTexts.decode(page, items: section.pages[place.page].items, at: 0)
            #expect(Array(found[place.index]) == text, "seed \(seed)")
        }
        #expect(section.place(of: section.items) == nil)
    }

    @Test func aPageThatIsNotWhatItSaysIsRefused() throws {
        let deflater = try Deflater(.raw)
        let inflater = try Inflater(.raw)
        for bytes in [[], Array(repeating: 7, count: 500), [1, 2, 3]] as [[UInt8]] {
            let (stored, page) = PackSection.store(bytes, items: 1, deflater)
            #expect(try PackSection.open(stored, page, at: 0, inflater) == bytes)
            for offset in stored.indices {
                var flipped = stored
                flipped[offset] ^= 1
                #expect(throws: PackError.self) { try PackSection.open(flipped, page, at: 0, inflater) }
            }
            var longer = page
            longer.bytes += 1
            #expect(throws: PackError.self) { try PackSection.open(stored, longer, at: 0, inflater) }
        }
        for (bytes, items) in [([2, 1], 1), ([1, 1, 0], 1), ([0], 2), ([0xFF], 1)] as [([UInt8], Int)] {
            #expect(throws: PackError.self) { try PackTexts.decode(bytes, items: items, at: 0) }
        }
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>) func derivedTextsAreTheOnesThatWereAdded(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let layouts = (0..<4).map { _ in (0..<900).map { _ in UInt8.random(in: 0...3, using: &random) } }
        let texts = (0..<1500).map { number in
            var text = layouts.randomElement(using: &random) ?? []
            let place = Int.random(in: 0...900, using: &random)
            text.replaceSubrange(place..<Int.random(in: place...900, using: &random), with: "\(number)".utf8)
            return text
        }
        let deflater = try Deflater(.raw)
        let inflater = try Inflater(.raw)
        var builder = PackTextsBuilder(areDerived: true)
        let numbers = texts.map { builder.number(of: $0, deflater) }
        builder.flush(deflater)
        let (stored, section) = (builder.stored, builder.section)
        #expect(section.items == Set(texts).count && section.pages.count > 1)
        for (text, number) in zip(texts, numbers) {
            let place = try #require(section.place(of: number))
            let range = section.range(of: place.page)
            let page = try PackSection.open(Array(stored[range]), section.pages[place.page], at: 0, inflater)
            let items = try PackTexts.decode(page, items: section.pages[place.page].items, at: 0)
            #expect(Array(try PackDerivedTexts.text(place.index, in: items, at: 0)) == text, "seed \(seed)")
        }
    }

    @Test func shortTextsAreNeverDerivedFromDerivedOnes() throws {
        let deflater = try Deflater(.raw)
        let inflater = try Inflater(.raw)
        // All texts of up to four of three bytes.
        var texts: [[UInt8]] = [[]]
        for _ in 0..<4 { texts += texts.flatMap { text in (0..<3 as Range<UInt8>).map { text + [$0] } } }
        var builder = PackTextsBuilder(areDerived: true)
        let numbers = texts.map { builder.number(of: $0, deflater) }
        builder.flush(deflater)
        let (stored, section) = (builder.stored, builder.section)
        for (text, number) in zip(texts, numbers) {
            let place = try #require(section.place(of: number))
            let page = try PackSection.open(
                Array(stored[section.range(of: place.page)]), section.pages[place.page], at: 0, inflater)
            let items = try PackTexts.decode(page, items: section.pages[place.page].items, at: 0)
            #expect(Array(try PackDerivedTexts.text(place.index, in: items, at: 0)) == text)
        }
    }

    @Test func textsThatDifferInANameTakeAFewBytesEach() throws {
        let deflater = try Deflater(.raw)
        var builder = PackTextsBuilder(areDerived: true)
        let layout = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 3) }
        for player in 0..<400 { _ = builder.number(of: Array("p\(player)".utf8) + layout, deflater) }
        builder.flush(deflater)
        #expect(builder.section.pages.count == 1 && builder.section.pages[0].bytes < 5_100 + 400 * 12)
    }

    @Test func aDerivedTextThatIsMadeOfNoneIsRefused() throws {
        let whole: ArraySlice<UInt8> = [0, 1, 2, 3]
        let derived: ArraySlice<UInt8> = [1, 2, 1, 9]
        #expect(try PackDerivedTexts.text(0, in: [whole], at: 0) == [1, 2, 3])
        #expect(try PackDerivedTexts.text(1, in: [whole, derived], at: 0) == [1, 2, 9, 3])
        #expect(try PackDerivedTexts.text(1, in: [whole, [1, 0, 0]], at: 0) == [])
        let refused: [[ArraySlice<UInt8>]] = [
            [whole, []], [whole, [2, 0, 0]], [whole, [1, 4, 0]], [whole, [1, 2, 2]], [whole, [1, 2]], [[], derived],
            [whole, derived, [2, 0, 0]], [whole, [1, 0xFF]],
            [[0] + ArraySlice(repeating: 7, count: 65_536), [1, 0x80, 0x80, 4, 0, 9]],
        ]
        for items in refused {
            #expect(throws: PackError.self) { try PackDerivedTexts.text(items.count - 1, in: items, at: 0) }
        }
    }

    @Test func aFooterIsReadAsItWasWrittenAndNoOtherWay() throws {
        let pack = try PackFile(try GoldenPack.records()).open()
        let bytes = pack.footer.encoded()
        let offset = pack.size - PackFormat.trailerBytes - pack.trailer.footerStored
        #expect(try PackFooter(decoding: bytes, footerOffset: offset, hasNewest: false) == pack.footer)
        #expect(throws: PackError.self) { try PackFooter(decoding: bytes, footerOffset: offset + 1, hasNewest: false) }
        #expect(throws: PackError.self) {
            try PackFooter(decoding: bytes + [0], footerOffset: offset, hasNewest: false)
        }
        #expect(throws: PackError.self) { try PackFooter(decoding: bytes, footerOffset: offset, hasNewest: true) }
        for count in bytes.indices {
            #expect(throws: PackError.self) {
                try PackFooter(decoding: Array(bytes.prefix(count)), footerOffset: offset, hasNewest: false)
            }
        }
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 0xFF
            _ = try? PackFooter(decoding: changed, footerOffset: offset, hasNewest: false)
        }
        // More entries in the index than observations that could name them: they would cost a reader memory.
        var crowded = pack.footer
        crowded.index.pages[0].items += crowded.observations
        #expect(throws: PackError.self) {
            try PackFooter(decoding: crowded.encoded(), footerOffset: offset, hasNewest: false)
        }
    }

    @Test func sumsOfIDsAreThoseOfNumbersOf256Bits() {
        var random = SeededRandom(seed: 5)
        let ids = (0..<100).map { _ in
            ObjectID(words: (random.next(), random.next() | 1 << 63, .max, .max - random.next() % 3))
        }
        var sum = IDSum()
        var digits = [Int](repeating: 0, count: 32)
        for id in ids {
            sum += id
            for (place, byte) in id.bytes.enumerated() { digits[place] += Int(byte) }
        }
        for place in digits.indices.reversed() {
            if place > 0 { digits[place - 1] += digits[place] >> 8 }
            digits[place] &= 255
        }
        #expect(sum.bytes.map(Int.init) == digits)
        var other = IDSum()
        for id in ids.reversed() { other += IDSum(id) }
        #expect(other == sum)
    }
}
