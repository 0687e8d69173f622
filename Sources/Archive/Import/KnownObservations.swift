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
    fileprivate final class Rows {
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

    /// Throws where a pack cannot be read: nobody can tell what the archive has, and nothing shall be there twice once the
    /// pack is put back.
    private func begin() throws(ArchiveError) {
        for member in archive.packs.members {
            guard case .damaged(let error) = member.state else { continue }
            throw ArchiveError(error, pack: archive.storage.describe(ArchiveLayout.pack(member.name)))
        }
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
            known = try block.history.read(block.entry, lookingFor: (moment, result), hasher)
            if rows.count == Self.rowsLimit { rows.removeAll(keepingCapacity: true) }
            rows[place] = known
        }
        var index = known.rows.partitioningIndex { $0.moment >= moment }
        while index < known.rows.count, known.rows[index].moment == moment {
            if known.rows[index].result == result {
                if known.keys == nil {
                    let whole = try block.history.read(block.entry, lookingFor: (moment, result), hasher)
                    known.keys = whole.keys
                }
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

    /// The moments of a block, and its keys where one of its rows has that moment and result. The decoded block is not
    /// kept: an import may go through all of an archive.
    fileprivate func read(
        _ entry: PackBlockEntry, lookingFor wanted: (moment: Int64, result: Observation.Result),
        _ hasher: borrowing SHA256
    ) throws(ArchiveError) -> KnownObservations.Rows {
        try reading { () throws(PackError) in
            var rows = PackedRows(try pack.block(entry), of: pack)
            var listed: [(moment: Int64, result: Observation.Result)] = []
            listed.reserveCapacity(entry.rows)
            for row in 0..<entry.rows {
                let row = try rows.logRow(row)
                listed.append((row.capturedAt.millisecondsSinceEpoch, row.result))
            }
            let known = KnownObservations.Rows(listed)
            guard listed.contains(where: { $0 == wanted }) else { return known }
            var keys: Set<ObservationKey> = []
            keys.reserveCapacity(entry.rows)
            for (row, (moment, result)) in listed.enumerated() {
                let snapshot: ObjectID?
                switch result {
                case .ok: snapshot = try rows.ids(row).document
                // Its record alone names it.
                case .ranksOnly: snapshot = try PackHistory.entry(row, &rows).entry.observation.snapshot
                case .notFound, .unavailable, .throttled, .invalid: snapshot = nil
                }
                keys.insert(
                    ObservationKey(entry.series, at: moment, result, snapshot: snapshot, hasher))
            }
            known.keys = keys
            return known
        }
    }
}
