import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@testable import Archive

/// A sealed archive in the order of its sequence, which is not that of time.
@Suite struct PackWalkTests {
    /// Captures of two players in one pack, in a random order of time; every third repeats the document of another.
    private static func sample(_ count: Int, seed: UInt64) throws -> MemoryStorage {
        var random = SeededRandom(seed: seed)
        let storage = MemoryStorage()
        var batch = Batch()
        for minute in (0..<count).shuffled(using: &random) {
            let player = minute % 2 == 0 ? "Zezima" : "Iron Mole"
            guard minute % 7 > 0 else {
                batch.add(SampleData.failure(.unavailable, at: minute, player: player), document: nil)
                continue
            }
            let document = SealedSample.document(player, xp: minute % 3 == 0 ? 5 : minute)
            batch.add(try SampleData.observation(document, at: minute, player: player), document: document)
        }
        try SampleData.archive(in: storage).commit(batch, lockTimeout: SampleData.atOnce)
        return storage
    }

    @Test(arguments: [3, 4] as [UInt64])
    func whatWasImportedOutOfOrderComesInTheOrderOfTheSequenceWithItsDocuments(seed: UInt64) throws {
        let count = 1500
        let archive = try Archive.open(try Self.sample(count, seed: seed))
        #expect(archive.base == count)
        let entries = archive.history.entriesInSequenceOrder()
        var number = 0
        while let entry = try entries.next() {
            #expect(entry.sequenceNumber == number, "seed \(seed)")
            number += 1
            let document = entries.documentAtHand()
            #expect(document.map(SHA256.digest) == entry.observation.snapshot, "seed \(seed)")
        }
        #expect(number == count && entries.documentAtHand() == nil)
    }

    @Test func aSelectionIsMadeBeforeAnythingIsRendered() throws {
        let archive = try Archive.open(try Self.sample(800, seed: 5))
        let selection = ExportSelection(
            players: [SampleData.player("Iron Mole")], since: SampleData.moment(101), until: SampleData.moment(301))
        let entries = archive.history.entriesInSequenceOrder(selection)
        var found: [LogEntry] = []
        while let entry = try entries.next() { found.append(entry) }
        #expect(found == (try archive.entries()).filter { selection.includes($0.observation) })
        #expect(found.count == 101)
    }
}
