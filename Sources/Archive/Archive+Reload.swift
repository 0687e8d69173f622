import ObjectStore

extension Archive {
    /// How often a reader begins anew when packs vanish while it opens them: a merge replaces them one time after the
    /// other, and each time the journal is another.
    private static let attempts = 16

    /// Reads the journal anew where it has changed since the last look, and opens the packs that it names. Throws
    /// `missing`, `corrupt` where not even its header can be read, `unsupported`, or `io`.
    public func reload() throws(ArchiveError) {
        for attempt in 1... {
            guard let file = try changedJournal() else { return }
            if journal.header != nil { try rereadConfiguration() }
            let (scan, header) = try readJournal(file)
            do {
                let packs = try PackSet.open(header, in: storage, reusing: packs)
                adopt(scan, header, file, packs)
                return
            } catch {
                guard error.code == .missing else { throw error }
                if try headerFrame(count: scan.headerFrame.count) == Array(file[scan.headerFrame]) {
                    // The rest of the archive is there.
                    let packs = try PackSet.open(header, isNewest: true, in: storage, reusing: packs)
                    return adopt(scan, header, file, packs)
                }
                // Merged away since the journal was read.
                guard attempt < Self.attempts else { throw error }
            }
        }
    }

    /// A writer adds a feature before the first record that needs it, so after the journal was read it is known. Where
    /// the file cannot be read any more, what it said counts.
    private func rereadConfiguration() throws(ArchiveError) {
        do { configuration = try Self.readConfiguration(storage) } catch {
            if error.code == .unsupported { throw error }
        }
    }

    /// The journal's bytes, or nil where it is as it was.
    private func changedJournal() throws(ArchiveError) -> [UInt8]? {
        do {
            let size = try storage.size(of: ArchiveLayout.journal)
            if let size, size == journal.end, head != nil,
                try headerFrame(count: journal.headerFrame.count) == journal.headerFrame
            {
                journal.tornBytes = 0
                return nil
            }
            return try storage.readAll(ArchiveLayout.journal, limit: JournalFormat.fileLimit)
        } catch let error as StorageError {
            guard error.code == .missing else { throw ArchiveError(error, path: ArchiveLayout.journal) }
            throw ArchiveError(
                .missing,
                "\(storage.describe(ArchiveLayout.journal)) is missing; put it back from a copy, or run "
                    + "`osrs-archive verify --repair`, which makes one of what the packs say",
                path: ArchiveLayout.journal)
        } catch let error as ArchiveError {
            throw error
        } catch {
            throw ArchiveError(.io, "\(error)")
        }
    }

    /// The first bytes of the journal.
    private func headerFrame(count: Int) throws(ArchiveError) -> [UInt8] {
        do { return try storage.read(ArchiveLayout.journal, from: 0, count: count) } catch {
            throw ArchiveError(error, path: ArchiveLayout.journal)
        }
    }

    private func readJournal(_ file: [UInt8]) throws(ArchiveError) -> (JournalScan, JournalHeader) {
        let path = storage.describe(ArchiveLayout.journal)
        let scan = JournalScan(file, storage.sealing)
        if let format = scan.unsupportedFormat {
            throw ArchiveError(
                .unsupported, "\(path) is of journal format \(format): a newer osrs-archive wrote it",
                path: ArchiveLayout.journal)
        }
        guard let header = scan.header else {
            throw ArchiveError(
                .corrupt,
                "the header of \(path) is damaged; `osrs-archive verify --repair` makes it anew where the packs tell enough, or "
                    + "put the file back from a copy",
                path: ArchiveLayout.journal)
        }
        guard header.archive == configuration.archive,
            header.base > 0 || header.baseHead == .start(of: configuration.archive, hasher)
        else { throw ArchiveError(.corrupt, "\(path) belongs to another archive", path: ArchiveLayout.journal) }
        return (scan, header)
    }

    private func adopt(_ scan: JournalScan, _ header: JournalHeader, _ file: [UInt8], _ packs: PackSet) {
        var records: [(number: Int, id: ObjectID, record: Record)] = []
        records.reserveCapacity(scan.records.count)
        // Frame 0 is the header's.
        let first = header.base - 1
        journalDamage = scan.damage.map { stretch in
            Damage(
                file: storage.describe(ArchiveLayout.journal), offset: stretch.offset,
                records: max(
                    header.base, first + stretch.numbers.lowerBound)..<max(
                        header.base, first + stretch.numbers.upperBound),
                affects: LegibleRecord.find(in: file, stretch.bytes))
        }
        var newHead: SequenceHead? = header.baseHead
        var ids: [ObjectID] = []
        for (number, frame, record) in scan.records {
            let bytes = Array(record)
            let id = hasher.digest(bytes)
            newHead = newHead?.appending(record: id, hasher)
            ids.append(id)
            do {
                records.append((first + number, id, try RecordFormat.decode(bytes, checkingForm: checksForm)))
            } catch {
                journalDamage.append(
                    Damage(
                        file: storage.describe(ArchiveLayout.journal), offset: frame.lowerBound,
                        records: first + number..<first + number + 1,
                        affects: LegibleRecord.find(in: bytes, bytes.indices)))
            }
        }
        head = journalDamage.isEmpty ? newHead : nil
        chain = journalDamage.isEmpty ? ids : []
        self.packs = packs
        history = History(
            sealed: packs.histories,
            journal: JournalHistory { queries in
                var found: [UInt64: Set<SeriesKey>] = [:]
                // What cannot be read counts as not named: `verify` tells.
                for history in packs.histories { try? history.findLogs(naming: queries, &found) }
                return found
            }, mayHoldRanksOnly: configuration.features.contains(ArchiveConfiguration.ranksOnlyFeature))
        history.append(records)
        recordCount = first + scan.nextNumber
        journal = JournalPosition(
            header: header, headerFrame: Array(file[scan.headerFrame]), end: scan.committedEnd,
            nextFrame: scan.nextNumber, tornBytes: file.count - scan.committedEnd, frames: scan.frames)
    }
}
