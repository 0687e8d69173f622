import CivilTime
import Hiscores
import ObjectStore

/// What a pack says, read block by block as it is asked for.
///
/// What is damaged is noted. Where one thing is asked for that lies in it, that is an error; where many are, the others
/// are given.
final class PackHistory: HistorySource {
    let pack: Pack
    private let cache: PackCache
    /// The pack's file, as a person would name it.
    private let path: String
    private let metDamage: MetDamage
    private(set) var tags: [String: Tag] = [:]
    private(set) var declarations: [Record] = []

    /// The history of an open pack. Reads its records that are no observations.
    static func open(_ pack: Pack, _ cache: PackCache, _ metDamage: MetDamage, path: String) -> PackHistory {
        let history = PackHistory(pack, cache, metDamage, path: path)
        if let error = pack.headDamage { history.note(error, records: 0, [.unknown]) }
        for (number, page) in pack.footer.otherRecords.pages.enumerated() {
            do {
                for (_, record) in try pack.otherRecords(onPage: number) { try history.takeIn(record) }
            } catch {
                history.note(error, records: page.items, [.unknown])
            }
        }
        return history
    }

    private init(_ pack: Pack, _ cache: PackCache, _ metDamage: MetDamage, path: String) {
        (self.pack, self.cache, self.metDamage, self.path) = (pack, cache, metDamage, path)
    }

    private func takeIn(_ record: [UInt8]) throws(PackError) {
        let decoded: Record
        do { decoded = try RecordFormat.decode(record) } catch {
            throw .corrupt("a record is none: \(error)", offset: pack.footer.otherRecords.offset)
        }
        switch decoded {
        case .observation: break
        case .tag(let tag): tags[tag.name] = tag
        case .rename, .tombstone, .loss: declarations.append(decoded)
        }
    }

    var observationCount: Int { pack.footer.observations }

    var newSnapshots: Int { pack.footer.newInArchive }

    func contains(_ declaration: Record) -> Bool { declarations.contains(declaration) }

    func players() throws(ArchiveError) -> [PlayerName] {
        var players: [PlayerName] = []
        for entry in legibleBlocks() where players.last != entry.series.player { players.append(entry.series.player) }
        return players
    }

    func segments(of player: PlayerName) throws(ArchiveError) -> [(board: Board, segment: any LogSegment)] {
        legibleBlocks(onPages: pack.directoryPages(of: player)).filter { $0.series.player == player }
            .map { ($0.series.board, PackSegment($0, in: self)) }
    }

    func allSegments() -> [(series: SeriesKey, segment: any LogSegment)] {
        legibleBlocks().map { ($0.series, PackSegment($0, in: self)) }
    }

    /// The blocks that pages of the directory list, of all pages unless said; those of damaged pages are left out.
    func legibleBlocks(onPages pages: Range<Int>? = nil) -> [PackBlockEntry] {
        var entries: [PackBlockEntry] = []
        for number in pages ?? pack.footer.directory.pages.indices {
            do { entries += try pack.directoryPage(number) } catch {
                // Whose the page's first block is stands in the footer.
                let first = pack.footer.directoryKeys[number]
                note(
                    error, records: pack.footer.directory.pages[number].items,
                    [Affected(player: first.player, board: first.board, from: nil, to: nil), .unknown])
            }
        }
        return entries
    }

    // MARK: Documents

    func sighting(of id: ObjectID) throws(ArchiveError) -> LogEntry? {
        var first: LogEntry?
        try forEachRow(naming: id...id) { rows, row throws(PackError) in
            guard rows.block.isSuccess(row) else { return true }
            let (entry, _) = try Self.entry(row, &rows)
            if first.map({ entry.row.point < $0.row.point }) ?? true { first = entry }
            return true
        }
        return first
    }

    func names(_ id: ObjectID) throws(ArchiveError) -> Bool {
        var found = false
        // A block that cannot be read counts as one that does not name it: then the document is kept once more.
        try forEachRow(naming: id...id, passesOverDamage: true) { _, _ throws(PackError) in
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
            guard let (cached, row) = try row(of: entry) else { return nil }
            return try cached.rows.document(row)
        }
    }

    /// The record of an observation in this pack: its canonical JSON.
    func record(of entry: LogEntry) throws(ArchiveError) -> [UInt8]? {
        try reading { () throws(PackError) in
            guard let (cached, row) = try row(of: entry) else { return nil }
            return try cached.rows.row(row).record
        }
    }

    private func row(of entry: LogEntry) throws(PackError) -> (rows: PackCache.Rows, row: Int)? {
        let observation = entry.observation
        let moment = observation.capturedAt.millisecondsSinceEpoch
        let series = SeriesKey(player: observation.player, board: observation.board)
        for block in legibleBlocks(onPages: pack.directoryPages(of: series))
        where block.series == series && block.first <= moment && moment <= block.last {
            let cached = try cache.rows(of: block, in: pack)
            if let row = try cached.index(numbered: entry.sequenceNumber) { return (cached, row) }
        }
        return nil
    }

