import ObjectStore

/// A journal in place of one whose header cannot be read, or that is gone.
struct MendedJournal {
    /// The whole file.
    private(set) var bytes: [UInt8] = []
    /// What was done, and what cannot be told.
    private(set) var notes: [String] = []

    private let storage: any Storage
    private let archive: ArchiveID
    private let path: String

    /// Makes it of what is left of the old one, nil where that is gone, and of the packs. `mayHavePacks` is what
    /// `config.json` says. Throws `corrupt` where what is left does not tell enough.
    init(
        of old: [UInt8]?, of archive: ArchiveID, in storage: any Storage, mayHavePacks: Bool
    ) throws(ArchiveError) {
        (self.storage, self.archive) = (storage, archive)
        path = storage.describe(ArchiveLayout.journal)
        if let old, let corrected = JournalHeaderCorrection.correct(old, storage.sealing), try fits(corrected.header) {
            bytes = corrected.start + old[corrected.start.count...]
            notes = ["one byte of the header of \(path) was wrong; it is what it was again"]
            return
        }
        try rebuild(old ?? [], wasThere: old != nil, mayHavePacks: mayHavePacks)
    }

    /// Whether the packs that a header names, those of them that are there, are the archive's and go on from each other.
    private func fits(_ header: JournalHeader) throws(ArchiveError) -> Bool {
        guard header.archive == archive, header.base > 0 || header.baseHead == .start(of: archive, SHA256()) else {
            return false
        }
        do {
            _ = try PackSet.open(header, isNewest: true, in: storage, reusing: PackSet())
            return true
        } catch {
            guard error.code == .corrupt else { throw error }
            return false
        }
    }

    // MARK: A new header

    private mutating func rebuild(_ old: [UInt8], wasThere: Bool, mayHavePacks: Bool) throws(ArchiveError) {
        let (scan, body) = try legible(old)
        let traces = HeaderTraces(old[..<min(body.lowerBound, 2 * JournalFormat.payloadLimit)])
        let (packs, unreadable) = try PackTiling.candidates(in: storage, of: archive, traces)
        let hasDocuments = try hasDocuments()
        if packs.isEmpty {
            guard !mayHavePacks else {
                throw untold("config.json says that there may be packs, and none can be read: put them back")
            }
            if scan.records.isEmpty, hasDocuments {
                throw untold("nothing is left of the records of the documents in \(storage.describe("objects"))")
            }
        }
        var tiling = PackTiling(packs, unreadable: unreadable, traces: traces, archive: archive)
        if !tiling.isProven, let last = tiling.last, let base = try base(of: scan, in: last) {
            tiling = PackTiling(packs, unreadable: unreadable, traces: traces, archive: archive, base: base)
            guard tiling.isProven else {
                throw untold("the packs hold records of the journal, and none ends where it begins")
            }
        }
        let header = JournalHeader(
            archive: archive, base: tiling.end.number, baseHead: tiling.end.head, packs: tiling.names)
        bytes = try JournalWriter(header, storage.sealing).bytes + old[body]
        let again = JournalScan(bytes, storage.sealing)
        guard again.records.count == scan.records.count, again.nextNumber == max(1, scan.nextNumber) else {
            throw untold("what is left of its records cannot be told apart from what is not")
        }
        note(tiling, unreadable, wasThere: wasThere, records: scan.records.count, hasDocuments: hasDocuments)
    }

    /// The frames behind the header that still read, and where they lie.
    private func legible(_ old: [UInt8]) throws(ArchiveError) -> (JournalScan, body: Range<Int>) {
        guard storage.sealing == nil else {
            // Each frame is bound to the bytes of the one before, the first one to those of the header.
            guard old.isEmpty || (SealedFrames.isSealed(old[...]) && JournalScan(sealed: old).records.isEmpty) else {
                throw untold("it is sealed, and without it the records behind it cannot be opened")
            }
            return (JournalScan([], nil), old.count..<old.count)
        }
        let scan = JournalScan(old, nil)
        let header = scan.damage.first { $0.numbers.contains(0) }
        let start = header?.bytes.upperBound ?? (scan.headerFrame.isEmpty ? old.count : scan.headerFrame.upperBound)
        return (scan, start..<max(start, scan.committedEnd))
    }

