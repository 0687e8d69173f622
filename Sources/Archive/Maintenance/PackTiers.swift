/// Which packs are merged so that their number stays logarithmic: each holds at least twice as many records as all newer
/// ones together, so each record is rewritten a logarithmic number of times.
enum PackTiers {
    /// A pack has at least this many times the records of all newer ones.
    private static let factor = 2
    /// Records in packs that are merged together whatever their sizes: so few cost little.
    static let small = 4096

    /// The ranges of packs to merge, newest first, none of them overlapping. `counts` are the packs' records in the
    /// order of the sequence; no merged pack has more than `limit`.
    static func merges(_ counts: [Int], limit: Int = PackFormat.recordLimit) -> [Range<Int>] {
        var merges: [Range<Int>] = []
        var end = counts.count
        while end > 0 {
            var (start, sum) = (end - 1, counts[end - 1])
            while start > 0, sum + counts[start - 1] <= limit,
                counts[start - 1] < factor * sum || sum + counts[start - 1] <= small
            {
                start -= 1
                sum += counts[start]
            }
            if end - start > 1 { merges.append(start..<end) }
            end = start
        }
        return merges
    }
}
