/// The changes of a block as they are decoded, column by column.
struct ColumnChanges {
    private let rowCount: Int
    /// The row of each change and its difference.
    private var rows: [Int32] = []
    private var differences: [Int64] = []
    /// Which of them are each column's.
    private var ranges: [Range<Int>] = []
    private var columnStart = 0

    init(rowCount: Int, capacity: Int) {
        self.rowCount = rowCount
        rows.reserveCapacity(capacity)
        differences.reserveCapacity(capacity)
    }

    /// Appends a number that the current column has in a row; rows ascend.
    @inline(__always)
    mutating func append(_ number: Int64, _ row: Int) {
        rows.append(Int32(truncatingIfNeeded: row))
        differences.append(number)
    }

    /// Ends the current column and turns its numbers into differences.
    mutating func close(_ column: Int, _ setting: ColumnSettings) throws(RowBlockError) {
        let range = columnStart..<rows.count
        if setting.pace != 0 || setting.transform == .acceleration || setting.transform == .level {
            var dense = dense(range)
            rows.removeSubrange(range)
            differences.removeSubrange(range)
            setting.transform.backward(&dense, pace: setting.pace)
            try appendAll(dense)
        }
        ranges.append(columnStart..<rows.count)
        columnStart = rows.count
    }

    /// Adds to each column what its addends do.
    mutating func addTotals(_ settings: [ColumnSettings]) throws(RowBlockError) {
        for (column, setting) in settings.enumerated() where !setting.addends.isEmpty {
            var sums = dense(ranges[column])
            for addend in setting.addends.joined() {
                guard settings[addend].addends.isEmpty else {
                    throw RowBlockError(.corrupt, "an addend of column \(column) has addends")
                }
                for change in ranges[addend] { sums[Int(rows[change])] &+= differences[change] }
            }
            let start = rows.count
            try appendAll(sums)
            ranges[column] = start..<rows.count
        }
    }

    /// The block, its changes sorted by row. Linear.
    func block(_ firstValues: [Int64], _ header: RowBlockHeader, _ columns: RowColumns) -> RowBlock {
        var ends = [Int32](repeating: 0, count: rowCount)
        for range in ranges { for change in range { ends[Int(rows[change])] += 1 } }
        var next = ends
        var sum: Int32 = 0
        for row in ends.indices {
            next[row] = sum
            sum += ends[row]
            ends[row] = sum
        }
        var changed = [Int32](repeating: 0, count: Int(sum))
        var sorted = [Int64](repeating: 0, count: Int(sum))
        for (column, range) in ranges.enumerated() {
            for change in range {
                let row = Int(rows[change])
                let place = Int(next[row])
                next[row] += 1
                changed[place] = Int32(column)
                sorted[place] = differences[change]
            }
        }
        return RowBlock(
            firstValues: firstValues, changeEnds: ends, changedColumns: changed, differences: sorted,
            runs: header.runs, layouts: header.layouts, columnOfSlot: columns.columnOfSlot)
    }

    private func dense(_ range: Range<Int>) -> [Int64] {
        var dense = [Int64](repeating: 0, count: rowCount)
        for change in range { dense[Int(rows[change])] = differences[change] }
        return dense
    }

    private mutating func appendAll(_ dense: [Int64]) throws(RowBlockError) {
        for row in dense.indices where dense[row] != 0 { append(dense[row], row) }
        guard rows.count <= 2 * RowBlockFormat.maximumChanges else {
            throw RowBlockError(.tooLarge, "over 2^20 changes")
        }
    }
}
