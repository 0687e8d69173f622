/// The rows of a segment that lie in a tenure.
final class TenureSegment: LogSegment {
    private let segment: any LogSegment
    private let indices: Range<Int>
    let bounds: ClosedRange<LogPoint>
    let successCount: Int
    /// The index in this part of its first ok row.
    private let firstSuccess: Int?

    /// The part of a segment that lies in a tenure, the segment itself where that is all of it; nil where nothing does.
    /// Loads only a segment that a bound of the tenure falls into; one that is damaged is left out, as it is known to
    /// the archive (`metDamage`). Throws what is no damage.
    static func part(of segment: any LogSegment, in tenure: Tenure) throws(ArchiveError) -> (any LogSegment)? {
        let (first, last) = (segment.bounds.lowerBound.capturedAt, segment.bounds.upperBound.capturedAt)
        if let from = tenure.from, last < from { return nil }
        if let until = tenure.until, first >= until { return nil }
        if tenure.contains(first), tenure.contains(last) { return segment }
        let rows: [LogRow]
        do { rows = try segment.rows() } catch {
            guard error.isDamage else { throw error }
            return nil
        }
        let start = tenure.from.map { from in rows.partitioningIndex { $0.capturedAt >= from } } ?? 0
        let end = tenure.until.map { until in rows.partitioningIndex { $0.capturedAt >= until } } ?? rows.count
        return TenureSegment(segment, rows, start..<max(start, end))
    }

    private init?(_ segment: any LogSegment, _ rows: [LogRow], _ indices: Range<Int>) {
        let part = rows[indices]
        guard let first = part.first, let last = part.last, first.point <= last.point else { return nil }
        (self.segment, self.indices, bounds) = (segment, indices, first.point...last.point)
        successCount = part.count { $0.result == .ok }
        firstSuccess = part.firstIndex { $0.result == .ok }.map { $0 - indices.lowerBound }
    }

    var count: Int { indices.count }

    /// At most so many: which of the whole segment's are in this part is not known.
    var newSnapshots: Int { min(segment.newSnapshots, successCount) }

    func rows() throws(ArchiveError) -> [LogRow] {
        let rows = try segment.rows()
        return rows.count < indices.upperBound ? [] : Array(rows[indices])
    }

    func entry(at index: Int) throws(ArchiveError) -> LogEntry {
        try segment.entry(at: indices.lowerBound + index)
    }

    func displayName(at index: Int) throws(ArchiveError) -> String? {
        try segment.displayName(at: indices.lowerBound + index)
    }

    /// The segment knows what stands before the part; that is another account's.
    func repeatsDocument(at index: Int) throws(ArchiveError) -> Bool? {
        index == firstSuccess ? nil : try segment.repeatsDocument(at: indices.lowerBound + index)
    }
}
