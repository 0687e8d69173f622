public import ObjectStore

/// What can be checked of an encrypted archive without its key: that files are what their names and checksums say.
public enum LockedVerification {
    /// Checks `config.json`, the frames of the journal, the names of packs, and that loose objects may be sealed files.
    ///
    /// Nobody can tell without the key whether something is missing, or was put back from an earlier copy: the report says
    /// so. Throws `noArchive`, `corrupt` for a `config.json` that is damaged, or `io`.
    public static func run(
        on storage: any Storage, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(ArchiveError) -> VerificationReport {
        _ = try Archive.readLockedConfiguration(storage)
        var report = VerificationReport()
        report.isLocked = true
        do {
            try checkJournal(storage, &report)
            try checkPacks(storage, &report, progress)
            try checkObjects(storage, &report)
        } catch {
            throw ArchiveError(error)
        }
        report.notes.append(
            "without the key only names and checksums can be checked: whether a file is missing or an older one, and "
                + "what is in it, is known with the key alone")
        return report
    }

    private static func checkJournal(
        _ storage: any Storage, _ report: inout VerificationReport
    ) throws(StorageError) {
        let bytes = try storage.readAll(ArchiveLayout.journal, limit: JournalFormat.fileLimit)
        var offset = JournalFormat.start(of: bytes[...])
        if offset == 0 {
            return add(
                .journal, ArchiveLayout.journal, 0, "it does not begin as a sealed journal does", storage, &report)
        }
        while offset < bytes.count {
            switch JournalFormat.frame(in: bytes, at: offset) {
            case .whole(let head, _): offset += head.frameBytes
            case .cut:
                report.notes.append("the journal ends in a frame that is not whole: a write that never finished")
                return
            case .damagedHead, .damagedPayload:
                return add(.journal, ArchiveLayout.journal, offset, "a frame fails its checksum", storage, &report)
            }
        }
    }

    private static func checkPacks(
        _ storage: any Storage, _ report: inout VerificationReport, _ progress: (Int, Int) -> Void
    ) throws(StorageError) {
        guard try storage.entry(at: ArchiveLayout.packs) != nil else { return }
        let names = try storage.list(ArchiveLayout.packs).filter { $0.hasSuffix(".pack") }.sorted()
        for (place, name) in names.enumerated() {
            let path = "\(ArchiveLayout.packs)/\(name)"
            if try storage.open(path).digest().hex + ".pack" != name {
                add(.pack, path, nil, "its bytes do not have the SHA-256 that is its name", storage, &report)
            }
            progress(place + 1, names.count)
        }
    }

    private static func checkObjects(
        _ storage: any Storage, _ report: inout VerificationReport
    ) throws(StorageError) {
        for folder in try storage.list(ArchiveLayout.objects).sorted() {
            guard case .folder = try storage.entry(at: "\(ArchiveLayout.objects)/\(folder)") else { continue }
            for name in try storage.list("\(ArchiveLayout.objects)/\(folder)").sorted() {
                let path = "\(ArchiveLayout.objects)/\(folder)/\(name)"
                guard case .file(let bytes) = try storage.entry(at: path), ObjectID(hex: folder + name) != nil
                else { continue }
                let start = try storage.read(path, from: 0, count: SealedFileHeader.byteCount)
                let header = try? SealedFileHeader(decoding: start[...])
                let message = bytes - SealedFileHeader.byteCount
                if header?.kind != .object || CobblestoneFormat.plainBytes(ofSealed: message) == nil {
                    add(.object, path, nil, "it is no sealed object, or was cut", storage, &report)
                }
            }
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
