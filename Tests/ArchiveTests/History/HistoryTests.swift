import Archive
import Hiscores
import ObjectStore
import TestSupport
import Testing

/// How records find their places in an archive's history.
@Suite struct HistoryTests {
    /// Batches of several sizes in any order of time: newest, oldest, among those that are there, equal moments.
    @Test(arguments: 0..<20) func aLogIsInTimeOrderWhateverOrderItsBatchesCameIn(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let archive = try SampleData.archive(in: MemoryStorage())
        var expected: [(minute: Int, number: Int, isOk: Bool)] = []
        for _ in 0..<12 {
            var batch = Batch()
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let minute = Int.random(in: 0..<40, using: &random)
                // A document of its own makes each observation another one, at equal moments too.
                let document = SampleData.document(xp: expected.count)
                let isOk = Bool.random(using: &random) || expected.contains { $0.minute == minute && !$0.isOk }
                expected.append((minute, expected.count, isOk))
                batch.add(
                    isOk
                        ? try SampleData.observation(document, at: minute)
                        : SampleData.failure(.unavailable, at: minute), document: isOk ? document : nil)
            }
            try archive.commit(batch, lockTimeout: SampleData.atOnce)
        }
        expected.sort { ($0.minute, $0.number) < ($1.minute, $1.number) }
        let log = try #require(try archive.history.log(SampleData.player("Zezima"), .main))
        #expect(try log.entries().map(\.sequenceNumber) == expected.map(\.number))
        #expect(try log.entries(failures: false).map(\.sequenceNumber) == expected.filter(\.isOk).map(\.number))
    }

    @Test func aLogThatWasHandedOutStaysAsItIs() throws {
        let archive = try SampleData.archive(in: MemoryStorage())
        try archive.commit(SampleData.batch(xp: 0..<3, from: 10), lockTimeout: SampleData.atOnce)
        let player = SampleData.player("Zezima")
        let before = try #require(try archive.history.log(player, .main))
        let entries = try before.entries()
        try archive.commit(SampleData.batch(xp: 3..<6, from: 8), lockTimeout: SampleData.atOnce)
        #expect(try before.entries() == entries && before.count == 3)
        #expect(try archive.history.log(player, .main)?.count == 6)
    }

    @Test func aDeclarationIsTakenInOnce() throws {
        let archive = try SampleData.archive(in: MemoryStorage())
        let (from, to) = (SampleData.player("a"), SampleData.player("b"))
        var batch = Batch()
        batch.add(
            .rename(
                RenameLink(
                    from: from, to: to, effectiveAt: SampleData.start, recordedAt: SampleData.start, isUndone: false)))
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        #expect(try archive.commit(batch, lockTimeout: SampleData.atOnce) == [.already])
        #expect(archive.history.declarations == batch.records)
    }
}
