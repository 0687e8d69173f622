public import ObjectStore

extension Archive {
    /// A document by its id, its SHA-256 recomputed. Throws `corrupt`, `missing`, `unsupported` or `io`.
    ///
    /// Where the observation is known that names it, `document(of:)` is the shorter way to it.
    public func document(_ id: ObjectID) throws(ArchiveError) -> [UInt8] {
        if history.journal.names(id) { return try looseDocument(id) }
        for history in packs.histories.reversed() {
            if let document = try history.document(id) { return document }
        }
        return try looseDocument(id)
    }

    /// The document that a revision stands for. Throws as `document(_:)` does.
    public func document(of revision: Revision) throws(ArchiveError) -> [UInt8] {
        if let entry = revision.entry, let document = try document(of: entry) { return document }
        return try document(revision.snapshot)
    }

    /// The document of an observation of this archive; nil where it names none that is kept. Throws `corrupt`,
    /// `missing`, `unsupported` or `io`.
    public func document(of entry: LogEntry) throws(ArchiveError) -> [UInt8]? {
        guard let id = entry.observation.documentID else { return nil }
        guard entry.sequenceNumber < base,
            let history = packs.histories.last(where: { $0.pack.trailer.first <= entry.sequenceNumber })
        else { return try looseDocument(id) }
        guard let document = try history.document(of: entry), hasher.digest(document) == id else {
            throw ArchiveError(
                .corrupt, "the document \(id.hex) is not where its pack says; run `osrs-archive verify`")
        }
        return document
    }

    /// The names of the files of all documents that the journal's records name. O(records in the journal).
    func objectsOfJournal() throws(ArchiveError) -> Set<ObjectID> {
        var names: Set<ObjectID> = []
        do {
            for id in history.journal.documentIDs { names.insert(try objects.name(of: id)) }
        } catch {
            throw ArchiveError(error)
        }
        return names
    }

    /// A document among the loose objects. One that has gone may have been sealed meanwhile: the journal says.
    private func looseDocument(_ id: ObjectID) throws(ArchiveError) -> [UInt8] {
        do {
            return try objects.read(id)
        } catch {
            guard error.code == .missing else { throw ArchiveError(error) }
            let packed = packs.members.map(\.name)
            try reload()
            for history in packs.histories where !packed.contains(history.pack.name) {
                if let document = try history.document(id) { return document }
            }
            throw ArchiveError(error)
        }
    }
}
