import CivilTime
import Hiscores
import ObjectStore

/// Which observations an archive has: what an import asks for each that it reads.
///
/// An observation newer than all of its log costs a look at the log's blocks in the directory; one at a moment that a
/// block spans costs that block's moments, and one that is there the ids of the block, each computed once while the block
/// is remembered. So an import that is run again costs about what the first one did, however its lines are ordered.
final class KnownObservations {
    /// A block of a log.
    private struct Block {
        let history: PackHistory
        let entry: PackBlockEntry
    }

    /// What is remembered of a block.
    private final class Rows {
        /// Moments in order, with the rows' results.
        let rows: [(moment: Int64, result: Observation.Result)]
        /// The rows' keys; none before they were asked for.
        var keys: Set<ObservationKey>?

        init(_ rows: [(moment: Int64, result: Observation.Result)]) { self.rows = rows }
    }

    private struct Place: Hashable {
        let pack: ObjectID
        let offset: Int
    }

    private let archive: Archive
    private let hasher = SHA256()
    /// The state of the archive that the rest is of.
    private var names: [ObjectID] = []
    private var recordCount: Int?
    private var journal: Set<ObservationKey> = []
    private var logs: [SeriesKey: [Block]] = [:]
    private var blocksInLogs = 0
    private var rows: [Place: Rows] = [:]

    /// Blocks that are listed, and blocks whose rows are remembered, at most.
    private static let listLimit = 1 << 14
    private static let rowsLimit = 1 << 11

    init(of archive: Archive) { self.archive = archive }

    func contains(_ prepared: PreparedObservation) throws(ArchiveError) -> Bool {
        try contains(prepared.observation, prepared.key)
    }

    func contains(_ observation: Observation, _ key: ObservationKey) throws(ArchiveError) -> Bool {
        if recordCount != archive.recordCount { try begin() }
        if journal.contains(key) { return true }
        guard !archive.packs.members.isEmpty else { return false }
        let moment = observation.capturedAt.millisecondsSinceEpoch
        for block in try blocks(of: SeriesKey(player: observation.player, board: observation.board))
        where block.entry.first <= moment && moment <= block.entry.last {
            if try contains(key, at: moment, observation.result, in: block) { return true }
        }
        return false
    }

    private func begin() throws(ArchiveError) {
        let names = archive.packs.members.map(\.name)
        if names != self.names {
            (logs, blocksInLogs) = ([:], 0)
            let kept = Set(names)
            rows = rows.filter { kept.contains($0.key.pack) }
        }
        journal = []
        let entries = archive.history.journal.entriesInSequenceOrder(ExportSelection())
        while let entry = try entries.next() { journal.insert(ObservationKey(entry.observation, hasher)) }
        (self.names, recordCount) = (names, archive.recordCount)
    }

    private func blocks(of series: SeriesKey) throws(ArchiveError) -> [Block] {
        if let known = logs[series] { return known }
        var blocks: [Block] = []
        for history in archive.packs.histories {
            for entry in try history.blocks(of: series) { blocks.append(Block(history: history, entry: entry)) }
        }
        if blocksInLogs + blocks.count + 1 > Self.listLimit { (logs, blocksInLogs) = ([:], 0) }
        logs[series] = blocks
        blocksInLogs += blocks.count + 1
        return blocks
    }

    private func contains(
        _ key: ObservationKey, at moment: Int64, _ result: Observation.Result, in block: Block
    ) throws(ArchiveError) -> Bool {
        let place = Place(pack: block.history.pack.name, offset: block.entry.offset)
        let known: Rows
        if let remembered = rows[place] {
            known = remembered
        } else {
            known = Rows(try block.history.moments(of: block.entry))
            if rows.count == Self.rowsLimit { rows.removeAll(keepingCapacity: true) }
            rows[place] = known
        }
        var index = known.rows.partitioningIndex { $0.moment >= moment }
        while index < known.rows.count, known.rows[index].moment == moment {
            if known.rows[index].result == result {
                if known.keys == nil { known.keys = try block.history.keys(of: block.entry, hasher) }
                return known.keys?.contains(key) == true
            }
            index += 1
        }
        return false
    }
}

extension PackHistory {
    /// The blocks of a log in this pack.
    fileprivate func blocks(of series: SeriesKey) throws(ArchiveError) -> [PackBlockEntry] {
        try reading { () throws(PackError) in try pack.blocks(of: series) }
    }

    /// When the rows of a block were captured, with their results.
    fileprivate func moments(
        of entry: PackBlockEntry
    ) throws(ArchiveError) -> [(moment: Int64, result: Observation.Result)] {
        try reading { () throws(PackError) in
            let cached = try cachedRows(of: entry)
            var moments: [(moment: Int64, result: Observation.Result)] = []
            moments.reserveCapacity(entry.rows)
            for row in 0..<entry.rows {
                let listed = try cached.rows.logRow(row)
                moments.append((listed.capturedAt.millisecondsSinceEpoch, listed.result))
            }
            return moments
        }
    }

    /// What makes the rows of a block the same as others.
    fileprivate func keys(
        of entry: PackBlockEntry, _ hasher: borrowing SHA256
    ) throws(ArchiveError) -> Set<ObservationKey> {
        try reading { () throws(PackError) in
            let cached = try cachedRows(of: entry)
            var keys: Set<ObservationKey> = []
            for row in 0..<entry.rows {
                keys.insert(ObservationKey(try Self.entry(row, &cached.rows).observation, hasher))
            }
            return keys
        }
    }
}
