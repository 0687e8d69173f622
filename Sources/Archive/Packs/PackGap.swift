import ObjectStore

/// Records of a pack that are gone.
struct PackGap: Hashable {
    /// Their numbers in the sequence; one number where the id is known.
    var numbers: Range<Int>
    /// Whether their owner had them removed; otherwise they were lost.
    var isForgotten: Bool
    /// The record's SHA-256. Where it is not known, the heads behind it can no longer be computed within the pack.
    var id: ObjectID?

    /// One record whose id is known.
    init(_ number: Int, id: ObjectID, isForgotten: Bool) {
        (numbers, self.isForgotten, self.id) = (number..<number + 1, isForgotten, id)
    }

    /// Records whose ids are not known.
    init(_ numbers: Range<Int>, isForgotten: Bool) {
        (self.numbers, self.isForgotten, id) = (numbers, isForgotten, nil)
    }

    private enum Flag {
        static let forgotten: UInt8 = 1
        static let hasID: UInt8 = 2
    }

    /// An item of a page: how many records lie between it and the one before (or the pack's first record), flags
    /// (1: forgotten, 2: with an id), then the id of one record, or how many records there are.
    static func encode(_ gaps: ArraySlice<PackGap>, first: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var next = first
        for gap in gaps {
            bytes.appendVarint(gap.numbers.lowerBound - next)
            bytes.append((gap.isForgotten ? Flag.forgotten : 0) | (gap.id == nil ? 0 : Flag.hasID))
            if let id = gap.id { id.append(to: &bytes) } else { bytes.appendVarint(gap.numbers.count) }
            next = gap.numbers.upperBound
        }
        return bytes
    }

    static func decode(
        _ bytes: [UInt8], items: Int, first: Int, count: Int, at offset: Int
    ) throws(PackError) -> [PackGap] {
        var reader = BinaryReader(bytes)
        var gaps: [PackGap] = []
        let end = first + count
        var next = first
        do {
            for _ in 0..<min(items, bytes.count) {
                let start = next + (try reader.varint(limit: end - next - 1))
                let flags = try reader.byte()
                guard flags <= Flag.forgotten | Flag.hasID else {
                    throw PackError.corrupt("a gap is of a kind that is not known", offset: offset)
                }
                let isForgotten = flags & Flag.forgotten != 0
                if flags & Flag.hasID != 0 {
                    gaps.append(PackGap(start, id: try reader.id(), isForgotten: isForgotten))
                } else {
                    let count = try reader.varint(limit: end - start)
                    guard count > 0 else { throw PackError.corrupt("a gap stands for no record", offset: offset) }
                    gaps.append(PackGap(start..<start + count, isForgotten: isForgotten))
                }
                next = gaps[gaps.count - 1].numbers.upperBound
            }
        } catch let error as PackError {
            throw error
        } catch {
            throw .corrupt("a page of gaps ends early, or leaves the pack's range", offset: offset)
        }
        guard reader.isAtEnd, gaps.count == items else {
            throw .corrupt("a page of gaps is not what was written", offset: offset)
        }
        return gaps
    }

    /// Gaps in order, and the numbers of records of which nothing is left as runs between them.
    static func merged(_ gaps: [PackGap], lost numbers: some Sequence<Int>, isForgotten: Bool = false) -> [PackGap] {
        var runs: [PackGap] = []
        for number in numbers {
            if let last = runs.last, last.numbers.upperBound == number {
                runs[runs.count - 1].numbers = last.numbers.lowerBound..<number + 1
            } else {
                runs.append(PackGap(number..<number + 1, isForgotten: isForgotten))
            }
        }
        return (gaps + runs).sorted { $0.numbers.lowerBound < $1.numbers.lowerBound }
    }
}
