/// A decoded block: its first row and what each later row changes.
public struct RowBlock: Sendable {
    /// The first value of each column.
    let firstValues: [Int64]
    /// Where in `changes` each row's end; the first row has none.
    let changeEnds: [Int32]
    /// The changed columns, row by row.
    let changedColumns: [Int32]
    /// By how much each of them changes; sums wrap.
    let differences: [Int64]
    /// Which layouts the rows have in turn.
    let runs: [RowRun]
    /// The caller's numbers of the layouts.
    let layouts: [Int]
    /// For each layout the column of each slot.
    let columnOfSlot: [[Int32]]

    /// How many rows there are.
    public var rowCount: Int { changeEnds.count }

    /// The caller's number of a row's layout; `row` is one of the block's.
    public func layout(ofRow row: Int) -> Int { layouts[layoutIndex(ofRow: row)] }

    /// Whether a row has the layout and the numbers of the row before it. False for the first.
    public func isSame(asRowBefore row: Int) -> Bool {
        guard row > 0, row < rowCount else { return false }
        return changeEnds[row] == changeEnds[row - 1] && layoutIndex(ofRow: row) == layoutIndex(ofRow: row - 1)
    }

    /// A cursor that stands before the first row.
    public func cursor() -> RowCursor { RowCursor(self) }

    func layoutIndex(ofRow row: Int) -> Int {
        var end = 0
        for run in runs {
            end += run.count
            if row < end { return run.layout }
        }
        return 0
    }
}

/// Walks the rows of a block, on or back. It costs the changes between.
public struct RowCursor: Sendable {
    private let block: RowBlock
    /// The columns as they are in `row`.
    private var values: [Int64]
    private var row = 0

    init(_ block: RowBlock) {
        self.block = block
        values = block.firstValues
    }

    /// Replaces `numbers` with those of a row, in the slot order of its layout. False where there is no such row.
    @discardableResult
    public mutating func read(_ row: Int, into numbers: inout [Int64]) -> Bool {
        guard row >= 0, row < block.rowCount else {
            numbers.removeAll(keepingCapacity: true)
            return false
        }
        let (here, there) = (Int(block.changeEnds[self.row]), Int(block.changeEnds[row]))
        if there >= here {
            for change in here..<there {
                values[Int(block.changedColumns[change])] &+= block.differences[change]
            }
        } else {
            for change in there..<here {
                values[Int(block.changedColumns[change])] &-= block.differences[change]
            }
        }
        self.row = row
        let columns = block.columnOfSlot[block.layoutIndex(ofRow: row)]
        if numbers.count > columns.count { numbers.removeLast(numbers.count - columns.count) }
        while numbers.count < columns.count { numbers.append(0) }
        for (slot, column) in columns.enumerated() { numbers[slot] = values[Int(column)] }
        return true
    }
}
