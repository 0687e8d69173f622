public import ObjectStore

/// What became of one record of a batch.
public enum Committed: Hashable, Sendable {
    /// It joined the sequence under this number; `id` is the record's SHA-256.
    case added(sequenceNumber: Int, id: ObjectID)
    /// The same observation is there already; the first evidence stays.
    case already
}

extension Archive {
    /// Commits a batch: its documents first, then its records, all durable when this returns. The answer has one entry
    /// a record, in their order.
    ///
    /// The writers' lock is held for just this. Observations that the archive has already add nothing. A document that
    /// is there is decoded and compared; a damaged one is put right. Throws `locked`; `corrupt` for an archive that is
    /// damaged (nothing is added then); `invalidRecord` for an ok observation without its document; `noSpace` or `io`
    /// when the storage fails: then nothing of the batch counts, and this writer stops where the medium's state is
    /// unknown.
    @discardableResult
    public func commit(_ batch: Batch, lockTimeout: LockTimeout) throws(ArchiveError) -> [Committed] {
        try commit(lockTimeout: lockTimeout) { batch }
    }

    /// The same for a batch that is decided on under the lock, when nobody else writes and the history is read anew. Throws
    /// what deciding throws, too.
    @discardableResult
    public func commit(
        lockTimeout: LockTimeout, _ decide: () throws(ArchiveError) -> Batch
    ) throws(ArchiveError) -> [Committed] {
        let lock = try lockForWriting(lockTimeout)
        defer { lock.release() }
        let batch = try decide()
        let fresh = try selectNew(batch.records)
        guard fresh.contains(true) else { return batch.records.map { _ in .already } }
        try setTornTailAside()
        if fresh.count(where: { $0 }) >= packedBatchRecords, let answers = try commitAsPack(batch, fresh: fresh) {
            return answers
        }
        try write(documentsOf: batch, fresh: fresh)
        let features = zip(batch.records, fresh).compactMap { $1 ? $0.requiredFeature : nil }
        for feature in Set(features).sorted() { try requireFeature(feature) }
        return try append(batch.records, fresh: fresh)
    }

    /// Throws `corrupt` where the journal is damaged, so that nothing would be added to it.
    public func refuseDamage() throws(ArchiveError) {
        guard let first = journalDamage.first else { return }
        throw ArchiveError(
            .corrupt,
            "\(first.file) is damaged at byte \(first.offset), so nothing is added to it; "
                + "run `osrs-archive verify` and put the file back from a copy")
    }

    /// Which records are not there yet, repetitions within the batch left out.
    private func selectNew(_ records: [Record]) throws(ArchiveError) -> [Bool] {
        var seen: Set<Observation.Identity> = []
        var fresh: [Bool] = []
        fresh.reserveCapacity(records.count)
        for record in records {
            switch record {
            case .observation(let observation):
                fresh.append(try !history.contains(observation) && seen.insert(observation.identity).inserted)
            case .tag(let tag): fresh.append(history.tag(tag.name) != tag)
            case .rename, .tombstone, .loss: fresh.append(!history.contains(record))
            }
        }
        return fresh
    }

    /// Moves the rest of an unfinished write into the folder `torn` and cuts it off.
    func setTornTailAside() throws(ArchiveError) {
        guard journal.tornBytes > 0 else { return }
        do {
            let rest = try storage.read(ArchiveLayout.journal, from: journal.end, count: journal.tornBytes)
            try storage.createFolder(ArchiveLayout.torn)
            try storage.createFolder(ArchiveLayout.temporary)
            let name = "journal-\(journal.end)-\(hasher.digest(rest).abbreviated())"
            try storage.replace(
                "\(ArchiveLayout.torn)/\(name)", with: rest, by: "\(ArchiveLayout.temporary)/torn")
            try storage.synchronizeFolder("")
            try storage.truncate(ArchiveLayout.journal, to: journal.end)
            try storage.synchronize(ArchiveLayout.journal)
            journal.tornBytes = 0
        } catch {
            throw stop(error)
        }
    }

    private func write(documentsOf batch: Batch, fresh: [Bool]) throws(ArchiveError) {
        var needed: [ObjectID] = []
        var seen: Set<ObjectID> = []
        for (record, isFresh) in zip(batch.records, fresh) where isFresh {
            guard case .observation(let observation) = record, let id = observation.documentID else { continue }
            if seen.insert(id).inserted { needed.append(id) }
        }
        var missing: [(id: ObjectID, bytes: [UInt8])] = []
        for id in needed {
            // An index hit is confirmed by decoding before it spares a write.
            if try history.names(id), (try? objects.read(id)) != nil { continue }
            missing.append((id, try document(id, of: batch)))
        }
        do { try objects.write(missing) } catch { throw stop(error) }
    }

    /// A document of a batch. Throws `invalidRecord` where it was not handed over, or is not what its id says.
    func document(_ id: ObjectID, of batch: Batch) throws(ArchiveError) -> [UInt8] {
        guard let bytes = batch.documents[id] else {
            throw ArchiveError(
                .invalidRecord, "an observation names the document \(id.hex), which was not handed over")
        }
        guard hasher.digest(bytes) == id, bytes.count <= LooseObjectFormat.documentLimit else {
            throw ArchiveError(.invalidRecord, "a document does not have the id \(id.hex), or is too large")
        }
        return bytes
    }

    private func append(_ records: [Record], fresh: [Bool]) throws(ArchiveError) -> [Committed] {
        var frames = JournalWriter(continuing: journal.frames)
        var answers: [Committed] = []
        var added: [(number: Int, id: ObjectID, record: Record)] = []
        var newHead = head
        let count = fresh.count { $0 }
        for (record, isFresh) in zip(records, fresh) {
            guard isFresh else {
                answers.append(.already)
                continue
            }
            let payload: [UInt8]
            do { payload = try RecordFormat.encode(record) } catch { throw ArchiveError(.invalidRecord, "\(error)") }
            let frame = journal.nextFrame + added.count
            try frames.append(
                payload, isLastInBatch: added.count == count - 1, indexInBatch: added.count, number: frame)
            let id = hasher.digest(payload)
            newHead = newHead?.appending(record: id, hasher)
            answers.append(.added(sequenceNumber: base + frame - 1, id: id))
            added.append((base + frame - 1, id, record))
        }
        guard journal.end + frames.bytes.count <= JournalFormat.fileLimit else {
            throw ArchiveError(.io, "\(storage.describe(ArchiveLayout.journal)) is full: begin another archive")
        }
        do {
            try storage.append(ArchiveLayout.journal, at: journal.end, frames.bytes)
            try storage.synchronize(ArchiveLayout.journal)
        } catch {
            // Nothing of it was acknowledged: take it back where the storage still lets us.
            try? storage.truncate(ArchiveLayout.journal, to: journal.end)
            throw stop(error)
        }
        journal.end += frames.bytes.count
        journal.frames = frames.frames
        journal.nextFrame += count
        recordCount += count
        head = newHead
        chain += added.map(\.id)
        history.append(added)
        return answers
    }

    /// After a failed synchronization nobody knows what lies on the medium: this writer stops for good.
    func stop(_ error: StorageError) -> ArchiveError {
        if error.operation == "synchronize" { hasFailed = true }
        return ArchiveError(error)
    }
}

extension Observation {
    /// The document that an archive keeps for it: the snapshot, or the kept body of an invalid answer. Nil where it is
    /// declared absent.
    public var documentID: ObjectID? {
        if result == .ranksOnly { return nil }
        if let snapshot { return snapshot }
        guard let body = evidence.body, body.isKept else { return nil }
        return body.id
    }
}
