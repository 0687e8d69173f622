import ObjectStore

/// Brings observations from elsewhere into an archive, some ten thousand at a time as a pack.
///
/// What cannot be imported is reported and passed over; what the archive has already adds nothing. So an import that
/// was interrupted is resumed by running it again. Of a text it holds some chunks, of what is to be committed some
/// megabytes.
public final class Importer {
    /// What was done so far; what is not durable yet is counted as read only.
    public private(set) var summary = ImportSummary()

    let options: ImportOptions
    let builder = ObservationBuilder()
    private let lockTimeout: LockTimeout
    private let report: (ImportEvent) -> Void
    private let limits: PendingImport.Limits
    private let open: () throws(ArchiveError) -> Archive
    /// The archive, and what it has, once something was asked of it.
    private var destination: (archive: Archive, known: KnownObservations)?
    private var pending: PendingImport?
    /// Whether a pack was written.
    private var writesPacks = false

    /// An import into an archive. `report` is told what happens while it happens.
    public convenience init(
        into archive: Archive, options: ImportOptions = ImportOptions(), lockTimeout: LockTimeout,
        report: @escaping (ImportEvent) -> Void
    ) {
        self.init(options: options, lockTimeout: lockTimeout, opening: { archive }, report: report)
    }

    /// An import into the archive that `open` gives. It is called once, for the first thing that can be imported, and so
    /// not at all where there is none: an archive that is yet to be made is not made for nothing.
    public convenience init(
        options: ImportOptions, lockTimeout: LockTimeout, opening open: @escaping () throws(ArchiveError) -> Archive,
        report: @escaping (ImportEvent) -> Void
    ) {
        self.init(
            options: options, lockTimeout: lockTimeout, limits: PendingImport.Limits(), opening: open, report: report)
    }

    init(
        options: ImportOptions = ImportOptions(), lockTimeout: LockTimeout, limits: PendingImport.Limits,
        opening open: @escaping () throws(ArchiveError) -> Archive, report: @escaping (ImportEvent) -> Void
    ) {
        (self.options, self.lockTimeout, self.report) = (options, lockTimeout, report)
        (self.limits, self.open) = (limits, open)
    }

    /// The archive, opened by now.
    func archive() throws(ArchiveError) -> Archive { try opened().archive }

    private func opened() throws(ArchiveError) -> (archive: Archive, known: KnownObservations) {
        if let destination { return destination }
        let archive = try open()
        let opened = (archive: archive, known: KnownObservations(of: archive))
        destination = opened
        return opened
    }

    /// Imports the sources in their order; all of it is durable when this returns.
    ///
    /// A source that cannot be read is a rejection and the others go on. Throws what `Archive.commit` throws, when all
    /// that was committed before is durable and in `summary`.
    @discardableResult
    public func run(_ sources: [ImportSource]) throws(ArchiveError) -> ImportSummary {
        for source in sources { try take(source) }
        try commit()
        if writesPacks { try archive().mergePacks(lockTimeout: lockTimeout) { report(.tidying($0)) } }
        return summary
    }

    // MARK: What the parsers found

    func add(_ imported: ImportedObservation, from source: String, line: Int? = nil) throws(ArchiveError) {
        let prepared: PreparedObservation
        do throws(ImportFailure) { prepared = try builder.prepare(imported) } catch {
            return reject(error, from: source, line: line)
        }
        try add(prepared, from: source, line: line)
    }

    func add(_ prepared: PreparedObservation, from source: String, line: Int? = nil) throws(ArchiveError) {
        if let note = prepared.note { self.note(note, of: source, line: line) }
        // First, so that it is looked for among what is committed by it.
        if pending?.isFull == true { try commit() }
        let (archive, known) = try opened()
        guard try !known.contains(prepared) else { return countAlready() }
        try gather { pending throws(PackError) in try pending.add(prepared, to: archive.recordCount) }
    }

    /// Adds a record of another archive, with its document where it names one that is kept.
    func add(_ record: Record, document: [UInt8]?, from source: String) throws(ArchiveError) {
        if case .observation(let observation) = record {
            let document = document.flatMap { PreparedDocument($0, of: observation) }
            return try add(ImportedObservation(observation: observation, document: document), from: source)
        }
        if pending?.isFull == true { try commit() }
        let archive = try self.archive()
        try gather { pending throws(PackError) in
            try pending.add(record, to: archive.recordCount)
            return true
        }
        summary.marks += 1
    }

    private func gather(_ add: (PendingImport) throws(PackError) -> Bool) throws(ArchiveError) {
        do throws(PackError) {
            let gathered: PendingImport
            if let pending { gathered = pending } else { gathered = try PendingImport(limits, always: writesPacks) }
            pending = gathered
            guard try add(gathered) else { return countAlready() }
        } catch {
            throw ArchiveError(error, pack: "what is imported")
        }
        summary.read += 1
    }

    /// Whether the archive has that very observation.
    func isKnown(_ observation: Observation) throws(ArchiveError) -> Bool {
        try opened().known.contains(observation, builder.key(of: observation))
    }

    func countAlready(isMark: Bool = false) {
        summary.read += 1
        summary.already += 1
        if isMark { summary.marks += 1 }
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

    /// Commits what is gathered.
    func commit() throws(ArchiveError) {
        guard let gathered = pending, gathered.count > 0 else { return }
        pending = nil
        let archive = try self.archive()
        let count = gathered.count
        let content: PendingImport.Content
        do throws(PackError) { content = try gathered.content() } catch {
            throw ArchiveError(error, pack: "what is imported")
        }
        let added: Int
        switch content {
        case .batch(let batch):
            added = try archive.commit(batch, lockTimeout: lockTimeout).count { $0 != .already }
        case .pack(let pack):
            writesPacks = true
            added = try archive.commit(
                pack, of: gathered.keys, gatheredAt: gathered.gatheredAt, lockTimeout: lockTimeout)
        }
        summary.added += added
        summary.already += count - added
        report(.committed(summary))
    }
}
