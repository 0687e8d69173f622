/// The changes of a block as they are decoded, column by column.
struct ColumnChanges {
    private let rowCount: Int
    private let streams: BlockStreams
    private var positions = Positions()

    /// The row of each change and its difference, column by column.
    private var rows: [Int32] = []
    private var differences: [Int64] = []
    /// Which of them are each column's.
    private var ranges: [Range<Int>]

    /// How far the streams are read.
    private struct Positions {
        var flags = 0
        var classes = 0
        var driftClasses = 0
        var smallQuotients = 0
        var quotients = 0
        var tails = BitReader()
    }

    init(_ streams: BlockStreams, rowCount: Int, columnCount: Int) {
        (self.rowCount, self.streams) = (rowCount, streams)
        ranges = [Range<Int>](repeating: 0..<0, count: columnCount)
        rows.reserveCapacity(streams.changeCount)
        differences.reserveCapacity(streams.changeCount)
    }

    /// The first value of each column.
    mutating func readFirstValues() throws(RowBlockError) -> [Int64] {
        let streams = streams
        var values: [Int64] = []
        values.reserveCapacity(streams.firstClasses.count)
        for symbol in streams.firstClasses {
            values.append(try Self.number(symbol, &positions.tails, streams.tails.span))
        }
        return values
    }

    /// Reads the columns that do not drift, then those that do, and checks that this is all there is.
    mutating func readColumns(_ settings: [ColumnSettings]) throws(RowBlockError) {
        for (column, setting) in settings.enumerated() where setting.transform != .drift {
            try readColumn(column, setting)
        }
        try addTotals(settings)
        let gains = streams.paces.map(DriftModel.gain)
        var (columnRows, columnDifferences) = ([Int32](repeating: 0, count: rowCount), dense(0..<0))
        for (column, setting) in settings.enumerated() where setting.transform == .drift {
            let guide = column + setting.guideDistance
            guard settings[guide].transform != .drift else {
                throw RowBlockError(.corrupt, "the guide of column \(column) drifts")
            }
            let moves = dense(ranges[guide])
            var rowSpan = columnRows.mutableSpan
            var differenceSpan = columnDifferences.mutableSpan
            let count = try Self.readDrift(streams, gains.span, &positions, moves.span, &rowSpan, &differenceSpan)
            ranges[column] = rows.count..<rows.count + count
            rows.append(contentsOf: columnRows[..<count])
            differences.append(contentsOf: columnDifferences[..<count])
        }
        guard positions.tails.isAtEnd(of: streams.tails.span),
            positions.driftClasses == streams.driftClasses.count,
            positions.smallQuotients == streams.smallQuotients.count,
            positions.quotients == streams.quotients.count
        else { throw RowBlockError(.corrupt, "its streams do not end with its rows") }
    }

    private mutating func readColumn(_ column: Int, _ setting: ColumnSettings) throws(RowBlockError) {
        let start = rows.count
        if setting.transform != .constant {
            let streams = streams
            for index in 0..<(rowCount + 6) / 8 {
                var bits = streams.flags[positions.flags + index]
                while bits != 0 {
                    let row = 8 * index + bits.trailingZeroBitCount + 1
                    bits &= bits - 1
                    guard row < rowCount else { throw RowBlockError(.corrupt, "a change after the last row") }
                    let symbol = try Self.next(streams.classes.span, &positions.classes)
                    let number = try Self.number(symbol, &positions.tails, streams.tails.span)
                    rows.append(Int32(truncatingIfNeeded: row))
                    differences.append(number &* setting.divisor)
                }
            }
            positions.flags += (rowCount + 6) / 8
        }
        if setting.pace != 0 || setting.transform == .acceleration || setting.transform == .level {
            var dense = dense(start..<rows.count)
            rows.removeSubrange(start...)
            differences.removeSubrange(start...)
            setting.transform.backward(&dense, pace: setting.pace)
            appendAll(dense)
        }
        ranges[column] = start..<rows.count
        try checkCount()
    }

    /// Adds to each column what its addends do.
    private mutating func addTotals(_ settings: [ColumnSettings]) throws(RowBlockError) {
        var summands = 0
        for (column, setting) in settings.enumerated() where !setting.addends.isEmpty {
            var sums = dense(ranges[column])
            for addend in setting.addends.joined() {
                guard settings[addend].addends.isEmpty, settings[addend].transform != .drift else {
                    throw RowBlockError(.corrupt, "an addend of column \(column) has addends or drifts")
                }
                summands += 1 + ranges[addend].count
                guard summands <= RowBlockFormat.maximumSummands else {
                    throw RowBlockError(.tooLarge, "totals of over 2^22 changes")
                }
                for change in ranges[addend] { sums[Int(rows[change])] &+= differences[change] }
            }
            let start = rows.count
            appendAll(sums)
            try checkCount()
            ranges[column] = start..<rows.count
        }
    }

