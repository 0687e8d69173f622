import ObjectStore

/// A record of a pack that is gone.
struct PackGap: Hashable {
    /// Its number in the sequence.
    var number: Int
    /// Its SHA-256 where it was forgotten; nil where it was lost with its id, so that the heads behind it can no longer
    /// be computed within the pack.
    var id: ObjectID?

    /// An item of a page: how far it lies behind the one before (from the pack's first record), 1 and its id where it
    /// was forgotten, 0 where it was lost.
    static func encode(_ gaps: ArraySlice<PackGap>, first: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var before = first
        for gap in gaps {
            bytes.appendVarint(gap.number - before)
            bytes.append(gap.id == nil ? 0 : 1)
            gap.id?.append(to: &bytes)
            before = gap.number
        }
        return bytes
    }

    static func decode(
        _ bytes: [UInt8], items: Int, first: Int, count: Int, at offset: Int
    ) throws(PackError) -> [PackGap] {
        var reader = BinaryReader(bytes)
        var gaps: [PackGap] = []
        var number = first
        do {
            for _ in 0..<min(items, bytes.count) {
                number += try reader.varint(limit: count)
                let isForgotten = try reader.byte() == 1
                gaps.append(PackGap(number: number, id: isForgotten ? try reader.id() : nil))
            }
        } catch {
            throw .corrupt("a page of gaps ends early", offset: offset)
        }
        guard reader.isAtEnd, gaps.count == items, number < first + count else {
            throw .corrupt("a page of gaps is not what was written", offset: offset)
        }
        return gaps
    }
}
