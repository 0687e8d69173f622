/// A stretch of a ref log: a segment, or several that overlap in time and are merged when they are looked into. The
/// stretches of a log do not overlap.
struct LogStretch {
    /// By where they begin.
    private(set) var segments: [any LogSegment]
    /// Where the first and the last observation stand.
    private(set) var bounds: ClosedRange<LogPoint>
    /// How many observations.
    private(set) var count: Int
    /// How many of them are ok.
    private(set) var successCount: Int

    private init(_ segment: any LogSegment) {
        (segments, bounds) = ([segment], segment.bounds)
        (count, successCount) = (segment.count, segment.successCount)
    }

    /// The stretches that segments make, in the order of the log. Loads nothing.
    static func stretches(of segments: [any LogSegment]) -> [LogStretch] {
        var stretches: [LogStretch] = []
        for segment in segments.sorted(by: { $0.bounds.lowerBound < $1.bounds.lowerBound }) {
            if let last = stretches.indices.last, segment.bounds.lowerBound <= stretches[last].bounds.upperBound {
                stretches[last].add(segment)
            } else {
                stretches.append(LogStretch(segment))
            }
        }
        return stretches
    }

    private mutating func add(_ segment: any LogSegment) {
        segments.append(segment)
        bounds = bounds.lowerBound...max(bounds.upperBound, segment.bounds.upperBound)
        count += segment.count
        successCount += segment.successCount
    }

    /// Whether there are ok observations only.
    var isAllSuccesses: Bool { successCount == count }

    /// Its rows, merged, those of damaged segments left out; nil where its segments do not have what they promised:
    /// nothing that a file says of itself may lead out of bounds. Throws what is no damage. O(rows), where segments
    /// overlap O(rows · log rows).
    func load() throws(ArchiveError) -> StretchRows? {
        var rows: [LogRow] = []
        var origins: [StretchRows.Origin] = []
        var damage: ArchiveError?
        for (number, segment) in segments.enumerated() {
            let part: [LogRow]
            do { part = try segment.rows() } catch {
                guard error.isDamage else { throw error }
                damage = damage ?? error
                continue
            }
            guard Self.isSound(part, of: segment) else { return nil }
            if segments.count == 1 { return StretchRows(part, of: self, origins: nil, damage: nil) }
            rows += part
            origins += part.indices.map { StretchRows.Origin(segment: number, index: $0) }
        }
        let order = rows.indices.sorted { rows[$0].point < rows[$1].point }
        return StretchRows(order.map { rows[$0] }, of: self, origins: order.map { origins[$0] }, damage: damage)
    }

    private static func isSound(_ rows: [LogRow], of segment: any LogSegment) -> Bool {
        guard let first = rows.first, let last = rows.last, rows.count == segment.count,
            first.point == segment.bounds.lowerBound, last.point == segment.bounds.upperBound
        else { return false }
        var successes = 0
        var before: LogPoint?
        for row in rows {
            if let before, row.point <= before { return false }
            before = row.point
            if row.result == .ok { successes += 1 }
        }
        return successes == segment.successCount
    }
}

/// The rows of a stretch, and how to ask for what stands behind them.
struct StretchRows {
    /// Where a row of a merged stretch came from.
    struct Origin {
        let segment: Int
        let index: Int
    }

    /// The rows, in the order of the log.
    let rows: [LogRow]
    /// Why some rows are not here, where segments are damaged.
    let damage: ArchiveError?
    private let segments: [any LogSegment]
    /// Nil where there is one segment.
    private let origins: [Origin]?
    /// The indices of the ok rows; nil where all are ok.
    private let successes: [Int]?

    fileprivate init(_ rows: [LogRow], of stretch: LogStretch, origins: [Origin]?, damage: ArchiveError?) {
        (self.rows, self.origins, self.damage, segments) = (rows, origins, damage, stretch.segments)
        successes = stretch.isAllSuccesses ? nil : rows.indices.filter { rows[$0].result == .ok }
    }

    /// How many of the first `count` rows are ok.
    func successCount(among count: Int) -> Int { successes?.partitioningIndex { $0 >= count } ?? count }

    /// The ok rows.
    var successCount: Int { successCount(among: rows.count) }

    /// The index of the ok row that has so many before it in the stretch.
    func index(ofSuccess number: Int) -> Int { successes?[number] ?? number }

    /// The index of the row at a point, or nil.
    func index(of point: LogPoint) -> Int? {
        let index = rows.partitioningIndex { $0.point >= point }
        return index < rows.count && rows[index].point == point ? index : nil
    }

    /// The whole observation of a row.
    func entry(at index: Int) throws(ArchiveError) -> LogEntry {
        let origin = origin(of: index)
        return try segments[origin.segment].entry(at: origin.index)
    }

    /// The display name that an observation carries.
    func displayName(at index: Int) throws(ArchiveError) -> String? {
        let origin = origin(of: index)
        return try segments[origin.segment].displayName(at: origin.index)
    }

    /// Whether the ok row with so many ok rows before it has the same document as the one before it; nil where their
    /// ids must tell.
    func repeatsDocument(ofSuccess number: Int) throws(ArchiveError) -> Bool? {
        guard number > 0 else { return nil }
        let (before, origin) = (origin(of: index(ofSuccess: number - 1)), origin(of: index(ofSuccess: number)))
        return before.segment == origin.segment ? try segments[origin.segment].repeatsDocument(at: origin.index) : nil
    }

    private func origin(of index: Int) -> Origin { origins?[index] ?? Origin(segment: 0, index: index) }
}
