/// What the columns of a block write, kind by kind.
struct ColumnStreams {
    /// One byte a column, with its numbers after it.
    private(set) var settings: [UInt8] = []
    /// The class of each column's first value.
    var firstClasses: [UInt8] = []
    /// For each column that changes one bit a row after the first: whether something is written for it.
    private(set) var flags: [UInt8] = []
    /// The class of each number that is written.
    private(set) var classes: [UInt8] = []
    /// The tails, those of the first values before those of the columns.
    var tails = BitWriter()

    /// Writes a column.
    mutating func append(_ setting: ColumnSettings, _ residuals: ColumnResiduals) {
        setting.append(to: &settings)
        guard setting.transform != .constant else { return }
        let start = flags.count
        flags.append(contentsOf: repeatElement(0, count: (residuals.rowCount + 6) / 8))
        for (row, value) in zip(residuals.rows, residuals.values) {
            flags[start + Int(row - 1) >> 3] |= 1 << UInt8((row - 1) & 7)
            classes.append(ResidualCode.encode(value, tails: &tails))
        }
    }
}
