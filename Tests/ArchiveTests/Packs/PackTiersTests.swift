import TestSupport
import Testing

@testable import Archive

/// Which packs are merged: their number stays logarithmic, and so does how often a record is rewritten.
@Suite struct PackTiersTests {
    /// Adds packs one after the other, merging as gc does; the packs' records, and how many records were rewritten.
    private func run(_ sizes: [Int], limit: Int) -> (counts: [Int], rewritten: Int, mostPacks: Int) {
        var (counts, rewritten, most) = ([Int](), 0, 0)
        for size in sizes {
            counts.append(size)
            let merges = PackTiers.merges(counts, limit: limit)
            for range in merges {
                rewritten += counts[range].reduce(0, +)
                counts.replaceSubrange(range, with: [counts[range].reduce(0, +)])
            }
            most = max(most, counts.count)
        }
        return (counts, rewritten, most)
    }

    private func bits(_ number: Int) -> Int { Int.bitWidth - number.leadingZeroBitCount }

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func packsAndRewritingStayLogarithmic(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let sizes = (0..<2000).map { _ in
            Int.random(in: 1...([1, 300, 20_000].randomElement(using: &random) ?? 1), using: &random)
        }
        let total = sizes.reduce(0, +)
        let (counts, rewritten, mostPacks) = run(sizes, limit: .max)
        #expect(counts.reduce(0, +) == total, "seed \(seed)")
        #expect(mostPacks <= bits(total) + 1, "seed \(seed)")
        // Each time that a record is rewritten, its pack grows by half at least, but for the small ones.
        #expect(rewritten <= 4 * total * bits(total) + 4096 * sizes.count, "seed \(seed)")
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>) func noPackGrowsBeyondTheLimit(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let limit = 50_000
        let sizes = (0..<1000).map { _ in Int.random(in: 1...9_000, using: &random) }
        let (counts, _, mostPacks) = run(sizes, limit: limit)
        #expect(counts.allSatisfy { $0 <= limit }, "seed \(seed)")
        // Full ones stay: there are as many as there must be, within a factor, and a tail of tiers.
        #expect(mostPacks <= 3 * (sizes.reduce(0, +) / limit + 1) + bits(limit), "seed \(seed)")
    }

    @Test(arguments: 1...50 as ClosedRange<UInt64>) func mergesAreRangesApartNewestFirst(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let counts = (0..<Int.random(in: 0...12, using: &random)).map { _ in
            Int.random(in: 1...(1 << Int.random(in: 0...20, using: &random)), using: &random)
        }
        let merges = PackTiers.merges(counts)
        var end = counts.count
        for range in merges {
            #expect(range.count > 1 && range.upperBound <= end, "seed \(seed)")
            end = range.lowerBound
        }
        var merged = counts
        for range in merges { merged.replaceSubrange(range, with: [counts[range].reduce(0, +)]) }
        #expect(merged.reduce(0, +) == counts.reduce(0, +))
        #expect(merged.allSatisfy { $0 <= PackFormat.recordLimit } || counts.contains { $0 > PackFormat.recordLimit })
    }

    @Test func nothingIsMergedWhereThereIsNothingToGain() {
        #expect(PackTiers.merges([]) == [])
        #expect(PackTiers.merges([7]) == [])
        #expect(PackTiers.merges([100_000, 40_000, 10_000]) == [])
        #expect(PackTiers.merges([100_000, 60_000]) == [0..<2])
        #expect(PackTiers.merges([1_000_000, 1, 1]) == [1..<3])
        #expect(PackTiers.merges([1 << 20, 1 << 20]) == [])
    }
}
