import CivilTime

/// A block as a part of a log.
final class PackSegment: LogSegment {
    private let entry: PackBlockEntry
    private let history: PackHistory

    init(_ entry: PackBlockEntry, in history: PackHistory) { (self.entry, self.history) = (entry, history) }

    var count: Int { entry.rows }
    var successCount: Int { entry.successes }
    var newSnapshots: Int { entry.newInLog }

    var bounds: ClosedRange<LogPoint> {
        let first = LogPoint(capturedAt: Self.moment(entry.first), sequenceNumber: entry.firstNumber)
        return first...max(first, LogPoint(capturedAt: Self.moment(entry.last), sequenceNumber: entry.lastNumber))
    }

    /// The directory has checked it.
    private static func moment(_ milliseconds: Int64) -> Timestamp {
        Timestamp(millisecondsSinceEpoch: milliseconds) ?? .latest
    }

    func rows() throws(ArchiveError) -> [LogRow] {
        let cached = try history.wholeRows(of: entry)
        return try history.reading { () throws(PackError) in
            var rows: [LogRow] = []
            rows.reserveCapacity(entry.rows)
            for row in 0..<entry.rows { rows.append(try cached.rows.logRow(row)) }
            return rows
        }
    }

    func entry(at index: Int) throws(ArchiveError) -> LogEntry {
        let cached = try history.rows(of: entry)
        return try history.reading { () throws(PackError) in try PackHistory.entry(index, &cached.rows).entry }
    }

    func displayName(at index: Int) throws(ArchiveError) -> String? {
        let cached = try history.rows(of: entry)
        return try history.reading { () throws(PackError) in try cached.rows.displayName(index) }
    }

    func repeatsDocument(at index: Int) throws(ArchiveError) -> Bool? {
        let cached = try history.rows(of: entry)
        let block = cached.rows.block
        guard let before = (0..<index).last(where: block.isSuccess) else { return nil }
        // Between them only rows with a kept body could lie in the table of documents.
        guard let place = block.documentRows[index], let earlier = block.documentRows[before] else { return nil }
        if place == earlier + 1 {
            return try history.reading { () throws(PackError) in try cached.rows.repeatsDocument(index) }
        }
        return try entry(at: index).observation.snapshot == entry(at: before).observation.snapshot
    }
}
