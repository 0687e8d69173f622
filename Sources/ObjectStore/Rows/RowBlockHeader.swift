/// The clear part of a block: how many rows, the layouts, and which rows have which.
struct RowBlockHeader {
    let rowCount: Int
    /// The caller's numbers of the layouts.
    let layouts: [Int]
    let runs: [RowRun]

    init(_ reader: inout BinaryReader) throws(RowBlockError) {
        rowCount = try reader.readCount(upTo: RowBlockFormat.maximumRows)
        let layoutCount = try reader.readCount(upTo: rowCount)
        guard (rowCount == 0) == (layoutCount == 0) else { throw RowBlockError(.corrupt, "rows without a layout") }
        var layouts: [Int] = []
        for _ in 0..<layoutCount { layouts.append(try reader.readCount(upTo: RowBlockFormat.greatestLayout)) }
        var runs: [RowRun] = []
        if layoutCount == 1 { runs.append(RowRun(layout: 0, count: rowCount)) }
        var rest = layoutCount > 1 ? rowCount : 0
        while rest > 0 {
            let layout = try reader.readCount(upTo: layoutCount - 1)
            let count = try reader.readCount(upTo: rest)
            guard count > 0 else { throw RowBlockError(.corrupt, "a run of no rows") }
            runs.append(RowRun(layout: layout, count: count))
            rest -= count
        }
        (self.layouts, self.runs) = (layouts, runs)
    }
}
