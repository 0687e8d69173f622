/// The columns of a block: the keys of all its layouts in order, each once.
struct RowColumns {
    /// For each layout the column of each slot.
    let columnOfSlot: [[Int32]]
    /// For each column a layout that has it, and its place there.
    private let origins: [(layout: Int, column: Int)]
    private let layouts: [RowLayout]

    /// How many columns there are.
    var count: Int { origins.count }

    /// The key of each column.
    var keys: [ColumnKey] { origins.map { layouts[$0.layout].key(of: $0.column) } }

    /// Merges the layouts, which are ordered each. With k layouts of n slots k * n comparisons of keys.
    init(_ layouts: [RowLayout]) {
        self.layouts = layouts
        var columnOfSlot = layouts.map { [Int32](repeating: 0, count: $0.count) }
        var origins: [(layout: Int, column: Int)] = []
        var next = [Int](repeating: 0, count: layouts.count)
        while true {
            var least: Int?
            for (index, layout) in layouts.enumerated() where next[index] < layout.count {
                if let found = least, layout.compare(next[index], layouts[found], next[found]) >= 0 { continue }
                least = index
            }
            guard let least else { break }
            let origin = (layout: least, column: next[least])
            for (index, layout) in layouts.enumerated() where next[index] < layout.count {
                guard index == least || layout.compare(next[index], layouts[least], origin.column) == 0 else {
                    continue
                }
                columnOfSlot[index][layout.slot(of: next[index])] = Int32(origins.count)
                next[index] += 1
            }
            origins.append(origin)
        }
        (self.columnOfSlot, self.origins) = (columnOfSlot, origins)
    }
}