    /// Reads the changes of a column that drifts and returns how many there are. `moves` holds the differences of its
    /// guide. A loop over spans, for it is most of the work.
    private static func readDrift(
        _ streams: BlockStreams, _ gains: Span<Int64>, _ positions: inout Positions, _ moves: Span<Int64>,
        _ rows: inout MutableSpan<Int32>, _ differences: inout MutableSpan<Int64>
    ) throws(RowBlockError) -> Int {
        let (paces, tails, classes) = (streams.paces.span, streams.tails.span, streams.driftClasses.span)
        let (smallQuotients, quotients) = (streams.smallQuotients.span, streams.quotients.span)
        let flagBytes = (moves.count + 6) / 8
        let flags = streams.flags.span.extracting(positions.flags..<positions.flags + flagBytes)
        var place = positions
        var model = DriftModel()
        var count = 0
        for row in 1..<moves.count {
            let isWritten = flags[(row - 1) >> 3] >> UInt8((row - 1) & 7) & 1 == 1
            let pace = paces[row - 1]
            var difference: Int64 = 0
            if moves[row] == 0, model.isPrimed {
                let prediction = model.prediction(pace: pace)
                if isWritten {
                    let shift = model.shift
                    let symbol =
                        shift == 0
                        ? try next(smallQuotients, &place.smallQuotients) : try next(quotients, &place.quotients)
                    if symbol == QuotientCode.escape {
                        difference = try number(next(classes, &place.driftClasses), &place.tails, tails)
                    } else {
                        guard symbol <= QuotientCode.symbolLimit else {
                            throw RowBlockError(.corrupt, "unknown quotient \(symbol)")
                        }
                        difference =
                            QuotientCode.quotient(symbol) << Int64(shift)
                            | Int64(bitPattern: place.tails.read(shift, tails))
                    }
                    difference &+= prediction
                }
                model.update(difference &- prediction, gain: gains[row - 1])
            } else {
                if isWritten { difference = try number(next(classes, &place.driftClasses), &place.tails, tails) }
                if moves[row] == 0 { model.prime(difference, pace: pace) }
            }
            rows[count] = Int32(truncatingIfNeeded: row)
            differences[count] = difference
            count += isWritten ? 1 : 0
        }
        // Bits after those of the last row are none.
        guard moves.count & 7 == 1 || flags[flagBytes - 1] >> UInt8((moves.count - 1) & 7) == 0 else {
            throw RowBlockError(.corrupt, "a change after the last row")
        }
        place.flags += flagBytes
        positions = place
        return count
    }

    @inline(__always)
    private static func next(_ symbols: Span<UInt8>, _ position: inout Int) throws(RowBlockError) -> UInt8 {
        guard position < symbols.count else { throw RowBlockError(.corrupt, "a stream ends too early") }
        defer { position += 1 }
        return symbols[position]
    }

    @inline(__always)
    private static func number(
        _ symbol: UInt8, _ reader: inout BitReader, _ tails: Span<UInt8>
    ) throws(RowBlockError) -> Int64 {
        guard let number = ResidualCode.decode(symbol, tails: &reader, tails) else {
            throw RowBlockError(.corrupt, "unknown class \(symbol)")
        }
        return number
    }

    /// A column's differences, row by row.
    private func dense(_ range: Range<Int>) -> [Int64] {
        var dense = [Int64](repeating: 0, count: rowCount)
        for change in range { dense[Int(rows[change])] = differences[change] }
        return dense
    }

    private mutating func appendAll(_ dense: [Int64]) {
        for row in dense.indices where dense[row] != 0 {
            rows.append(Int32(row))
            differences.append(dense[row])
        }
    }

    /// Bounds what columns that do not drift come to.
    private func checkCount() throws(RowBlockError) {
        guard rows.count <= 2 * RowBlockFormat.maximumChanges else {
            throw RowBlockError(.tooLarge, "over 2^21 changes, those of totals counted twice")
        }
    }

    /// The block, its changes sorted by row. Linear.
    func block(_ firstValues: [Int64], _ header: RowBlockHeader, _ columns: RowColumns) -> RowBlock {
        var ends = [Int32](repeating: 0, count: rowCount)
        let (rowSpan, differenceSpan) = (rows.span, differences.span)
        for range in ranges { for change in range { ends[Int(rowSpan[change])] += 1 } }
        var next = ends
        var sum: Int32 = 0
        for row in ends.indices {
            next[row] = sum
            sum += ends[row]
            ends[row] = sum
        }
        var changed = [Int32](repeating: 0, count: Int(sum))
        var sorted = [Int64](repeating: 0, count: Int(sum))
        var nextSpan = next.mutableSpan
        var changedSpan = changed.mutableSpan
        var sortedSpan = sorted.mutableSpan
        for (column, range) in ranges.enumerated() {
            for change in range {
                let row = Int(rowSpan[change])
                let place = Int(nextSpan[row])
                nextSpan[row] += 1
                changedSpan[place] = Int32(truncatingIfNeeded: column)
                sortedSpan[place] = differenceSpan[change]
            }
        }
        return RowBlock(
            firstValues: firstValues, changeEnds: ends, changedColumns: changed, differences: sorted,
            runs: header.runs, layouts: header.layouts, columnOfSlot: columns.columnOfSlot)
    }
}

/// The streams of a block as they were inflated.
struct BlockStreams {
    var firstClasses: [UInt8] = []
    var paces: [UInt8] = []
    var flags: [UInt8] = []
    var classes: [UInt8] = []
    var driftClasses: [UInt8] = []
    var smallQuotients: [UInt8] = []
    var quotients: [UInt8] = []
    var tails: [UInt8] = []

    /// How many changes the flags announce.
    var changeCount: Int { Self.changeCount(flags[...]) }

    /// How many bits are set.
    static func changeCount(_ flags: ArraySlice<UInt8>) -> Int { flags.reduce(0) { $0 + $1.nonzeroBitCount } }
}
