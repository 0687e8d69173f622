import Hiscores
import ObjectStore
import Testing

@testable import Archive

/// Which logs name a snapshot already: what a new pack asks of those before it.
@Suite struct KnownSnapshotsTests {
    @Test func ofLogsThatNobodyAsksOfOneIsEnough() throws {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        let document = SampleData.document(xp: 1)
        var batch = Batch()
        for number in 0..<100 {
            batch.add(
                try SampleData.observation(document, at: number, player: "Player \(number)"), document: document)
        }
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        let history = try #require(archive.packs.histories.first)
        func key(_ name: String) -> SeriesKey { SeriesKey(player: SampleData.player(name), board: .main) }
        func found(_ asking: SnapshotQuery.Asking) throws -> Set<SeriesKey> {
            let prefix = SHA256.digest(document).words.0
            var found: [UInt64: Set<SeriesKey>] = [:]
            try history.findLogs(naming: [SnapshotQuery(prefix: prefix, templates: [], asking: asking)], &found)
            return found[prefix] ?? []
        }
        #expect(try found(.everyLog).count == 100)
        #expect(try found(.logs(key("Other"), others: [])).count == 1)
        let asked = try found(.logs(key("Other"), others: [key("Player 70"), key("Player 90")]))
        #expect(asked.isSuperset(of: [key("Player 70"), key("Player 90")]) && asked.count <= 3)
    }
}
