import ObjectStore

/// Committing a large batch as a pack.
extension Archive {
    /// Commits the new records of a batch, and those of the journal before them, as one pack; the journal that names it is
    /// the commit point. The writers' lock is held, and the journal has no torn end.
    ///
    /// Nil, and nothing has happened, where the journal cannot be sealed for a document that is damaged: the batch goes
    /// the other way then. Throws as `commit(_:lockTimeout:)` does.
    func commitAsPack(_ batch: Batch, fresh: [Bool]) throws(ArchiveError) -> [Committed]? {
        guard journal.header != nil else { return nil }
        let pack: PackBuilder
        let answers: [Committed]
        do {
            guard let journal = try buildJournal() else { return nil }
            pack = journal
            answers = try gather(batch, fresh: fresh, in: pack)
        } catch let error as ArchiveError {
            throw error
        } catch let error as PackError {
            throw ArchiveError(error, pack: "what is committed")
        } catch {
            throw ArchiveError(.invalidRecord, "\(error)")
        }
        try preparePackFolders()
        try removeMergedPacks()
        let earlier: [ObjectID]
        do { earlier = try sealedTails() } catch { throw stop(error) }
        try append(pack, inPlaceOf: earlier)
        if !earlier.isEmpty { try removeMergedPacks() }
        try removeSealedObjects()
        return answers
    }

    /// The journal's records, none where it is empty; nil where one of their documents is damaged.
    private func buildJournal() throws -> PackBuilder? {
        do throws(ArchiveError) {
            if let tail = try buildTail(from: base) { return tail }
        } catch {
            guard error.code == .corrupt || error.code == .missing else { throw error }
            return nil
        }
        return try PackBuilder()
    }

    private func gather(_ batch: Batch, fresh: [Bool], in pack: PackBuilder) throws -> [Committed] {
        var answers: [Committed] = []
        var number = recordCount
        for (record, isFresh) in zip(batch.records, fresh) {
            guard isFresh else {
                answers.append(.already)
                continue
            }
            let bytes = try RecordFormat.encode(record)
            if case .observation(let observation) = record {
                var document: PreparedDocument?
                if let id = observation.documentID {
                    document = PreparedDocument(try self.document(id, of: batch), of: observation)
                }
                try pack.add(observation, record: bytes, document: document)
            } else {
                pack.add(other: bytes)
            }
            answers.append(.added(sequenceNumber: number, id: hasher.digest(bytes)))
            number += 1
        }
        return answers
    }
}
