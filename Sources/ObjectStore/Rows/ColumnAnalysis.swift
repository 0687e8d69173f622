/// Chooses the settings of each column by measuring. It knows no names: what helps is found in the numbers.
struct ColumnAnalysis {
    /// The settings of each column.
    private(set) var settings: [ColumnSettings]
    /// The pace of each row after the first; none where no column drifts.
    private(set) var paces: [UInt8] = []
    private let table: SparseColumns

    /// Measures a table.
    init(_ table: SparseColumns, _ columns: RowColumns) {
        self.table = table
        let keys = columns.keys
        settings = keys.indices.map { column in
            var setting = ColumnSettings()
            if !table.changes(of: column).isEmpty { setting.transform = .difference }
            return setting
        }
        var start = 0
        while start < keys.count {
            var end = start + 1
            while end < keys.count, keys[end].isSibling(of: keys[start]) { end += 1 }
            findTotal(start..<end)
            start = end
        }
        findDrift(columns)
        for column in settings.indices where settings[column].transform == .difference { tune(column) }
    }

    private mutating func findDrift(_ columns: RowColumns) {
        let drift = DriftAnalysis(table, columns, settings)
        paces = drift.paces
        for (column, guide) in drift.guides.enumerated() {
            guard let guide else { continue }
            settings[column].transform = .drift
            settings[column].guideDistance = guide - column
        }
    }

    /// Looks for a column among siblings that is the sum of all the others.
    private mutating func findTotal(_ group: Range<Int>) {
        guard group.count > 2 else { return }
        var totals = [Int64](repeating: 0, count: table.rowCount)
        for column in group {
            for change in table.changes(of: column) { totals[Int(table.rows[change])] &+= table.differences[change] }
        }
        let changed = totals.count { $0 != 0 }
        for column in group where table.changes(of: column).count * 2 > changed {
            // A total moves by half of what it and its addends move by together.
            let changes = table.changes(of: column)
            let hits = changes.count { totals[Int(table.rows[$0])] == 2 &* table.differences[$0] }
            guard hits * 2 > changes.count else { continue }
            var setting = ColumnSettings()
            setting.transform = .difference
            setting.addends = [group.lowerBound..<column, column + 1..<group.upperBound].filter { !$0.isEmpty }
            let rest = ColumnResiduals(table, column, setting)
            guard rest.estimatedBits + 64 < ColumnResiduals(table, column, settings[column]).estimatedBits else {
                continue
            }
            if rest.values.isEmpty { setting.transform = .constant }
            settings[column] = setting
            return
        }
    }

    /// Chooses transform, pace and divisor of one column.
    private mutating func tune(_ column: Int) {
        var best = settings[column]
        var residuals = ColumnResiduals(table, column, best)
        if best.addends.isEmpty, residuals.values.count * 4 > table.rowCount {
            let sorted = table.differences[table.changes(of: column)].sorted()
            let pace = sorted[sorted.count / 2]
            var least = cost(residuals)
            for (transform, pace) in [
                (ColumnTransform.level, 0), (.acceleration, 0), (.difference, pace), (.level, pace),
            ] as [(ColumnTransform, Int64)] {
                var other = best
                (other.transform, other.pace) = (transform, pace)
                let candidate = ColumnResiduals(table, column, other)
                let bits = cost(candidate) + 24
                if bits < least { (best, residuals, least) = (other, candidate, bits) }
            }
        }
        best.divisor = residuals.values.count > 1 ? residuals.commonDivisor : 1
        if residuals.values.isEmpty { best.transform = .constant }
        settings[column] = best
    }

    private func cost(_ residuals: ColumnResiduals) -> Int {
        let saved = 63 - residuals.commonDivisor.leadingZeroBitCount
        return residuals.estimatedBits - residuals.values.count * saved
    }
}
