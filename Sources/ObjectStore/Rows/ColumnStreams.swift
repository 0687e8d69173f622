/// What the columns of a block write, kind by kind.
struct ColumnStreams {
    /// One byte a column, with its numbers after it.
    private(set) var settings: [UInt8] = []
    /// The class of each column's first value.
    var firstClasses: [UInt8] = []
    /// The pace of each row after the first, where a column drifts.
    var paces: [UInt8] = []
    /// For each column that changes one bit a row after the first: whether something is written for it.
    private(set) var flags: [UInt8] = []
    /// The class of each number that is written.
    private(set) var classes: [UInt8] = []
    /// The same for columns that drift.
    private(set) var driftClasses: [UInt8] = []
    /// The quotients of predictions that were off by little: their shift is 0.
    private(set) var smallQuotients: [UInt8] = []
    /// All other quotients.
    private(set) var quotients: [UInt8] = []
    /// The tails: of the first values, then of the columns that do not drift, then of those that do.
    var tails = BitWriter()

    /// The place in `inOrder` of the first stream of quotients.
    static let quotientStreams = 6

    /// All but the tails, in the order of the block.
    var inOrder: [[UInt8]] {
        [settings, firstClasses, paces, flags, classes, driftClasses, smallQuotients, quotients]
    }

    /// Appends the settings of the next column.
    mutating func append(_ setting: ColumnSettings) { setting.append(to: &settings) }

    /// Writes a column that does not drift.
    mutating func append(_ residuals: ColumnResiduals) {
        appendFlags(residuals)
        for value in residuals.values { classes.append(ResidualCode.encode(value, tails: &tails)) }
    }

    /// Writes a column that drifts, by its differences. `moves` tells for each row whether its guide does.
    mutating func append(drifting differences: ColumnResiduals, moves: [Bool]) {
        appendFlags(differences)
        let gains = paces.map(DriftModel.gain)
        var model = DriftModel()
        var next = 0
        for row in moves.indices.dropFirst() {
            var difference: Int64 = 0
            let isWritten = next < differences.rows.count && Int(differences.rows[next]) == row
            if isWritten {
                difference = differences.values[next]
                next += 1
            }
            let pace = paces[row - 1]
            guard !moves[row], model.isPrimed else {
                if isWritten { driftClasses.append(ResidualCode.encode(difference, tails: &tails)) }
                if !moves[row] { model.prime(difference, pace: pace) }
                continue
            }
            let residual = difference &- model.prediction(pace: pace)
            if isWritten { append(residual, shift: model.shift) }
            model.update(residual, gain: gains[row - 1])
        }
    }

    private mutating func append(_ residual: Int64, shift: Int) {
        let symbol = QuotientCode.symbol(residual >> Int64(shift))
        if shift == 0 { smallQuotients.append(symbol) } else { quotients.append(symbol) }
        if symbol == QuotientCode.escape {
            driftClasses.append(ResidualCode.encode(residual, tails: &tails))
        } else {
            tails.append(UInt64(bitPattern: residual) & ((1 << UInt64(shift)) - 1), bits: shift)
        }
    }

    private mutating func appendFlags(_ residuals: ColumnResiduals) {
        let start = flags.count
        flags.append(contentsOf: repeatElement(0, count: (residuals.rowCount + 6) / 8))
        for row in residuals.rows { flags[start + Int(row - 1) >> 3] |= 1 << UInt8((row - 1) & 7) }
    }
}
