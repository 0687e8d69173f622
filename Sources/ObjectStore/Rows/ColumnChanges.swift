/// The changes of a block as they are decoded, column by column.
struct ColumnChanges {
    private let rowCount: Int
    private let flags: [UInt8]
    private let paces: [UInt8]
    private var classes: SymbolReader
    private var driftClasses: SymbolReader
    private var smallQuotients: SymbolReader
    private var quotients: SymbolReader
    private var tails: BitReader
    private var flagStart = 0

    /// The row of each change and its difference, column by column.
    private var rows: [Int32] = []
    private var differences: [Int64] = []
    /// Which of them are each column's.
    private var ranges: [Range<Int>]

    init(
        rowCount: Int, columnCount: Int, capacity: Int, flags: [UInt8], paces: [UInt8], driftClasses: [UInt8],
        smallQuotients: [UInt8], quotients: [UInt8], classes: [UInt8], tails: BitReader
    ) {
        (self.rowCount, self.flags, self.paces, self.tails) = (rowCount, flags, paces, tails)
        (self.classes, self.driftClasses) = (SymbolReader(classes), SymbolReader(driftClasses))
        (self.smallQuotients, self.quotients) = (SymbolReader(smallQuotients), SymbolReader(quotients))
        ranges = [Range<Int>](repeating: 0..<0, count: columnCount)
        rows.reserveCapacity(capacity)
        differences.reserveCapacity(capacity)
    }

    /// The first value of each column.
    mutating func readFirstValues(_ symbols: [UInt8]) throws(RowBlockError) -> [Int64] {
        var values: [Int64] = []
        values.reserveCapacity(symbols.count)
        for symbol in symbols { values.append(try number(symbol)) }
        return values
    }

    /// Reads the columns that do not drift, then those that do, and checks that this is all there is.
    mutating func readColumns(_ settings: [ColumnSettings]) throws(RowBlockError) {
        for (column, setting) in settings.enumerated() where setting.transform != .drift {
            try readColumn(column, setting)
        }
        try addTotals(settings)
        for (column, setting) in settings.enumerated() where setting.transform == .drift {
            let guide = column + setting.guideDistance
            guard settings[guide].transform != .drift else {
                throw RowBlockError(.corrupt, "the guide of column \(column) drifts")
            }
            try readDriftingColumn(column, guide)
        }
        guard tails.isExhausted, driftClasses.isAtEnd, smallQuotients.isAtEnd, quotients.isAtEnd else {
            throw RowBlockError(.corrupt, "its streams do not end with its rows")
        }
    }

    private mutating func readColumn(_ column: Int, _ setting: ColumnSettings) throws(RowBlockError) {
        let start = rows.count
        if setting.transform != .constant {
            for index in 0..<(rowCount + 6) / 8 {
                var bits = flags[flagStart + index]
                while bits != 0 {
                    let row = 8 * index + bits.trailingZeroBitCount + 1
                    bits &= bits - 1
                    guard row < rowCount else { throw RowBlockError(.corrupt, "a change after the last row") }
                    let number = try number(classes.next())
                    rows.append(Int32(truncatingIfNeeded: row))
                    differences.append(number &* setting.divisor)
                }
            }
            flagStart += (rowCount + 6) / 8
        }
        if setting.pace != 0 || setting.transform == .acceleration || setting.transform == .level {
            var dense = dense(start..<rows.count)
            rows.removeSubrange(start...)
            differences.removeSubrange(start...)
            setting.transform.backward(&dense, pace: setting.pace)
            try appendAll(dense)
        }
        ranges[column] = start..<rows.count
    }

    /// Adds to each column what its addends do.
    private mutating func addTotals(_ settings: [ColumnSettings]) throws(RowBlockError) {
        for (column, setting) in settings.enumerated() where !setting.addends.isEmpty {
            var sums = dense(ranges[column])
            for addend in setting.addends.joined() {
                guard settings[addend].addends.isEmpty, settings[addend].transform != .drift else {
                    throw RowBlockError(.corrupt, "an addend of column \(column) has addends or drifts")
                }
                for change in ranges[addend] { sums[Int(rows[change])] &+= differences[change] }
            }
            let start = rows.count
            try appendAll(sums)
            ranges[column] = start..<rows.count
        }
    }

    private mutating func readDriftingColumn(_ column: Int, _ guide: Int) throws(RowBlockError) {
        let start = rows.count
        var moves = [Bool](repeating: false, count: rowCount)
        for change in ranges[guide] where differences[change] != 0 { moves[Int(rows[change])] = true }
        var model = DriftModel()
        for row in 1..<rowCount {
            let isWritten = flags[flagStart + (row - 1) >> 3] >> UInt8((row - 1) & 7) & 1 == 1
            let pace = paces[row - 1]
            var difference: Int64 = 0
            if !moves[row], model.isPrimed {
                let prediction = model.prediction(pace: pace)
                if isWritten { difference = prediction &+ (try readResidual(shift: model.shift)) }
                model.update(difference &- prediction, pace: pace)
            } else {
                if isWritten { difference = try number(driftClasses.next()) }
                if !moves[row] { model.prime(difference, pace: pace) }
            }
            if isWritten {
                rows.append(Int32(truncatingIfNeeded: row))
                differences.append(difference)
            }
        }
        // The bits after the last row.
        guard rowCount & 7 == 1 || flags[flagStart + (rowCount - 2) >> 3] >> UInt8((rowCount - 1) & 7) == 0 else {
            throw RowBlockError(.corrupt, "a change after the last row")
        }
        flagStart += (rowCount + 6) / 8
        ranges[column] = start..<rows.count
    }

    @inline(__always)
    private mutating func readResidual(shift: Int) throws(RowBlockError) -> Int64 {
        let symbol = shift == 0 ? try smallQuotients.next() : try quotients.next()
        if symbol == QuotientCode.escape { return try number(driftClasses.next()) }
        guard symbol <= QuotientCode.symbolLimit else {
            throw RowBlockError(.corrupt, "unknown quotient \(symbol)")
        }
        return QuotientCode.quotient(symbol) << Int64(shift) | Int64(bitPattern: tails.read(shift))
    }

    @inline(__always)
    private mutating func number(_ symbol: UInt8) throws(RowBlockError) -> Int64 {
        guard let number = ResidualCode.decode(symbol, tails: &tails) else {
            throw RowBlockError(.corrupt, "unknown class \(symbol)")
        }
        return number
    }

    private func dense(_ range: Range<Int>) -> [Int64] {
        var dense = [Int64](repeating: 0, count: rowCount)
        for change in range { dense[Int(rows[change])] = differences[change] }
        return dense
    }

    private mutating func appendAll(_ dense: [Int64]) throws(RowBlockError) {
        for row in dense.indices where dense[row] != 0 {
            rows.append(Int32(row))
            differences.append(dense[row])
        }
        guard rows.count <= 2 * RowBlockFormat.maximumChanges else {
            throw RowBlockError(.tooLarge, "over 2^20 changes")
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
}

/// Reads the symbols of a stream.
private struct SymbolReader {
    private let symbols: [UInt8]
    private var position = 0

    init(_ symbols: [UInt8]) { self.symbols = symbols }

    var isAtEnd: Bool { position == symbols.count }

    @inline(__always)
    mutating func next() throws(RowBlockError) -> UInt8 {
        guard position < symbols.count else { throw RowBlockError(.corrupt, "a stream ends too early") }
        defer { position += 1 }
        return symbols[position]
    }
}
