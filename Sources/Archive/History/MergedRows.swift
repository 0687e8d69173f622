public import CivilTime
import Hiscores

/// The rows of several ref logs in one order, newest first: by `captured_at`, then the board's name, then sequence
/// number, all descending. A log is loaded when its turn comes and let go of when it has none left, so the first rows
/// cost the newest stretches alone. O(log logs) a row.
public struct MergedRows {
    /// A log, and how far it has been read.
    private struct Lane {
        var rows: LogRows
        /// The row that comes next, where it has been pulled.
        var row: LogRow?
        /// Where that row stands; before it is pulled, what bounds all that is to come.
        var point: LogPoint
        /// The rank of the board's name among all.
        let board: Int

        /// What lanes are ordered by.
        var key: (Timestamp, Int, Int) { (point.capturedAt, board, point.sequenceNumber) }
    }

    /// A binary heap, the newest on top.
    private var lanes: [Lane] = []

    /// The rows of logs with their bounds included; ok ones alone where no failures are asked for.
    public init(of logs: [RefLog], failures: Bool, since: Timestamp? = nil, until: Timestamp? = nil) {
        let names = Board.allCases.map(\.rawValue).sorted()
        let ranks = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        for log in logs {
            let rows = log.rows(.newestFirst, failures: failures, since: since, until: until)
            guard let bound = rows.bound else { continue }
            lanes.append(Lane(rows: rows, row: nil, point: bound, board: ranks[log.board.rawValue] ?? 0))
        }
        for index in lanes.indices.reversed() { sink(index) }
    }

    /// The next row and its log, or nil at the end. What is damaged is passed over, as `LogRows` does.
    public mutating func next() throws(ArchiveError) -> (log: RefLog, row: LogRow)? {
        while !lanes.isEmpty {
            if let row = lanes[0].row {
                let log = lanes[0].rows.log
                lanes[0].row = nil
                settleTop(at: lanes[0].rows.bound)
                return (log, row)
            }
            lanes[0].row = try lanes[0].rows.next()
            settleTop(at: lanes[0].row?.point)
        }
        return nil
    }

    /// Puts the topmost lane where it belongs now that it stands at a point; takes it out where it stands at none.
    private mutating func settleTop(at point: LogPoint?) {
        if let point {
            lanes[0].point = point
        } else {
            lanes.swapAt(0, lanes.count - 1)
            lanes.removeLast()
        }
        sink(0)
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var newest = index
            for child in 2 * index + 1...2 * index + 2 where child < lanes.count {
                if lanes[child].key > lanes[newest].key { newest = child }
            }
            if newest == index { return }
            lanes.swapAt(index, newest)
            index = newest
        }
    }
}
