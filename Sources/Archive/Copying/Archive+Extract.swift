public import ObjectStore

/// Taking copies of the sequence. No lock is taken: others may capture, seal and merge meanwhile, since open packs stay
/// readable and what is in the journal is gathered before anything is handed out.
extension Archive {
    /// How often it begins anew where the journal is sealed while it is read.
    private static let extractAttempts = 16

    /// What a copy that ends at `mark` lacks of the sequence; all of it for nil. The result is nil where the sequence
    /// does not go on from there: it is another one, or records behind the mark are lost.
    ///
    /// Packs behind the mark are handed out as they are, the one that it lies in and the journal as packs made in memory, or
    /// in `scratch` what is of a long pack. Throws `corrupt` where the archive is damaged, `missing` or `io`.
    public func extract(
        after mark: SequenceMark? = nil, by scratch: (any Storage)? = nil
    ) throws(ArchiveError) -> SequenceExtract? {
        var attempts = 0
        while true {
            attempts += 1
            try refuseExtractOfDamage()
            guard let header = journal.header, let head else {
                throw ArchiveError(.io, "\(storage.describe("")) has not been read")
            }
            do throws(ArchiveError) {
                return try extract(from: mark, until: SequenceMark(recordCount: recordCount, head: head), scratch)
            } catch {
                // Another writer may have sealed the journal; then it is another one now.
                guard attempts < Self.extractAttempts else { throw error }
                try reload()
                if journal.header == header { throw error }
            }
        }
    }

    private func refuseExtractOfDamage() throws(ArchiveError) {
        guard let first = damage.first else { return }
        throw ArchiveError(
            .corrupt,
            "\(first.file) is damaged at byte \(first.offset), so the archive is not copied; "
                + "run `osrs-archive verify`, then `osrs-archive verify --repair`")
    }

    private func extract(
        from mark: SequenceMark?, until end: SequenceMark, _ scratch: (any Storage)?
    ) throws(ArchiveError) -> SequenceExtract? {
        let start = mark ?? SequenceMark(recordCount: 0, head: .start(of: configuration.archive, hasher))
        guard start.recordCount < end.recordCount else {
            guard start == end else { return nil }
            return extract(start, end, [])
        }
        let tail = try extractJournal(after: start)
        if recordCount > base, tail == nil { return nil }
        var packs: [ExtractedPack] = []
        for history in self.packs.histories where history.pack.trailer.range.upperBound > start.recordCount {
            guard let pack = try extract(history.pack, after: start, scratch) else { return nil }
            packs.append(pack)
        }
        if let tail { packs.append(tail) }
        return extract(start, end, packs)
    }

    private func extract(
        _ start: SequenceMark, _ end: SequenceMark, _ packs: [ExtractedPack]
    ) -> SequenceExtract {
        SequenceExtract(
            archive: configuration.archive, createdAt: configuration.createdAt, features: configuration.features,
            before: start, after: end, packs: packs)
    }

    private func extract(
        _ pack: Pack, after start: SequenceMark, _ scratch: (any Storage)?
    ) throws(ArchiveError) -> ExtractedPack? {
        do throws(PackError) {
            if pack.trailer.first >= start.recordCount {
                if pack.trailer.first == start.recordCount, pack.trailer.headBefore != start.head { return nil }
                return try ExtractedPack(
                    pack, name: storage.sealing == nil ? pack.name : try pack.digestOfContents())
            }
            var place: any Storage = MemoryStorage()
            if let scratch, pack.size > extractMemoryLimit { place = scratch }
            // What an attempt left that did not come to its end.
            try? place.remove(Self.extractedPath)
            let slice = PackSlice(of: pack, from: start.recordCount)
            guard let name = try slice.write(to: Self.extractedPath, of: place, headBefore: start.head) else {
                return nil
            }
            return try Self.pack(name, in: place)
        } catch {
            throw ArchiveError(error, pack: storage.describe(ArchiveLayout.pack(pack.name)))
        }
    }

    /// The journal's records behind a mark as a pack; nil where there are none, or they do not go on from there.
    private func extractJournal(after start: SequenceMark) throws(ArchiveError) -> ExtractedPack? {
        guard let header = journal.header, recordCount > base else { return nil }
        let isWithin = start.recordCount > base
        if isWithin, recordCountInJournal(at: start.head) != start.recordCount { return nil }
        let first = max(base, start.recordCount)
        guard let tail = try buildTail(from: first) else { return nil }
        let earlier = try sightings(inJournalBefore: first)
        do throws(PackError) {
            let memory = MemoryStorage()
            let written = try tail.write(
                to: Self.extractedPath, of: memory, archive: configuration.archive, first: first,
                headBefore: isWithin ? start.head : header.baseHead
            ) { queries, found throws(PackError) in
                try findLogs(queries, &found)
                for (prefix, logs) in earlier { found[prefix, default: []].formUnion(logs) }
            }
            guard written.headAfter == head else {
                throw .corrupt("its records are others than a moment ago", offset: 0)
            }
            return try Self.pack(written.name, in: memory)
        } catch {
            throw ArchiveError(error, pack: storage.describe(ArchiveLayout.journal))
        }
    }

    /// Which logs name which snapshots in records of the journal before a number.
    private func sightings(inJournalBefore end: Int) throws(ArchiveError) -> [UInt64: Set<SeriesKey>] {
        var found: [UInt64: Set<SeriesKey>] = [:]
        let entries = history.journal.entriesInSequenceOrder(ExportSelection())
        while let entry = try entries.next(), entry.sequenceNumber < end {
            let observation = entry.observation
            guard let snapshot = observation.snapshot else { continue }
            found[snapshot.words.0, default: []].insert(
                SeriesKey(player: observation.player, board: observation.board))
        }
        return found
    }

    private static let extractedPath = "pack"

    /// The pack that was written to a storage as a file with the SHA-256 `name`, which is another one where it is sealed. Its
    /// place is free for the next one: it stays readable.
    private static func pack(_ name: ObjectID, in storage: any Storage) throws(PackError) -> ExtractedPack {
        let file: any StorageFile
        var contents = name
        do {
            file = try storage.openContents(extractedPath, as: .pack)
            try storage.remove(extractedPath)
            if storage.sealing != nil { contents = try file.digest() }
        } catch { throw PackError(reading: error) }
        return try ExtractedPack(try Pack(contents, file), name: contents)
    }
}
