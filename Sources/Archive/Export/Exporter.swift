public import CivilTime
public import Hiscores
import ObjectStore

/// Which observations to export. Bounds are inclusive.
public struct ExportSelection: Sendable {
    /// These players; nil for all.
    public var players: Set<PlayerName>?
    /// This board; nil for all.
    public var board: Board?
    /// From this moment on.
    public var since: Timestamp?
    /// Up to this moment.
    public var until: Timestamp?

    /// A selection; everything unless said.
    public init(
        players: Set<PlayerName>? = nil, board: Board? = nil, since: Timestamp? = nil, until: Timestamp? = nil
    ) {
        (self.players, self.board, self.since, self.until) = (players, board, since, until)
    }

    func includes(_ player: PlayerName, _ board: Board) -> Bool {
        (players?.contains(player) ?? true) && (self.board == nil || board == self.board)
    }

    func includes(_ moment: Timestamp) -> Bool {
        since.map { $0 <= moment } ?? true && until.map { moment <= $0 } ?? true
    }

    func includes(_ observation: Observation) -> Bool {
        includes(observation.player, observation.board) && includes(observation.capturedAt)
    }
}

/// What an export did.
public struct ExportSummary: Hashable, Sendable {
    /// Observations that were written.
    public internal(set) var written = 0
    /// Those that lay there already.
    public internal(set) var already = 0
    /// Those whose document is damaged or missing, and that were left out.
    public internal(set) var failed = 0
}

/// Writes observations for other programs, a bounded number of documents at a time.
public struct Exporter {
    let archive: Archive
    let selection: ExportSelection
    let report: (LogEntry, ArchiveError) -> Void
    let builder = ObservationBuilder()

    /// An export of a selection. `report` is told of each observation whose document cannot be read; the rest goes on.
    public init(
        of archive: Archive, _ selection: ExportSelection = ExportSelection(),
        report: @escaping (LogEntry, ArchiveError) -> Void
    ) {
        (self.archive, self.selection, self.report) = (archive, selection, report)
    }

    /// Whole observations, failures too, a JSON object a line, in the order of the sequence. Imported into an empty
    /// archive they give equal ids and observations in the same order. Throws what `sink` throws, and `ArchiveError`
    /// where the history cannot be read.
    public func writeLines(to sink: ([UInt8]) throws -> Void) throws -> ExportSummary {
        var summary = ExportSummary()
        let entries = archive.history.entriesInSequenceOrder(selection)
        while let entry = try entries.next() {
            let observation = entry.observation
            var document: [UInt8]?
            if observation.documentID != nil {
                document = entries.documentAtHand() ?? read(entry)
                guard document != nil else {
                    summary.failed += 1
                    continue
                }
            }
            try sink(ObservationLine.encode(observation, document: document))
            summary.written += 1
        }
        return summary
    }

    /// The ok observations as a table for spreadsheets (RFC 4180, lines end in LF): a row for each row of each
    /// document, by player, board and time. Columns: `captured_at,player,board,section,name,rank,level,value`;
    /// `section` is `skills` or `activities`, `value` the experience or the score, absent numbers are empty. Throws
    /// what `sink` throws, and `ArchiveError` where the history cannot be read.
    public func writeTable(to sink: ([UInt8]) throws -> Void) throws -> ExportSummary {
        var summary = ExportSummary()
        try sink(ObservationTable.header)
        for log in try archive.history.allLogs() where selection.includes(log.player, log.board) {
            var rows = selectedSuccesses(of: log)
            while let row = try rows.next() {
                let entry = try log.entry(of: row)
                guard let document = document(of: entry) else {
                    summary.failed += 1
                    continue
                }
                try sink(ObservationTable.rows(of: entry.observation, document))
                summary.written += 1
            }
        }
        return summary
    }

    // MARK: What is selected

    /// The ok rows of a log that are selected, in its order.
    func selectedSuccesses(of log: RefLog) -> LogRows {
        log.rows(.oldestFirst, failures: false, since: selection.since, until: selection.until)
    }

    /// The document of an observation that names one; nil, and reported, where it cannot be read.
    func read(_ entry: LogEntry) -> [UInt8]? {
        do { return try archive.document(of: entry) } catch {
            report(entry, error)
            return nil
        }
    }

    /// The typed view of an ok observation's document; nil, and reported, where it cannot be read.
    private func document(of entry: LogEntry) -> HiscoreDocument? {
        guard let id = entry.observation.snapshot, let bytes = read(entry) else { return nil }
        guard let document = HiscoreDocument(parsing: bytes) else {
            report(entry, ArchiveError(.corrupt, "the document \(id.hex) is no hiscore document"))
            return nil
        }
        return document
    }
}
