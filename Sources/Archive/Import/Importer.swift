/// Brings observations from elsewhere into an archive, a batch at a time.
///
/// What cannot be imported is reported and passed over; what the archive has already adds nothing. So an import that
/// was interrupted is resumed by running it again. Of a text it holds a chunk and a line, of a batch some megabytes.
public final class Importer {
    /// Records in a batch, at most.
    static let batchRecords = 256
    /// Bytes of documents after which a batch is committed.
    static let batchBytes = 4 << 20

    /// What was done so far; a batch that is not durable yet is counted as read only.
    public private(set) var summary = ImportSummary()

    let archive: Archive
    let options: ImportOptions
    let builder = ObservationBuilder()
    private let lockTimeout: LockTimeout
    private let report: (ImportEvent) -> Void
    private var batch = Batch()

    /// An import into an archive. `report` is told what happens while it happens.
    public init(
        into archive: Archive, options: ImportOptions = ImportOptions(), lockTimeout: LockTimeout,
        report: @escaping (ImportEvent) -> Void
    ) {
        (self.archive, self.options, self.lockTimeout, self.report) = (archive, options, lockTimeout, report)
    }

    /// Imports the sources in their order; all of it is durable when this returns.
    ///
    /// A source that cannot be read is a rejection and the others go on. Throws what `Archive.commit` throws, when all
    /// batches before are durable and in `summary`.
    @discardableResult
    public func run(_ sources: [ImportSource]) throws(ArchiveError) -> ImportSummary {
        for source in sources { try take(source) }
        try commit()
        return summary
    }

    // MARK: What the parsers found

    func add(_ imported: ImportedObservation, from source: String, line: Int? = nil) throws(ArchiveError) {
        do throws(ImportFailure) {
            try builder.check(imported.observation)
        } catch {
            return reject(error, from: source, line: line)
        }
        if let note = imported.note { self.note(note, of: source, line: line) }
        guard try !archive.history.contains(imported.observation) else { return countAlready() }
        try add(.observation(imported.observation), document: imported.document)
    }

    func add(_ record: Record, document: [UInt8]?) throws(ArchiveError) {
        summary.read += 1
        if case .observation(let observation) = record {
            batch.add(observation, document: document)
        } else {
            batch.add(record)
        }
        if batch.records.count >= Self.batchRecords || batch.documentBytes >= Self.batchBytes { try commit() }
    }

    func countAlready() {
        summary.read += 1
        summary.already += 1
    }

    func reject(_ failure: ImportFailure, from source: String, line: Int? = nil, count: Int = 1) {
        summary.read += count
        summary.rejected += count
        summary.rejections[failure.code, default: 0] += count
        report(.rejected(ImportRejection(failure, source: source, line: line, count: count)))
    }

    func note(_ text: String, of source: String, line: Int? = nil) {
        report(.noted(ImportNote(source: source, line: line, text: text)))
    }

    private func commit() throws(ArchiveError) {
        guard !batch.isEmpty else { return }
        for outcome in try archive.commit(batch, lockTimeout: lockTimeout) {
            if outcome == .already { summary.already += 1 } else { summary.added += 1 }
        }
        batch = Batch()
        report(.committed(summary))
    }
}
