/// The changes of a table, column by column: which rows change a column and by how much.
struct SparseColumns {
    /// Where each column's changes end.
    private(set) var ends: [Int32]
    /// The row of each change, ascending within a column.
    private(set) var rows: [Int32]
    /// By how much the column changes there; sums wrap.
    private(set) var differences: [Int64]
    /// The first value of each column.
    private(set) var firstValues: [Int64]
    let rowCount: Int

    /// The changes of one column.
    func changes(of column: Int) -> Range<Int> {
        (column == 0 ? 0 : Int(ends[column - 1]))..<Int(ends[column])
    }

    /// For each row whether it changes a column.
    func moves(of column: Int) -> [Bool] {
        var moves = [Bool](repeating: false, count: rowCount)
        for change in changes(of: column) { moves[Int(rows[change])] = true }
        return moves
    }

    /// The table of a builder's rows, from its whole log. Throws where that does not fit the layouts.
    init(_ builder: RowBlockBuilder, log: [UInt8], _ columns: RowColumns) throws(RowBlockError) {
        let count = columns.count
        var values = [Int64](repeating: 0, count: count)
        var isKnown = [Bool](repeating: false, count: count)
        firstValues = values
        var log = BinaryReader(log[...])
        var (changedColumns, changedRows, changes): ([Int32], [Int32], [Int64]) = ([], [], [])
        func note(_ column: Int32, _ row: Int, _ difference: Int64) {
            changedColumns.append(column)
            changedRows.append(Int32(row))
            changes.append(difference)
        }
        var row = 0
        for run in builder.runs {
            let slots = columns.columnOfSlot[run.layout]
            for column in slots {
                let value = try log.readSigned()
                let index = Int(column)
                if !isKnown[index] {
                    isKnown[index] = true
                    firstValues[index] = value
                } else if value != values[index] {
                    note(column, row, value &- values[index])
                }
                values[index] = value
            }
            row += 1
            for _ in 1..<run.count {
                var slot = 0
                for _ in 0..<(try log.readCount(upTo: slots.count)) {
                    slot += try log.readCount(upTo: slots.count - slot)
                    let difference = try log.readSigned()
                    let column = slots[slot]
                    note(column, row, difference)
                    values[Int(column)] &+= difference
                    slot += 1
                }
                row += 1
            }
        }
        rowCount = row
        // Sorted by column, which keeps the order of rows.
        ends = [Int32](repeating: 0, count: count)
        for column in changedColumns { ends[Int(column)] += 1 }
        var sum: Int32 = 0
        var next = ends
        for column in 0..<count {
            next[column] = sum
            sum += ends[column]
            ends[column] = sum
        }
        rows = [Int32](repeating: 0, count: changes.count)
        differences = [Int64](repeating: 0, count: changes.count)
        for index in changes.indices {
            let place = Int(next[Int(changedColumns[index])])
            next[Int(changedColumns[index])] += 1
            rows[place] = changedRows[index]
            differences[place] = changes[index]
        }
    }
}
