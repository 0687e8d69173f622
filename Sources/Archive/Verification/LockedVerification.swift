public import ObjectStore

/// What can be checked of an encrypted archive without its key: that files are what their names and checksums say.
public enum LockedVerification {
    /// Checks `config.json` and its copy, the frames of the journal, the names of packs, and that loose objects may be sealed files.
    ///
    /// Where a writer replaces files meanwhile, it begins anew.
    ///
    /// Nobody can tell without the key whether something is missing, or was put back from an earlier copy: the report says
    /// so. Throws `noArchive`, `corrupt` for a `config.json` that is damaged, or `io`.
    public static func run(
        on storage: any Storage, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(ArchiveError) -> VerificationReport {
        var attempt = 1
        while true {
            let (report, isOvertaken) = try look(at: storage, progress)
            if !isOvertaken || attempt == attempts { return report }
            attempt += 1
        }
    }

    /// How often it begins anew where a writer meanwhile replaces what was to be read.
    private static let attempts = 16

    /// What one look finds, and whether files went away during it: others, which were not listed, have taken their place.
    private static func look(
        at storage: any Storage, _ progress: (_ done: Int, _ total: Int) -> Void
    ) throws(ArchiveError) -> (VerificationReport, isOvertaken: Bool) {
        let configuration = try Archive.readLockedConfiguration(storage)
        var report = VerificationReport()
        report.isLocked = true
        var isOvertaken = false
        do {
            try checkCopy(of: configuration, storage, &report)
            try checkJournal(storage, &report)
            try checkPacks(storage, &report, &isOvertaken, progress)
            try checkObjects(storage, &report, &isOvertaken)
        } catch {
            throw ArchiveError(error)
        }
        report.notes.append(
            "without the key only names and checksums can be checked: whether a file is missing or an older one, and "
                + "what is in it, is known with the key alone")
        return (report, isOvertaken)
    }

    /// The copy may be newer than the file that it may have to stand for, and is of the same archive.
    private static func checkCopy(
        of configuration: ArchiveConfiguration, _ storage: any Storage, _ report: inout VerificationReport
    ) throws(StorageError) {
        let path = ArchiveLayout.configurationCopy
        guard try storage.entry(at: path) != nil else { return }
        let bytes = try storage.readAll(path, limit: ArchiveConfiguration.fileLimit)
        do {
            guard try ArchiveConfiguration(decoding: bytes).archive != configuration.archive else { return }
            add(
                .configuration, path, nil,
                "it is of another archive than \(storage.describe(ArchiveLayout.configuration)): one of them was exchanged",
                storage, &report)
        } catch {
            add(.configuration, path, nil, "\(error)", storage, &report)
        }
    }

    private static func checkJournal(
        _ storage: any Storage, _ report: inout VerificationReport
    ) throws(StorageError) {
        let bytes = try storage.readAll(ArchiveLayout.journal, limit: JournalFormat.fileLimit)
        let scan = JournalScan(sealed: bytes)
        for stretch in scan.damage {
            add(
                .journal, ArchiveLayout.journal, stretch.offset, "a frame fails its checksum, or is not there", storage,
                &report)
        }
        guard !scan.headerFrame.isEmpty else {
            if scan.damage.isEmpty {
                add(.journal, ArchiveLayout.journal, 0, "it does not begin as a sealed journal does", storage, &report)
            }
            return
        }
        if scan.committedEnd < bytes.count {
            report.notes.append(
                "the journal ends in \(bytes.count - scan.committedEnd) bytes of a batch that is not whole: a write that "
                    + "never finished, or a file cut short")
        }
    }

    private static func checkPacks(
        _ storage: any Storage, _ report: inout VerificationReport, _ isOvertaken: inout Bool,
        _ progress: (Int, Int) -> Void
    ) throws(StorageError) {
        guard try storage.entry(at: ArchiveLayout.packs) != nil else { return }
        let names = try storage.list(ArchiveLayout.packs).filter { $0.hasSuffix(".pack") }.sorted()
        for (place, name) in names.enumerated() {
            let path = "\(ArchiveLayout.packs)/\(name)"
            let digest = try present(path, storage, &isOvertaken) { () throws(StorageError) in
                try storage.open(path).digest()
            }
            if let digest, digest.hex + ".pack" != name {
                add(.pack, path, nil, "its bytes do not have the SHA-256 that is its name", storage, &report)
            }
            progress(place + 1, names.count)
        }
    }

    private static func checkObjects(
        _ storage: any Storage, _ report: inout VerificationReport, _ isOvertaken: inout Bool
    ) throws(StorageError) {
        for folder in try storage.list(ArchiveLayout.objects).sorted() {
            let folderPath = "\(ArchiveLayout.objects)/\(folder)"
            guard case .folder = try storage.entry(at: folderPath) else { continue }
            let names = try present(folderPath, storage, &isOvertaken) { () throws(StorageError) in
                try storage.list(folderPath)
            }
            for name in (names ?? []).sorted() {
                let path = "\(folderPath)/\(name)"
                guard case .file(let bytes) = try storage.entry(at: path), ObjectID(hex: folder + name) != nil
                else { continue }
                let start = try present(path, storage, &isOvertaken) { () throws(StorageError) in
                    try storage.read(path, from: 0, count: SealedFileHeader.byteCount)
                }
                guard let start else { continue }
                let header = try? SealedFileHeader(decoding: start[...])
                let message = bytes - SealedFileHeader.byteCount
                if header?.kind != .object || CobblestoneFormat.plainBytes(ofSealed: message) == nil {
                    add(.object, path, nil, "it is no sealed object, or was cut", storage, &report)
                }
            }
        }
    }

    /// What `read` gives of something that was listed; nil, and `isOvertaken` set, where a writer has removed it since. What
    /// is still listed and cannot be opened throws.
    private static func present<Answer>(
        _ path: String, _ storage: any Storage, _ isOvertaken: inout Bool,
        _ read: () throws(StorageError) -> Answer
    ) throws(StorageError) -> Answer? {
        do throws(StorageError) { return try read() } catch {
            guard error.code == .missing, try storage.entry(at: path) == nil else { throw error }
            isOvertaken = true
            return nil
        }
    }

    private static func add(
        _ kind: VerificationReport.Finding.Kind, _ path: String, _ offset: Int?, _ detail: String,
        _ storage: any Storage, _ report: inout VerificationReport
    ) {
        report.findings.append(
            .init(
                kind: kind, id: nil, file: storage.describe(path), offset: offset, failure: .corrupt, detail: detail,
                affects: [.unknown]))
    }
}
