import ObjectStore

/// Goes through a pack in the order of the sequence, past blocks that are damaged. Holds the blocks that the order passes
/// through at once: for a pack of captures that came by turns a block of each log.
final class PackWalk {
    /// A block and its rows by their numbers, the highest first.
    private struct Lane {
        let rows: PackCache.Rows
        var order: [(number: Int, row: Int)]

        var number: Int { order.last?.number ?? .max }
    }

    private let history: PackHistory
    private let selection: ExportSelection
    /// The blocks that were not opened yet, the lowest number last.
    private var waiting: [PackBlockEntry]?
    private var lanes = BinaryHeap<Lane> { $0.number < $1.number }

    init(_ history: PackHistory, _ selection: ExportSelection) {
        (self.history, self.selection) = (history, selection)
    }

    /// The next selected observation. O(log blocks) beside what its ids cost.
    func next() throws(ArchiveError) -> LogEntry? {
        if waiting == nil {
            waiting = history.legibleBlocks()
                .filter { selection.includes($0.series.player, $0.series.board) }
                .sorted { $0.lowestNumber > $1.lowestNumber }
        }
        while true {
            while let entry = waiting?.last, entry.lowestNumber < lanes.top?.number ?? .max {
                waiting?.removeLast()
                do { lanes.insert(try open(entry)) } catch {
                    guard error.isDamage else { throw error }
                }
            }
            guard var lane = lanes.popTop(), let (_, row) = lane.order.popLast() else { return nil }
            let entry = try history.reading { () throws(PackError) in try PackHistory.entry(row, &lane.rows.rows) }
            if !lane.order.isEmpty { lanes.insert(lane) }
            if selection.includes(entry.observation) { return entry }
        }
    }

    private func open(_ entry: PackBlockEntry) throws(ArchiveError) -> Lane {
        let rows = try history.wholeRows(of: entry)
        return try history.reading { () throws(PackError) in
            var order: [(number: Int, row: Int)] = []
            for row in 0..<entry.rows { order.append((try rows.rows.logRow(row).sequenceNumber, row)) }
            return Lane(rows: rows, order: order.sorted { $0.number > $1.number })
        }
    }
}
