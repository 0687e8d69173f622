public import ObjectStore

extension Archive {
    /// Writes the whole archive anew into a storage whose root folder exists and holds nothing, or what a copy left that
    /// was killed, which is gone on with: with its id, its records and its head, sealed where that storage has a key, for
    /// which there are `slots` then. This one is left as it is.
    ///
    /// `progress` is told of records. Throws `corrupt` where this archive is damaged, `archiveExists`, `folderNotEmpty`,
    /// `wrongKey` where a copy was begun under another key, `noSpace` or `io`.
    public func copy(
        to storage: any Storage, slots: [KeySlot], lockTimeout: LockTimeout,
        progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(ArchiveError) -> Archive {
        if let head {
            let end = SequenceMark(recordCount: recordCount, head: head)
            let done = try ArchiveRestoration.finish(
                in: storage, of: configuration.archive, endingAt: end, lockTimeout: lockTimeout)
            if let done { return done }
        }
        var restoration = try begin(in: storage, slots, resumes: true, lockTimeout)
        var rest = try extract(after: restoration.end)
        if rest == nil {
            // What is there is of another history, such as one in which less was forgotten.
            restoration.abandon()
            restoration = try begin(in: storage, slots, resumes: false, lockTimeout)
            rest = try extract()
        }
        guard let rest else { throw ArchiveError(.io, "\(self.storage.describe("")) changes all the time") }
        for pack in rest.packs {
            try restoration.add(pack.file, name: pack.name)
            progress(pack.records.upperBound, rest.after.recordCount)
        }
        return try restoration.finish()
    }

    private func begin(
        in storage: any Storage, _ slots: [KeySlot], resumes: Bool, _ lockTimeout: LockTimeout
    ) throws(ArchiveError) -> ArchiveRestoration {
        try ArchiveRestoration(
            in: storage, id: configuration.archive, createdAt: configuration.createdAt,
            features: configuration.features, slots: slots, resumes: resumes, lockTimeout: lockTimeout)
    }
}
