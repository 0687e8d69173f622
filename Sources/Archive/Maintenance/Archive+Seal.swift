import ObjectStore

/// Sealing: the journal's records, and those that an import gathered, become packs.
extension Archive {
    /// What is added to the sequence behind the journal when it is sealed.
    typealias SealedAddition = (
        _ path: String, _ first: Int, _ headBefore: SequenceHead
    ) throws(PackError) -> PackBuilder.Written

    /// Seals the journal's records as a pack, and what `addition` writes as another; the new journal is empty. The
    /// writers' lock is held, the journal is sound and has no torn end, and the folders are prepared.
    func seal(adding addition: SealedAddition? = nil) throws(ArchiveError) {
        guard let header = journal.header else { return }
        var (base, head, names) = (header.base, header.baseHead, header.packs)
        func add(_ written: PackBuilder.Written) {
            base += written.count
            head = written.headAfter
            names.append(written.name)
        }
        if let tail = try buildTail() {
            add(
                try writeSealed { path throws(PackError) in
                    try tail.take().write(
                        to: path, of: storage, archive: configuration.archive, first: base, headBefore: head,
                        findLogs: findLogs)
                })
        }
        if let addition {
            add(try writeSealed { path throws(PackError) in try addition(path, base, head) })
        }
        guard names != header.packs else { return }
        try replaceJournal(
            JournalHeader(archive: configuration.archive, base: base, baseHead: head, packs: names))
    }

    private func writeSealed(
        _ body: (String) throws(PackError) -> PackBuilder.Written
    ) throws(ArchiveError) -> PackBuilder.Written {
        try writePack { path throws(PackError) in
            let written = try body(path)
            return (written, written.name)
        }
    }

    /// Adds the logs in which packs name some snapshots already.
    func findLogs(
        _ queries: [SnapshotQuery], _ found: inout [UInt64: Set<SeriesKey>]
    ) throws(PackError) {
        for history in packs.histories { try history.findLogs(naming: queries, &found) }
    }

    /// The journal's records, gathered for a pack; nil where there are none.
    private func buildTail() throws(ArchiveError) -> PackBuilderBox? {
        guard recordCount > base else { return nil }
        let file: [UInt8]
        do {
            file = try storage.read(ArchiveLayout.journal, from: 0, count: journal.end)
        } catch {
            throw ArchiveError(error, path: ArchiveLayout.journal)
        }
        do throws(PackError) {
            var builder = try PackBuilder()
            for (_, _, payload) in JournalScan(file).records {
                let record = Array(file[payload])
                guard case .observation(let observation)? = try? RecordFormat.decode(record) else {
                    builder.add(other: record)
                    continue
                }
                try builder.add(observation, record: record, document: try document(sealing: observation))
            }
            return PackBuilderBox(builder)
        } catch {
            if case .storage(let failure) = error { throw ArchiveError(failure) }
            throw ArchiveError(error, pack: storage.describe(ArchiveLayout.journal))
        }
    }

    /// The loose document of an observation, taken apart.
    private func document(sealing observation: Observation) throws(PackError) -> PreparedDocument? {
        guard let id = observation.documentID else { return nil }
        do {
            return PreparedDocument(
                try objects.read(id), ids: PackedRows.PackedIDs(document: id, progress: observation.progress))
        } catch {
            throw .corrupt("the document \(id.hex) of a record cannot be sealed: \(error.detail)", offset: 0)
        }
    }
}

/// Carries a builder to the closure that writes it.
final class PackBuilderBox {
    private var builder: PackBuilder?

    init(_ builder: consuming PackBuilder) { self.builder = consume builder }

    /// The builder, once.
    func take() throws(PackError) -> PackBuilder {
        guard let builder = builder.take() else { throw .corrupt("a pack was built already", offset: 0) }
        return builder
    }
}