    /// Calls `body` with each row whose document's id lies in bounds, until it says that it has enough. Blocks that are
    /// damaged are gone past; where nothing was found in the others, the error is thrown in the end.
    private func forEachRow(
        naming bounds: ClosedRange<ObjectID>, passesOverDamage: Bool = false,
        _ body: (inout PackedRows, Int) throws(PackError) -> Bool
    ) throws(ArchiveError) {
        var (damage, isFound): (ArchiveError?, Bool) = (nil, false)
        for block in blocks(mayHold: bounds.lowerBound.words.0...bounds.upperBound.words.0) {
            do throws(ArchiveError) {
                let cached = try rows(of: block)
                let goesOn = try reading { () throws(PackError) in
                    for row in 0..<cached.rows.block.rowCount where cached.rows.block.documentRows[row] != nil {
                        guard bounds.contains(try cached.rows.ids(row).document) else { continue }
                        isFound = true
                        guard try body(&cached.rows, row) else { return false }
                    }
                    return true
                }
                guard goesOn else { return }
            } catch {
                guard error.isDamage else { throw error }
                damage = error
            }
        }
        if let damage, !isFound, !passesOverDamage { throw damage }
    }

    /// The blocks that may hold documents; all of them where the index is damaged.
    private func blocks(mayHold prefixes: ClosedRange<UInt64>) -> [PackBlockEntry] {
        do {
            var blocks: [PackBlockEntry] = []
            for number in try pack.blocks(mayHold: prefixes) { blocks.append(try pack.block(number: number)) }
            return blocks
        } catch {
            note(error, records: 0, [])
            return legibleBlocks()
        }
    }

    // MARK: Newest observations

    /// Those on a page; nil where it is damaged, which is noted.
    func newest(onPage number: Int) -> [PackNewest]? {
        do { return try pack.newest(onPage: number) } catch {
            note(error, records: 0, [])
            return nil
        }
    }

    // MARK: Rows

    /// The rows of a block.
    func cachedRows(of entry: PackBlockEntry) throws(PackError) -> PackCache.Rows {
        try cache.rows(of: entry, in: pack)
    }

    func rows(of entry: PackBlockEntry) throws(ArchiveError) -> PackCache.Rows {
        try noting(entry) { () throws(PackError) in try cachedRows(of: entry) }
    }

    /// The rows of a block of which every one can be had whole: the texts that its documents are made of are there, too.
    /// They are kept in the cache that is given, else in that of the archive.
    func wholeRows(of entry: PackBlockEntry, _ cache: PackCache? = nil) throws(ArchiveError) -> PackCache.Rows {
        try noting(entry) { () throws(PackError) in
            let cached = try (cache ?? self.cache).rows(of: entry, in: pack)
            for number in cached.rows.block.documentTemplates {
                _ = try pack.documentTemplate(number)
            }
            return cached
        }
    }

    private func noting(
        _ entry: PackBlockEntry, _ body: () throws(PackError) -> PackCache.Rows
    ) throws(ArchiveError) -> PackCache.Rows {
        do { return try body() } catch {
            note(error, records: entry.rows, from: entry.lowestNumber, Affected.spans([entry]))
            throw ArchiveError(error, pack: path)
        }
    }

    /// Says that what is damaged was met.
    private func note(_ error: PackError, records: Int, from first: Int? = nil, _ affects: [Affected]) {
        let first = first ?? pack.trailer.first
        metDamage.note(
            Archive.Damage(file: path, offset: error.offset, records: first..<first + records, affects: affects))
    }

    /// The whole observation of a row, and the id of the document that it has in the pack.
    static func entry(
        _ row: Int, _ rows: inout PackedRows
    ) throws(PackError) -> (entry: LogEntry, document: ObjectID?) {
        let whole = try rows.row(row)
        guard case .observation(let observation)? = try? RecordFormat.decode(whole.record) else {
            throw .corrupt("a row of a block is no observation", offset: rows.block.entry.offset)
        }
        let entry = LogEntry(sequenceNumber: whole.number, record: whole.recordID, observation: observation)
        return (entry, whole.ids?.document)
    }

    func entriesInSequenceOrder(_ selection: ExportSelection) -> SequenceEntries {
        let walk = PackWalk(self, selection)
        return SequenceEntries(documentAtHand: { walk.documentAtHand }) { () throws(ArchiveError) in try walk.next() }
    }

    /// Does what reads the pack; what goes wrong names the file.
    func reading<Value>(_ body: () throws(PackError) -> Value) throws(ArchiveError) -> Value {
        do { return try body() } catch { throw ArchiveError(error, pack: path) }
    }
}
