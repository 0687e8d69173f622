import CivilTime

/// The rows of a ref log one at a time. It holds the stretch that it is in, and no other.
public struct LogRows {
    /// Which way to go.
    public enum Direction: Hashable, Sendable {
        /// Forward in time.
        case oldestFirst
        /// Back in time.
        case newestFirst
    }

    /// Which rows to give.
    enum Selection {
        /// Ok observations.
        case kept
        /// Those that brought a snapshot: observations of ranks alone, too.
        case served
        /// Failures, too.
        case everything
    }

    /// The log.
    let log: RefLog
    private let direction: Direction
    private let selection: Selection
    private let since: Timestamp
    private let until: Timestamp
    /// The stretch that is in hand, or the next one to load.
    private var number: Int
    private var rows: [LogRow]?
    /// The index in `rows` of what comes next.
    private var index = 0

    init(_ log: RefLog, _ direction: Direction, _ selection: Selection, since: Timestamp?, until: Timestamp?) {
        (self.log, self.direction, self.selection) = (log, direction, selection)
        let (since, until) = (since ?? .earliest, until ?? .latest)
        (self.since, self.until) = (since, until)
        number =
            switch direction {
            case .oldestFirst: log.stretches.partitioningIndex { $0.bounds.upperBound.capturedAt >= since }
            case .newestFirst: log.stretches.partitioningIndex { $0.bounds.lowerBound.capturedAt > until } - 1
            }
        skipUnselected()
    }

    /// Nothing that is still to come lies behind this point, seen in the direction of going; nil where nothing comes.
    /// Loads nothing.
    var bound: LogPoint? {
        guard log.stretches.indices.contains(number) else { return nil }
        let bounds = log.stretches[number].bounds
        let point: LogPoint
        switch direction {
        case .oldestFirst:
            point =
                rows.map { $0[index].point }
                ?? max(bounds.lowerBound, LogPoint(capturedAt: since, sequenceNumber: .min))
        case .newestFirst:
            point =
                rows.map { $0[index].point }
                ?? min(bounds.upperBound, LogPoint(capturedAt: until, sequenceNumber: .max))
        }
        return since <= point.capturedAt && point.capturedAt <= until ? point : nil
    }

    /// The next row, or nil at the end. What is damaged is passed over; the archive's `metDamage` then names it. Throws
    /// what is no damage.
    public mutating func next() throws(ArchiveError) -> LogRow? {
        while let bound {
            guard let rows else {
                try load(from: bound)
                continue
            }
            let row = rows[index]
            advance(in: rows)
            if isSelected(row.result) { return row }
        }
        return nil
    }

    private mutating func load(from bound: LogPoint) throws(ArchiveError) {
        let loaded = try log.loadLegible(number).rows
        // The bounds of the stretch are rows of it, so there is one on either side of the bound where nothing is lost.
        index =
            switch direction {
            case .oldestFirst: loaded.partitioningIndex { $0.point >= bound }
            case .newestFirst: loaded.partitioningIndex { $0.point > bound } - 1
            }
        if loaded.indices.contains(index) { rows = loaded } else { leaveStretch() }
    }

    private mutating func advance(in rows: [LogRow]) {
        index += direction == .oldestFirst ? 1 : -1
        if !rows.indices.contains(index) { leaveStretch() }
    }

    private mutating func leaveStretch() {
        rows = nil
        number += direction == .oldestFirst ? 1 : -1
        skipUnselected()
    }

    private func isSelected(_ result: Observation.Result) -> Bool {
        switch selection {
        case .kept: result == .ok
        case .served: result.isServed
        case .everything: true
        }
    }

    /// Passes over stretches of which it is known that nothing in them is selected.
    private mutating func skipUnselected() {
        let onlyOkCounts = selection == .kept || (selection == .served && !log.mayHoldRanksOnly)
        guard onlyOkCounts else { return }
        while log.stretches.indices.contains(number), log.stretches[number].successCount == 0 {
            number += direction == .oldestFirst ? 1 : -1
        }
    }
}
