public import Archive
import HiscoresClient
import ObjectStore

/// Another look at answers that were kept because they were not understood: what is a snapshot by now becomes one.
///
/// Nothing is altered and nothing is deleted. For each answer that is understood an ok observation joins the sequence,
/// with board, player, moment and evidence of the one that was invalid, and the word `reclassified` in its provenance;
/// both stay. Running it again adds nothing. Only what a served answer must be counts (`ServedSnapshot`): an
/// `index_lite.ws` text is never guessed at.
public struct Reclassification {
    /// What it came to. What could be read is either reclassified or unchanged.
    public struct Summary: Hashable, Sendable {
        /// Kept answers that were not understood when they came.
        public internal(set) var lookedAt = 0
        /// Those that became snapshots just now, or would have in a dry run.
        public internal(set) var reclassified = 0
        /// Those whose bytes are damaged or missing.
        public internal(set) var damaged = 0
        /// Those that are still not understood, or were made snapshots before.
        public var unchanged: Int { lookedAt - reclassified - damaged }
    }

    private let archive: Archive
    private let lockTimeout: LockTimeout
    private let isDryRun: Bool
    private let report: (LogEntry, ArchiveError) -> Void
    private var summary = Summary()
    private var batch = Batch()

    /// The word in the provenance of what is made a snapshot so.
    public static let provenance = "reclassified"
    /// Records and bytes of documents in a batch, at most.
    private static let recordLimit = 256
    private static let byteLimit = 8 << 20

    /// Looks at all kept answers of an archive. A dry run writes nothing. `report` is told of each answer that cannot be
    /// read; the rest goes on.
    ///
    /// It holds one block of a log and one batch in memory, and the writers' lock for the length of a commit. Throws
    /// `ArchiveError` where the history cannot be read, and as `Archive.commit` does: batches that were committed stay.
    public static func run(
        on archive: Archive, dryRun: Bool = false, lockTimeout: LockTimeout,
        report: @escaping (LogEntry, ArchiveError) -> Void
    ) throws(ArchiveError) -> Summary {
        var pass = Reclassification(archive: archive, lockTimeout: lockTimeout, isDryRun: dryRun, report: report)
        try pass.run()
        return pass.summary
    }

    private init(
        archive: Archive, lockTimeout: LockTimeout, isDryRun: Bool,
        report: @escaping (LogEntry, ArchiveError) -> Void
    ) {
        (self.archive, self.lockTimeout, self.isDryRun, self.report) = (archive, lockTimeout, isDryRun, report)
    }

    private mutating func run() throws(ArchiveError) {
        // A log is let go of when all of it was looked at, with what it loaded.
        var logs = Array(try archive.history.allLogs().reversed())
        while let log = logs.popLast() {
            // Nearly every log has nothing but snapshots, and costs nothing.
            guard log.count > log.successCount else { continue }
            var rows = log.rows(.oldestFirst, failures: true)
            while let row = try rows.next() {
                if row.result == .invalid { try look(at: row, of: log) }
            }
        }
        try commit()
    }

    private mutating func look(at row: LogRow, of log: RefLog) throws(ArchiveError) {
        let entry = try log.entry(of: row)
        guard entry.observation.evidence.body?.isKept == true else { return }
        summary.lookedAt += 1
        let body: [UInt8]?
        do { body = try archive.document(of: entry) } catch {
            guard error.code == .corrupt || error.code == .missing else { throw error }
            summary.damaged += 1
            return report(entry, error)
        }
        guard let body, let served = try? ServedSnapshot(parsing: body),
            served.canonical.count <= LooseObjectFormat.documentLimit
        else { return }
        let observation = Self.observation(entry.observation, served)
        guard try !log.contains(observation.identity) else { return }
        guard !isDryRun else {
            summary.reclassified += 1
            return
        }
        batch.add(observation, document: served.canonical)
        if batch.records.count >= Self.recordLimit || batch.documentBytes >= Self.byteLimit { try commit() }
    }

    /// What would have been recorded had the answer been understood when it came.
    private static func observation(_ original: Observation, _ served: ServedSnapshot) -> Observation {
        var evidence = original.evidence
        (evidence.error, evidence.body) = (nil, nil)
        evidence.provenance.append(provenance)
        return Observation(
            board: original.board, player: original.player, displayName: served.displayName ?? original.displayName,
            capturedAt: original.capturedAt, result: .ok, snapshot: SHA256.digest(served.canonical),
            progress: SHA256.digest(served.progress), evidence: evidence)
    }

    private mutating func commit() throws(ArchiveError) {
        guard !batch.isEmpty else { return }
        let committed = try archive.commit(batch, lockTimeout: lockTimeout)
        summary.reclassified += committed.count { $0 != .already }
        batch = Batch()
    }
}
