/// The columns of a block: the keys of all its layouts in order, each once.
struct RowColumns {
    /// For each layout the column of each slot.
    let columnOfSlot: [[Int32]]
    /// The key of each column.
    let keys: [ColumnKey]

    /// Merges the layouts, which are ordered each. With k layouts of n slots k * n comparisons of keys.
    init(_ layouts: [RowLayout]) {
        if layouts.count == 1, let layout = layouts.first {
            var columns = [Int32](repeating: 0, count: layout.count)
            for (column, entry) in layout.columns.enumerated() { columns[Int(entry.slot)] = Int32(column) }
            (columnOfSlot, keys) = ([columns], layout.columns.map(\.key))
            return
        }
        var columnOfSlot = layouts.map { [Int32](repeating: 0, count: $0.count) }
        var keys: [ColumnKey] = []
        var next = [Int](repeating: 0, count: layouts.count)
        while true {
            var least: ColumnKey?
            for (index, layout) in layouts.enumerated() where next[index] < layout.count {
                let key = layout.columns[next[index]].key
                if least.map({ key < $0 }) ?? true { least = key }
            }
            guard let least else { break }
            for (index, layout) in layouts.enumerated() where next[index] < layout.count {
                let column = layout.columns[next[index]]
                guard column.key == least else { continue }
                columnOfSlot[index][Int(column.slot)] = Int32(keys.count)
                next[index] += 1
            }
            keys.append(least)
        }
        (self.columnOfSlot, self.keys) = (columnOfSlot, keys)
    }
}
