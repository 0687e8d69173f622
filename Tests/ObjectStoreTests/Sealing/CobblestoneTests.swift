import TestSupport
import Testing

@testable import ObjectStore

/// Messages of our own: sizes, pieces, places, and what must never repeat.
@Suite("Cobblestone-256")
struct CobblestoneTests {
    private static let edges: [Int] = [0, 1, 15, 16, 16_383, 16_384, 16_385, 32_767, 32_768, 32_769, 49_152, 100_000]
    private let context = Array("context".utf8)

    @Test("every size around a chunk's bounds comes back, and is as long as the format says", arguments: edges)
    func sizes(size: Int) throws {
        let key = try SecretKey.of(1)
        let message = try CobblestoneSealer.message(pattern(size), key: key, context: context)
        #expect(message.count == CobblestoneFormat.sealedBytes(ofPlain: size))
        #expect(CobblestoneFormat.plainBytes(ofSealed: message.count) == size)
        #expect(try CobblestoneOpener.plain(of: message[...], key: key, context: context) == pattern(size))
        // A slice keeps its own indices.
        let shifted = [1, 2, 3] + message
        #expect(try CobblestoneOpener.plain(of: shifted[3...], key: key, context: context) == pattern(size))
    }

    @Test("sizes that no message has are told apart without reading")
    func impossibleSizes() {
        let impossible: [Int] = [.min, -1, 0, 55, 56, 71, 16_456, 16_471, 32_856]
        for size in impossible {
            #expect(CobblestoneFormat.plainBytes(ofSealed: size) == nil, "\(size)")
        }
        #expect(CobblestoneFormat.plainBytes(ofSealed: 72) == 0)
        #expect(CobblestoneFormat.plainBytes(ofSealed: 56 + 16_399) == 16_383)
        #expect(CobblestoneFormat.plainBytes(ofSealed: 56 + 16_416) == 16_384)
        #expect(CobblestoneFormat.plainBytes(ofSealed: .max) == nil)
        #expect(CobblestoneFormat.sealedBytes(ofPlain: .max) == nil)
        #expect(CobblestoneFormat.sealedBytes(ofPlain: -1) == nil)
    }

    @Test("sealed and opened in pieces of any size, a message is the same", arguments: [11, 12, 13, 14] as [UInt64])
    func pieces(seed: UInt64) throws {
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let key = try SecretKey.of(2)
        let plain = pattern(Int.random(in: 0...70_000, using: &random))
        let salt = [UInt8](repeating: UInt8(seed), count: 24)
        let whole = try CobblestoneSealer.message(plain, key: key, context: context, random: .fixed(salt))

        var message: [UInt8] = []
        var sealer = try CobblestoneSealer(key: key, context: context, random: .fixed(salt), into: &message)
        var offset = 0
        while offset < plain.count {
            let end = min(plain.count, offset + Int.random(in: 0...20_000, using: &random))
            try sealer.update(plain[offset..<end].span, into: &message)
            offset = end
        }
        try sealer.finish(into: &message)
        #expect(message == whole)

        var back: [UInt8] = []
        var opener = try CobblestoneOpener(header: message[...], key: key, context: context)
        offset = 56
        while offset < message.count {
            let end = min(message.count, offset + Int.random(in: 0...20_000, using: &random))
            try opener.update(message[offset..<end].span, into: &back)
            offset = end
        }
        try opener.finish(into: &back)
        #expect(back == plain)
    }

    @Test("any stretch can be read by the chunks that cover it")
    func stretches() throws {
        let key = try SecretKey.of(3)
        let plain = pattern(50_000)
        let message = try CobblestoneSealer.message(plain, key: key, context: context)
        let reader = try CobblestoneReader(
            header: message.prefix(56), messageBytes: message.count, key: key, context: context)
        #expect(reader.plainBytes == plain.count && reader.lastChunk == 3)
        let stretches: [Range<Int>] = [
            0..<0, 0..<1, 16_383..<16_384, 16_384..<16_385, 16_000..<40_000, 49_999..<50_000, 0..<50_000,
        ]
        for stretch in stretches {
            let chunks = reader.chunks(covering: stretch)
            var output: [UInt8] = []
            try reader.open(message[reader.stored(chunks)].span, chunks: chunks, into: &output)
            let start = chunks.lowerBound * CobblestoneFormat.chunkBytes
            #expect(Array(output[(stretch.lowerBound - start)..<(stretch.upperBound - start)]) == Array(plain[stretch]))
        }
        var output: [UInt8] = []
        // A chunk in another one's place, fewer bytes than the chunks have, and chunks that are not there.
        #expect(
            sealingFailure { () throws(SealingError) in
                try reader.open(message[reader.stored(0..<1)].span, chunks: 1..<2, into: &output)
            } == .corrupt)
        #expect(
            sealingFailure { () throws(SealingError) in
                try reader.open(message[reader.stored(0..<1)].span, chunks: 0..<2, into: &output)
            } == .truncated)
        #expect(
            sealingFailure { () throws(SealingError) in
                try reader.open(message[reader.stored(3..<4)].span, chunks: 3..<5, into: &output)
            } == .truncated)
        #expect(output.isEmpty)
    }

    @Test("no key meets a nonce twice in a run of 2,000 messages and 3,200 chunks")
    func nonces() throws {
        // Sealed zeros are the key stream, whose first block is AES of the nonce: it repeats where key and nonce do.
        let key = try SecretKey.of(4)
        var blocks: Set<[UInt8]> = []
        var salts: Set<[UInt8]> = []
        var chunks = 0
        for number in 0..<2_000 {
            let size = number % 100 == 0 ? 16_384 * (60 + number / 400) + 16 : 16
            let message = try CobblestoneSealer.message(
                [UInt8](repeating: 0, count: size), key: key, context: [UInt8(number % 2)])
            salts.insert(Array(message.prefix(24)))
            for start in stride(from: 56, to: message.count, by: CobblestoneFormat.sealedChunkBytes) {
                blocks.insert(Array(message[start..<start + 16]))
                chunks += 1
            }
        }
        #expect(chunks == 3_240 && blocks.count == chunks)
        #expect(salts.count == 2_000)
    }

    @Test("one salt under two keys, or in two contexts, gives nothing in common")
    func separation() throws {
        let salt = [UInt8](repeating: 5, count: 24)
        let zeros = [UInt8](repeating: 0, count: 64)
        var tails: Set<[UInt8]> = []
        let pairs: [(UInt8, [UInt8])] = [(1, [1]), (2, [1]), (1, [2]), (1, [])]
        for (byte, context) in pairs {
            let key = try SecretKey.of(byte)
            let message = try CobblestoneSealer.message(zeros, key: key, context: context, random: .fixed(salt))
            tails.insert(Array(message[24..<56]))
            tails.insert(Array(message[56..<88]))
        }
        #expect(tails.count == 8)
    }

    @Test("a context over the limit is refused, not cut")
    func longContext() throws {
        let key = try SecretKey.of(6)
        let longest = [UInt8](repeating: 1, count: CobblestoneFormat.contextLimit)
        let message = try CobblestoneSealer.message([1], key: key, context: longest)
        #expect(try CobblestoneOpener.plain(of: message[...], key: key, context: longest) == [1])
        #expect(
            sealingFailure { () throws(SealingError) in
                _ = try CobblestoneSealer.message([1], key: key, context: longest + [1])
            } == .tooLarge)
    }
}
