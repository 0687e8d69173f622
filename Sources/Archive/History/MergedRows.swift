public import CivilTime

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
        var point: ListingPoint
    }

    /// The newest on top.
    private var lanes = BinaryHeap<Lane> { $0.point > $1.point }

    /// The rows of logs with their bounds included; without `failures` those alone that brought a snapshot, be its
    /// document kept or not.
    public init(of logs: [RefLog], failures: Bool, since: Timestamp? = nil, until: Timestamp? = nil) {
        for log in logs {
            let rows = LogRows(log, .newestFirst, failures ? .everything : .served, since: since, until: until)
            guard let bound = rows.bound else { continue }
            lanes.insert(Lane(rows: rows, row: nil, point: ListingPoint(bound, on: log.board)))
        }
    }

    /// The next row and its log, or nil at the end. What is damaged is passed over, as `LogRows` does.
    public mutating func next() throws(ArchiveError) -> (log: RefLog, row: LogRow)? {
        while var lane = lanes.popTop() {
            if let row = lane.row {
                lane.row = nil
                let log = lane.rows.log
                put(lane, at: lane.rows.bound)
                return (log, row)
            }
            lane.row = try lane.rows.next()
            put(lane, at: lane.row?.point)
        }
        return nil
    }

    /// Puts a lane back where it belongs now that it stands at a point; one that stands at none is done.
    private mutating func put(_ lane: Lane, at point: LogPoint?) {
        guard let point else { return }
        var lane = lane
        lane.point = ListingPoint(point, on: lane.rows.log.board)
        lanes.insert(lane)
    }
}
