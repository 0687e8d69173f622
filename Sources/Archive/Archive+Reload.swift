import ObjectStore

extension Archive {
    /// Reads `config.json`.
    static func readConfiguration(_ storage: any Storage) throws(ArchiveError) -> ArchiveConfiguration {
        let path = storage.describe(ArchiveLayout.configuration)
        let bytes: [UInt8]
        do {
            bytes = try storage.readAll(ArchiveLayout.configuration, limit: ArchiveConfiguration.fileLimit)
        } catch {
            guard error.code == .missing else { throw ArchiveError(error, path: ArchiveLayout.configuration) }
            if try exists(in: storage) {
                throw ArchiveError(
                    .missing, "\(path) is missing, but there is a journal with records: put the file back from a copy",
                    path: ArchiveLayout.configuration)
            }
            throw ArchiveError(
                .noArchive,
                "there is no archive in \(storage.describe("")); make one with `osrs-archive init`, "
                    + "or name another folder with --archive")
        }
        do {
            return try ArchiveConfiguration(decoding: bytes)
        } catch {
            switch error {
            case .corrupt(let detail):
                throw ArchiveError(
                    .corrupt, "\(path) is damaged: \(detail); put it back from a copy",
                    path: ArchiveLayout.configuration)
            case .unsupported(let detail):
                throw ArchiveError(
                    .unsupported, "\(path) needs a newer osrs-archive: \(detail)", path: ArchiveLayout.configuration)
            }
        }
    }

    /// Reads the journal anew where it has changed since the last look. Throws `missing`, `corrupt` where not even its
    /// header can be read, `unsupported`, or `io`.
    public func reload() throws(ArchiveError) {
        let file: [UInt8]
        do {
            let size = try storage.size(of: ArchiveLayout.journal)
            if let size, size == journal.end, head != nil {
                journal.tornBytes = 0
                return
            }
            file = try storage.readAll(ArchiveLayout.journal, limit: JournalFormat.fileLimit)
        } catch {
            throw ArchiveError(error, path: ArchiveLayout.journal)
        }
        let path = storage.describe(ArchiveLayout.journal)
        let scan = JournalScan(file)
        if let format = scan.unsupportedFormat {
            throw ArchiveError(
                .unsupported, "\(path) is of journal format \(format): a newer osrs-archive wrote it",
                path: ArchiveLayout.journal)
        }
        guard let header = scan.header else {
            throw ArchiveError(
                .corrupt, "the header of \(path) is damaged; put the file back from a copy",
                path: ArchiveLayout.journal)
        }
        guard header.archive == configuration.archive, header.base == 0,
            header.baseHead == .start(of: configuration.archive, hasher)
        else { throw ArchiveError(.corrupt, "\(path) belongs to another archive", path: ArchiveLayout.journal) }
        adopt(scan, file)
    }

    private func adopt(_ scan: JournalScan, _ file: [UInt8]) {
        var records: [(number: Int, id: ObjectID, record: Record)] = []
        records.reserveCapacity(scan.records.count)
        damage = scan.damage.map { stretch in
            Damage(
                file: storage.describe(ArchiveLayout.journal), offset: stretch.offset,
                records: max(0, stretch.numbers.lowerBound - 1)..<max(0, stretch.numbers.upperBound - 1),
                affects: LegibleRecord.find(in: file, stretch.bytes))
        }
        var newHead: SequenceHead? = .start(of: configuration.archive, hasher)
        var ids: [ObjectID] = []
        for (number, offset, payload) in scan.records {
            let bytes = Array(file[payload])
            let id = hasher.digest(bytes)
            newHead = newHead?.appending(record: id, hasher)
            ids.append(id)
            do {
                records.append((number - 1, id, try RecordFormat.decode(bytes, checkingForm: checksForm)))
            } catch {
                damage.append(
                    Damage(
                        file: storage.describe(ArchiveLayout.journal), offset: offset, records: number - 1..<number,
                        affects: LegibleRecord.find(in: file, payload)))
            }
        }
        head = damage.isEmpty ? newHead : nil
        chain = damage.isEmpty ? ids : []
        history = History()
        history.append(records)
        recordCount = scan.nextNumber - 1
        journal = JournalPosition(
            end: scan.committedEnd, nextFrame: scan.nextNumber, tornBytes: file.count - scan.committedEnd)
    }
}
