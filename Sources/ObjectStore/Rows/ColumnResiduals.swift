/// What is left of a column's differences once its settings have predicted them: the numbers that are not zero.
struct ColumnResiduals {
    /// The rows that have one, ascending, the first row never among them.
    private(set) var rows: [Int32]
    /// The numbers, none of them zero.
    private(set) var values: [Int64]
    /// How many rows the block has.
    let rowCount: Int

    /// The residuals of a column under its settings.
    init(_ table: SparseColumns, _ column: Int, _ setting: ColumnSettings) {
        let changes = table.changes(of: column)
        rowCount = table.rowCount
        rows = Array(table.rows[changes])
        values = Array(table.differences[changes])
        if !setting.addends.isEmpty || setting.transform == .acceleration || setting.transform == .level
            || setting.pace != 0
        {
            var dense = [Int64](repeating: 0, count: rowCount)
            for index in rows.indices { dense[Int(rows[index])] = values[index] }
            for addend in setting.addends.joined() {
                for change in table.changes(of: addend) {
                    dense[Int(table.rows[change])] &-= table.differences[change]
                }
            }
            setting.transform.forward(&dense, pace: setting.pace)
            rows.removeAll(keepingCapacity: true)
            values.removeAll(keepingCapacity: true)
            for row in dense.indices where dense[row] != 0 {
                rows.append(Int32(row))
                values.append(dense[row])
            }
        }
        if setting.divisor > 1 { for index in values.indices { values[index] /= setting.divisor } }
    }

    /// About how many bits they take: for choosing, not exact.
    var estimatedBits: Int {
        // A class takes some 5 bits, the top bits of the number included, a flag one at most.
        let flags = min(rowCount, 5 * min(values.count, rowCount - 1 - values.count))
        return values.reduce(flags) { $0 + 3 + max(2, 64 - $1.magnitude.leadingZeroBitCount) }
    }

    /// The greatest number that divides them all, 1 where there are none or it is 2^63.
    var commonDivisor: Int64 {
        var divisor: UInt64 = 0
        for value in values {
            var (rest, other) = (divisor, value.magnitude)
            while other != 0 { (rest, other) = (other, rest % other) }
            divisor = rest
            if divisor == 1 { return 1 }
        }
        return Int64(exactly: max(1, divisor)) ?? 1
    }
}

extension ColumnTransform {
    /// Turns the differences of all rows into what is written. The first row has the difference 0.
    func forward(_ numbers: inout [Int64], pace: Int64) {
        for row in numbers.indices.dropFirst() { numbers[row] &-= pace }
        switch self {
        case .constant, .difference, .drift: return
        case .acceleration:
            for row in numbers.indices.dropFirst().reversed() { numbers[row] &-= numbers[row - 1] }
        case .level:
            for row in numbers.indices.dropFirst() { numbers[row] &+= numbers[row - 1] }
        }
    }

    /// Turns what was written for all rows into their differences.
    func backward(_ numbers: inout [Int64], pace: Int64) {
        switch self {
        case .constant, .difference, .drift: break
        case .acceleration:
            for row in numbers.indices.dropFirst() { numbers[row] &+= numbers[row - 1] }
        case .level:
            for row in numbers.indices.dropFirst().reversed() { numbers[row] &-= numbers[row - 1] }
        }
        for row in numbers.indices.dropFirst() { numbers[row] &+= pace }
    }
}