    /// Where the journal begins if the last pack holds some of its records: a seal left it that was killed before the journal
    /// knew of it, so the journal does not go on where the pack ends. Nil where it holds none.
    ///
    /// An observation stands once in a sequence. Of other records one may be like another, so their numbers must fit, too.
    private func base(of scan: JournalScan, in pack: PackTiling.Candidate) throws(ArchiveError) -> Int? {
        let hasher = SHA256()
        // Frame 1 carries the first record.
        let places = Dictionary(
            scan.records.map { (hasher.digest(Array($0.record)), $0.number - 1) },
            uniquingKeysWith: { first, _ in first })
        guard !places.isEmpty else { return nil }
        do throws(PackError) {
            let file: any StorageFile
            do throws(StorageError) { file = try storage.openContents(pack.path, as: .pack) } catch {
                throw PackError(reading: error)
            }
            let opened = try Pack(pack.name, file)
            for (number, record) in try opened.otherRecords()
            where places[hasher.digest(record)] == number - pack.trailer.first {
                return pack.trailer.first
            }
            for entry in try opened.allBlocks() {
                var rows = PackedRows(try opened.block(entry), of: opened)
                for row in 0..<entry.rows {
                    let whole = try rows.row(row)
                    if let place = places[whole.recordID] { return whole.number - place }
                }
            }
            return nil
        } catch {
            // A damaged pack proves nothing.
            do throws(PackError) { try error.throwUnlessCorrupt() } catch {
                throw ArchiveError(error, pack: storage.describe(pack.path))
            }
            return nil
        }
    }

    private func hasDocuments() throws(ArchiveError) -> Bool {
        do throws(StorageError) {
            guard try storage.entry(at: ArchiveLayout.objects) != nil else { return false }
            for folder in try storage.list(ArchiveLayout.objects) {
                let path = "\(ArchiveLayout.objects)/\(folder)"
                if case .folder? = try storage.entry(at: path), try !storage.list(path).isEmpty { return true }
            }
            return false
        } catch {
            throw ArchiveError(error)
        }
    }

    // MARK: Telling

    private mutating func note(
        _ tiling: PackTiling, _ unreadable: [ObjectID], wasThere: Bool, records: Int, hasDocuments: Bool
    ) {
        let what = wasThere ? "the header of \(path) could not be read" : "\(path) was missing"
        let packs =
            tiling.names.isEmpty
            ? "a new one names no packs"
            : "a new one names the packs that tile the sequence up to record \(tiling.end.number)"
        let rest = records == 0 ? "" : ", behind which the \(records) record(s) of the journal go on that can be read"
        notes.append("\(what); \(packs)\(rest)")
        for hole in tiling.holes {
            notes.append("no pack is there for the \(hole.count) record(s) from number \(hole.lowerBound)")
        }
        if tiling.holes.isEmpty {
            for name in unreadable where !tiling.isProven {
                notes.append(
                    "\(storage.describe(ArchiveLayout.pack(name))) cannot be read, and nothing tells which records were in it"
                )
            }
        }
        if records == 0 {
            notes.append(
                "whether the journal held records behind number \(tiling.end.number) cannot be told: compare a head or a "
                    + "backup from before"
                    + (hasDocuments
                        ? "; documents of such records may lie in \(storage.describe(ArchiveLayout.objects)), until the next "
                            + "collection of garbage removes them" : ""))
        } else if !tiling.isProven, tiling.end.number > 0 {
            notes.append(
                "that no pack is missing between record \(tiling.end.number) and those of the journal cannot be told: "
                    + "compare a head or a backup from before")
        }
    }

    private func untold(_ reason: String) -> ArchiveError {
        ArchiveError(
            .corrupt,
            "the header of \(path) is lost, and cannot be made anew: \(reason), or restore a copy, such as with "
                + "`osrs-archive backup restore`", path: ArchiveLayout.journal)
    }
}
