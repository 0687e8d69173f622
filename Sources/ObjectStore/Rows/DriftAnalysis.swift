/// Finds the columns that drift and the pace of each row.
struct DriftAnalysis {
    /// For each column its guide, or nil where it does not drift.
    private(set) var guides: [Int?]
    /// The pace of each row after the first; none where no column drifts.
    private(set) var paces: [UInt8] = []

    /// Fewer columns than this are not worth a pace for each row.
    private static let leastColumns = 4

    /// Looks at the columns that are written as differences.
    init(_ table: SparseColumns, _ columns: RowColumns, _ settings: [ColumnSettings]) {
        guides = settings.map { _ in nil }
        let leastChanges = max(8, table.rowCount / 8)
        // Columns with one path are members of one object.
        var families: [ArraySlice<UInt8>: [Int]] = [:]
        let keys = columns.keys
        for (column, key) in keys.enumerated() {
            families[key.path, default: []].append(column)
        }
        let addends = Set(settings.flatMap { $0.addends.joined() })
        for column in guides.indices where settings[column].transform == .difference && settings[column].addends.isEmpty
        {
            // What is part of a total must be known before anything drifts.
            if addends.contains(column) { continue }
            guard table.changes(of: column).count >= leastChanges, let family = families[keys[column].path],
                family.count > 1
            else { continue }
            guides[column] = Self.guide(of: column, family, table, guides, leastChanges)
        }
        if guides.count(where: { $0 != nil }) < Self.leastColumns {
            guides = settings.map { _ in nil }
        } else {
            paces = paces(of: table)
        }
    }

    /// The member of the family that moves most, if the column often moves while each of them rests.
    private static func guide(
        of column: Int, _ family: [Int], _ table: SparseColumns, _ guides: [Int?], _ leastChanges: Int
    ) -> Int? {
        var guide: Int?
        for other in family where other != column {
            guard guides[other] == nil else { return nil }
            let moves = table.moves(of: other)
            let alone = table.changes(of: column).count { !moves[Int(table.rows[$0])] }
            guard alone >= leastChanges else { return nil }
            if guide.map({ table.changes(of: $0).count < table.changes(of: other).count }) ?? true { guide = other }
        }
        return guide
    }

    /// For each row the median of how fast the columns move that drift in it, each beside its own mean and weighted by
    /// that.
    private func paces(of table: SparseColumns) -> [UInt8] {
        var weights = [Int64](repeating: 0, count: table.rowCount * 256)
        var sums = [Int64](repeating: 0, count: table.rowCount)
        for (column, guide) in guides.enumerated() {
            guard let guide else { continue }
            let moves = table.moves(of: guide)
            let resting = moves.dropFirst().count { !$0 }
            var sum: Int64 = 0
            for change in table.changes(of: column) where !moves[Int(table.rows[change])] {
                sum &+= min(max(table.differences[change], -1 << 40), 1 << 40)
            }
            // Differences a row in units of 2^-8.
            let mean = (sum << 8) / Int64(max(1, resting))
            guard abs(mean) > 64 else { continue }
            var next = table.changes(of: column).lowerBound
            for row in moves.indices.dropFirst() {
                var difference: Int64 = 0
                if next < table.changes(of: column).upperBound, Int(table.rows[next]) == row {
                    difference = min(max(table.differences[next], -1 << 40), 1 << 40)
                    next += 1
                }
                guard !moves[row] else { continue }
                let pace = ((difference << 8) * Int64(DriftModel.usualPace) * 2 / mean + 1) >> 1
                weights[256 * row + Int(min(max(pace, 0), 255))] += abs(mean)
                sums[row] += abs(mean)
            }
        }
        return (1..<table.rowCount).map { row in
            guard sums[row] > 0 else { return UInt8(DriftModel.usualPace) }
            var sum: Int64 = 0
            for pace in 0..<256 {
                sum += weights[256 * row + pace]
                if 2 * sum >= sums[row] { return UInt8(pace) }
            }
            return 255
        }
    }
}
