import ObjectStore
import TestSupport
import Testing

@testable import Archive

/// A damaged chunk of a sealed pack costs the captures that lie in it, wherever it is but at the end.
@Suite struct SealedPackDamageTests {
    private static let players = (0..<8).map { "player \($0)" }
    private static let bodyBytes = 10_000

    /// A pack of 80 kB: a kept body of each player, which deflate does not make smaller.
    private static func sample() throws -> (storage: MemoryStorage, pack: String) {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: try SampleKeys.unlock(storage))
        var random = SeededRandom(seed: 3)
        var batch = Batch()
        for (minute, player) in players.enumerated() {
            let body = (0..<bodyBytes).map { _ in UInt8.random(in: 0...255, using: &random) }
            var invalid = SampleData.failure(.invalid, at: minute, player: player)
            invalid.evidence.body = AnswerBody(
                contentType: nil, bytes: body.count, id: SHA256.digest(body), isKept: true)
            batch.add(invalid, document: body)
        }
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        return (storage, try #require(storage.files.keys.first { $0.hasPrefix("packs/") }))
    }

    @Test func aDamagedChunkCostsWhatLiesInIt() throws {
        let (storage, pack) = try Self.sample()
        let bytes = try #require(storage.files[pack])
        #expect(bytes.count > 4 << 14)
        // Trailer and footer are in the last chunk.
        for offset in stride(from: 100, to: bytes.count - (bytes.count % 16_400) - 200, by: 5_000) {
            var damaged = bytes
            damaged[offset] ^= 1
            let left = storage.changing([pack: damaged])
            let unlocked = try SampleKeys.unlock(left)
            let report = try Verification.run(on: unlocked)
            #expect(!report.isSound, "offset \(offset)")

            let archive = try Archive.open(unlocked)
            _ = try archive.repair(at: SampleData.moment(100), lockTimeout: SampleData.atOnce)
            #expect(try Verification.run(on: unlocked).findings == [], "offset \(offset)")
            let entries = try archive.entries()
            // 16 KiB are parts of three bodies at most.
            #expect(entries.count >= Self.players.count - 3, "offset \(offset)")
            for entry in entries { #expect(try archive.document(of: entry)?.count == Self.bodyBytes) }
            #expect(left.files["damaged/\(pack.dropFirst("packs/".count))"] == damaged)
        }
    }
}
