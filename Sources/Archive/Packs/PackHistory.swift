import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore

/// What a pack says, read block by block as it is asked for.
final class PackHistory: HistorySource {
    let pack: Pack
    private let cache: PackCache
    /// The pack's file, as a person would name it.
    private let path: String
    private(set) var tags: [String: Tag] = [:]
    private(set) var declarations: [Record] = []

    /// The history of an open pack. Reads its records that are no observations.
    static func open(_ pack: Pack, _ cache: PackCache, path: String) throws(PackError) -> PackHistory {
        let history = PackHistory(pack, cache, path: path)
        for (number, record) in try pack.otherRecords() {
            do {
                switch try RecordFormat.decode(record) {
                case .observation: break
                case .tag(let tag): history.tags[tag.name] = tag
                case .rename(let link): history.declarations.append(.rename(link))
                case .tombstone(let tombstone): history.declarations.append(.tombstone(tombstone))
                }
            } catch {
                throw .corrupt("record \(number) is none: \(error)", offset: pack.footer.otherRecords.offset)
            }
        }
        return history
    }

    private init(_ pack: Pack, _ cache: PackCache, path: String) {
        (self.pack, self.cache, self.path) = (pack, cache, path)
    }

    var observationCount: Int { pack.footer.observations }

    var newSnapshots: Int { pack.footer.newInArchive }

    func contains(_ declaration: Record) -> Bool { declarations.contains(declaration) }

    func players() throws(ArchiveError) -> [PlayerName] {
        try reading { () throws(PackError) in
            var players: [PlayerName] = []
            for entry in try pack.allBlocks() where players.last != entry.series.player {
                players.append(entry.series.player)
            }
            return players
        }
    }

    func segments(of player: PlayerName) throws(ArchiveError) -> [(board: Board, segment: any LogSegment)] {
        try reading { () throws(PackError) in try pack.blocks(of: player) }
            .map { ($0.series.board, PackSegment($0, in: self)) }
    }

    // MARK: Documents

    func sighting(of id: ObjectID) throws(ArchiveError) -> LogEntry? {
        var first: LogEntry?
        try forEachRow(naming: id...id) { rows, row throws(PackError) in
            guard rows.block.isSuccess(row) else { return true }
            let entry = try Self.entry(row, &rows)
            if first.map({ entry.row.point < $0.row.point }) ?? true { first = entry }
            return true
        }
        return first
    }

    func names(_ id: ObjectID) throws(ArchiveError) -> Bool {
        var found = false
        try forEachRow(naming: id...id) { _, _ throws(PackError) in
            found = true
            return false
        }
        return found
    }

    func ids(in bounds: ClosedRange<ObjectID>) throws(ArchiveError) -> [ObjectID] {
        var found: [ObjectID] = []
        try forEachRow(naming: bounds) { rows, row throws(PackError) in
            found.append(try rows.ids(row).document)
            return true
        }
        return found
    }

    /// A document by its id; nil where no record of the pack names it.
    func document(_ id: ObjectID) throws(ArchiveError) -> [UInt8]? {
        var document: [UInt8]?
        try forEachRow(naming: id...id) { rows, row throws(PackError) in
            document = try rows.document(row)
            return false
        }
        return document
    }

    /// The document of an observation in this pack.
    func document(of entry: LogEntry) throws(ArchiveError) -> [UInt8]? {
        try reading { () throws(PackError) in
            let observation = entry.observation
            let moment = observation.capturedAt.millisecondsSinceEpoch
            let series = SeriesKey(player: observation.player, board: observation.board)
            for block in try pack.blocks(of: series) where block.first <= moment && moment <= block.last {
                let cached = try cache.rows(of: block, in: pack)
                guard let row = try cached.index(numbered: entry.sequenceNumber) else { continue }
                return try cached.rows.document(row)
            }
            return nil
        }
    }

    /// Calls `body` with each row whose document's id lies in bounds, until it says that it has enough.
    private func forEachRow(
        naming bounds: ClosedRange<ObjectID>,
        _ body: (inout PackedRows, Int) throws(PackError) -> Bool
    ) throws(ArchiveError) {
        try reading { () throws(PackError) in
            for number in try pack.blocks(mayHold: bounds.lowerBound.words.0...bounds.upperBound.words.0) {
                let cached = try cache.rows(of: try pack.block(number: number), in: pack)
                for row in 0..<cached.rows.block.rowCount where cached.rows.block.documentRows[row] != nil {
                    guard bounds.contains(try cached.rows.ids(row).document) else { continue }
                    guard try body(&cached.rows, row) else { return }
                }
            }
        }
    }

    // MARK: Rows

    /// The rows of a block.
    func cachedRows(of entry: PackBlockEntry) throws(PackError) -> PackCache.Rows {
        try cache.rows(of: entry, in: pack)
    }

    fileprivate func rows(of entry: PackBlockEntry) throws(ArchiveError) -> PackCache.Rows {
        try reading { () throws(PackError) in try cachedRows(of: entry) }
    }

    /// The whole observation of a row.
    static func entry(_ row: Int, _ rows: inout PackedRows) throws(PackError) -> LogEntry {
        let whole = try rows.row(row)
        guard case .observation(let observation)? = try? RecordFormat.decode(whole.record) else {
            throw .corrupt("a row of a block is no observation", offset: rows.block.entry.offset)
        }
        return LogEntry(sequenceNumber: whole.number, record: whole.recordID, observation: observation)
    }

    func entriesInSequenceOrder(_ selection: ExportSelection) -> SequenceEntries {
        let walk = PackWalk(self, selection)
        return SequenceEntries { () throws(ArchiveError) in try walk.next() }
    }

    /// Does what reads the pack; what goes wrong names the file.
    func reading<Value>(_ body: () throws(PackError) -> Value) throws(ArchiveError) -> Value {
        do { return try body() } catch { throw ArchiveError(error, pack: path) }
    }
}

/// A block as a part of a log.
private final class PackSegment: LogSegment {
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
        let cached = try history.rows(of: entry)
        return try history.reading { () throws(PackError) in
            var rows: [LogRow] = []
            rows.reserveCapacity(entry.rows)
            for row in 0..<entry.rows { rows.append(try cached.rows.logRow(row)) }
            return rows
        }
    }

    func entry(at index: Int) throws(ArchiveError) -> LogEntry {
        let cached = try history.rows(of: entry)
        return try history.reading { () throws(PackError) in try PackHistory.entry(index, &cached.rows) }
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
