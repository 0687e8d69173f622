import CivilTime
import ObjectStore

@testable import Archive

/// A segment over given entries that counts what is asked of it. Nothing of it is kept between two questions.
final class CountedSegment: LogSegment {
    /// In the order of the log; a test may take some away behind the segment's back.
    var entries: [LogEntry]
    let count: Int
    let successCount: Int
    let bounds: ClosedRange<LogPoint>
    let newSnapshots: Int
    /// How often all rows were asked for.
    private(set) var loads = 0
    /// How often a whole entry was asked for, which costs its ids.
    private(set) var wholeEntries = 0
    /// What every question that loads is answered with, where it is set.
    var failure: ArchiveError?

    /// Entries in any order, at least one. `known` are the snapshots that earlier segments brought to the log.
    init(_ entries: [LogEntry], known: Set<ObjectID> = []) {
        self.entries = entries.sorted { $0.row.point < $1.row.point }
        count = entries.count
        successCount = entries.count { $0.observation.result == .ok }
        let points = entries.map(\.row.point).sorted()
        bounds = points[0]...points[points.count - 1]
        newSnapshots = Set(entries.compactMap(\.observation.snapshot)).subtracting(known).count
    }

    func rows() throws(ArchiveError) -> [LogRow] {
        loads += 1
        if let failure { throw failure }
        return entries.map(\.row)
    }

    func entry(at index: Int) throws(ArchiveError) -> LogEntry {
        wholeEntries += 1
        if let failure { throw failure }
        return entries[index]
    }

    func displayName(at index: Int) throws(ArchiveError) -> String? {
        if let failure { throw failure }
        return entries[index].observation.displayName
    }

    func repeatsDocument(at index: Int) throws(ArchiveError) -> Bool? {
        if let failure { throw failure }
        guard let before = entries[..<index].last(where: { $0.observation.result == .ok }) else { return nil }
        return before.observation.snapshot == entries[index].observation.snapshot
    }
}
