import ObjectStore
import TestSupport
import Testing

/// Two digests at a time are those of one after the other.
@Suite struct PairedDigestTests {
    @Test func pairsOfAllLengthsAroundBlocksAreThoseOfEachAlone() {
        var random = SeededRandom(seed: 11)
        let bytes = (0..<700).map { _ in UInt8.random(in: 0...255, using: &random) }
        let hasher = SHA256()
        let lengths = [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 447, 448, 640, 699]
        for first in lengths {
            for second in lengths {
                let (left, right) = (Array(bytes[..<first]), Array(bytes[(700 - second)...]))
                let (one, other) = hasher.digests(left, right)
                #expect(one == hasher.digest(left) && other == hasher.digest(right), "\(first) and \(second) bytes")
            }
        }
    }

    @Test func longTextsOfUnequalLengthsAreThoseOfEachAlone() {
        var random = SeededRandom(seed: 12)
        let hasher = SHA256()
        for _ in 0..<40 {
            let texts = (0..<2).map { _ in
                (0..<Int.random(in: 0...20_000, using: &random)).map { UInt8(truncatingIfNeeded: $0 &* 167 >> 3) }
            }
            let (one, other) = hasher.digests(texts[0], texts[1])
            #expect(one == hasher.digest(texts[0]) && other == hasher.digest(texts[1]))
        }
    }
}
