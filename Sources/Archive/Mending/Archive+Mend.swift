public import CivilTime
public import ObjectStore

/// Repairing an archive that does not even open: `config.json` of a plain one and the header of the journal are made anew of
/// what else there is. Nothing is guessed: what comes out is proved by checksums, ids and heads, and what is not is told.
extension Archive {
    /// Repairs the archive in a storage as far as it can be done, also where no archive opens for want of `config.json` or the
    /// journal's header; see `repair(at:lockTimeout:progress:)`. Throws what opening throws where that cannot be mended.
    ///
    /// Each file is durable before it takes the place of the damaged one, of which a copy lies in the folder `damaged` by
    /// then: a repair that is killed begins again.
    public static func repair(
        _ storage: any Storage, at now: Timestamp, lockTimeout: LockTimeout,
        progress: (_ observations: Int) -> Void = { _ in }
    ) throws(ArchiveError) -> Repair {
        let (archive, mended) = try openMending(storage, at: now, lockTimeout)
        var repair = try archive.repair(at: now, lockTimeout: lockTimeout, progress: progress)
        (repair.mended, repair.setAside) = (mended.mended, mended.setAside + repair.setAside)
        return repair
    }

    private static func openMending(
        _ storage: any Storage, at now: Timestamp, _ lockTimeout: LockTimeout
    ) throws(ArchiveError) -> (Archive, Repair) {
        let failure: ArchiveError
        do throws(ArchiveError) { return (try open(storage, checksForm: true), Repair()) } catch { failure = error }
        guard failure.isMendable else { throw failure }
        let mended = try mend(storage, at: now, lockTimeout, orThrow: failure)
        return (try open(storage, checksForm: true), mended)
    }

    private static func mend(
        _ storage: any Storage, at now: Timestamp, _ lockTimeout: LockTimeout, orThrow failure: ArchiveError
    ) throws(ArchiveError) -> Repair {
        let lock = try LockTimeout.take(lockTimeout, on: storage)
        defer { lock.release() }
        var repair = Repair()
        let journal = try contents(of: ArchiveLayout.journal, limit: JournalFormat.fileLimit, in: storage)
        let scan = JournalScan(journal ?? [], storage.sealing)
        if let format = scan.unsupportedFormat {
            throw ArchiveError(.unsupported, "the journal is of format \(format)", path: ArchiveLayout.journal)
        }
        let configuration = try configuration(in: storage, scan.header, journal, at: now, &repair)
        if scan.header == nil {
            let mended = try MendedJournal(
                of: journal, of: configuration.archive, in: storage,
                mayHavePacks: configuration.features.contains(ArchiveConfiguration.packsFeature))
            try put(mended.bytes, inPlaceOf: journal, at: ArchiveLayout.journal, in: storage, &repair)
            repair.mended += mended.notes
        }
        // It was mended meanwhile, or something else is wrong.
        guard !repair.isEmpty || (try? open(storage)) != nil else { throw failure }
        return repair
    }

    // MARK: config.json

    private static func configuration(
        in storage: any Storage, _ header: JournalHeader?, _ journal: [UInt8]?, at now: Timestamp,
        _ repair: inout Repair
    ) throws(ArchiveError) -> ArchiveConfiguration {
        let failure: ArchiveError
        do throws(ArchiveError) { return try readConfiguration(storage) } catch { failure = error }
        guard failure.isMendable, failure.path == ArchiveLayout.configuration, storage.sealing == nil,
            try !isEncrypted(storage, journal), try !ArchiveRestoration.isUnfinished(in: storage)
        else { throw failure }
        let path = storage.describe(ArchiveLayout.configuration)
        let damaged = try contents(
            of: ArchiveLayout.configuration, limit: ArchiveConfiguration.fileLimit, in: storage)
        let configuration: ArchiveConfiguration
        if let corrected = damaged.flatMap(ArchiveConfiguration.init(correcting:)) {
            configuration = corrected
            repair.mended.append("one byte of \(path) was wrong; it is what it was again")
        } else {
            guard let (archive, witness) = try identity(in: storage, header, journal) else {
                throw ArchiveError(
                    .corrupt,
                    "\(path) is lost, and neither the journal's header nor the packs tell which archive this is: put the file "
                        + "back from a copy, or restore a backup with `osrs-archive backup restore`",
                    path: ArchiveLayout.configuration)
            }
            // Which of them are needed, records alone tell. One too many does no harm.
            let features = [ArchiveConfiguration.packsFeature, ArchiveConfiguration.ranksOnlyFeature]
            configuration = ArchiveConfiguration(archive: archive, createdAt: now, features: features.sorted())
            repair.mended.append(
                "\(path) is made anew, with the archive's id as \(witness); when the archive was made is not known any "
                    + "more, so it says the time of this repair")
        }
        try put(
            try encode(configuration, for: storage), inPlaceOf: damaged, at: ArchiveLayout.configuration, in: storage,
            &repair)
        return configuration
    }

    /// Which archive this is, and what says so.
    private static func identity(
        in storage: any Storage, _ header: JournalHeader?, _ journal: [UInt8]?
    ) throws(ArchiveError) -> (ArchiveID, witness: String)? {
        if let header { return (header.archive, "the journal says") }
        if let journal, let corrected = JournalHeaderCorrection.correct(journal, nil) {
            return (corrected.header.archive, "the journal says")
        }
        let packs = try PackTiling.candidates(in: storage, of: nil, HeaderTraces([])).readable
        guard let archive = packs.first?.trailer.archive, packs.allSatisfy({ $0.trailer.archive == archive }),
            packs.contains(where: { $0.trailer.first == 0 && $0.trailer.headBefore == .start(of: archive, SHA256()) })
        else { return nil }
        return (archive, "the packs say")
    }

    /// Whether an archive whose configuration is lost was an encrypted one.
    private static func isEncrypted(_ storage: any Storage, _ journal: [UInt8]?) throws(ArchiveError) -> Bool {
        do throws(StorageError) {
            if try storage.entry(at: ArchiveLayout.configurationCopy) != nil { return true }
            return SealedFrames.isSealed((journal ?? [])[...])
        } catch {
            throw ArchiveError(error)
        }
    }

    // MARK: Files

    /// The bytes of a file, nil where there is none.
    private static func contents(
        of path: String, limit: Int, in storage: any Storage
    ) throws(ArchiveError) -> [UInt8]? {
        do throws(StorageError) { return try storage.readAll(path, limit: limit) } catch {
            if error.code == .missing { return nil }
            throw ArchiveError(error, path: path)
        }
    }

    /// Puts a file in place, once a copy of the damaged one is kept. Durable when this returns.
    private static func put(
        _ bytes: [UInt8], inPlaceOf damaged: [UInt8]?, at path: String, in storage: any Storage, _ repair: inout Repair
    ) throws(ArchiveError) {
        let temporary = "\(ArchiveLayout.temporary)/\(path)"
        do throws(StorageError) {
            try storage.createFolder(ArchiveLayout.temporary)
            if let damaged {
                let copy = "\(ArchiveLayout.damaged)/\(path)-\(SHA256.digest(damaged).abbreviated())"
                try storage.createFolder(ArchiveLayout.damaged)
                try storage.replace(copy, with: damaged, by: temporary)
                try storage.synchronizeFolder("")
                repair.setAside.append(storage.describe(path))
            }
            try storage.replace(path, with: bytes, by: temporary)
        } catch {
            throw ArchiveError(error)
        }
    }
}

extension ArchiveError {
    /// Whether it says that `config.json` or the journal as a whole is damaged or missing.
    fileprivate var isMendable: Bool {
        [.corrupt, .missing].contains(code) && [ArchiveLayout.configuration, ArchiveLayout.journal].contains(path)
    }
}
