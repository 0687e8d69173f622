public import CivilTime
import Hiscores
import ObjectStore

/// Forgetting: the one thing that deletes.
///
/// The order makes each step safe to be killed in: the packs without what is forgotten are durable and read back first;
/// the journal that names them, with the tombstone in it, takes the place of the old one by a rename, which is the commit
/// point; then the old packs and the loose objects go. What a killed run leaves the next `gc` or `forget` removes.
extension Archive {
    /// What would be forgotten. Throws `playerNotFound`, `refNotFound` where nothing of the player is selected, and where
    /// the history cannot be read.
    public func forgetting(_ selection: ForgetSelection) throws(ArchiveError) -> Forgetting {
        let logs = try history.logs(of: selection.player)
        var found = Forgetting()
        found.isDeclaredLost = history.losses(of: selection.player).contains { selection.includes(.loss($0)) }
        guard !logs.isEmpty || found.isDeclaredLost else {
            throw ArchiveError(
                .playerNotFound,
                "\(selection.player) is no player of this archive; `osrs-archive players --all` lists them",
                ref: selection.player.key)
        }
        for log in logs where selection.includes(log.board) {
            let before = found.observations
            var rows = log.rows(
                .oldestFirst, failures: true, since: selection.capturedAt, until: selection.capturedAt)
            while let row = try rows.next() {
                found.observations += 1
                found.from = min(found.from ?? row.capturedAt, row.capturedAt)
                found.to = max(found.to ?? row.capturedAt, row.capturedAt)
            }
            if found.observations > before { found.boards.append(log.board) }
        }
        guard found.observations > 0 || found.isDeclaredLost else {
            throw ArchiveError(
                .refNotFound, "nothing of \(selection.player) is there\(selection.words)", ref: selection.player.key)
        }
        found.tags = history.tags.values.filter { selection.includes(.tag($0)) }.map(\.name).sorted()
        return found
    }

    /// Removes what is selected and leaves a tombstone; `now` is when. Throws as `forgetting` does, `locked`, `corrupt`
    /// where the archive is damaged (it is repaired first), `noSpace` or `io`.
    public func forget(
        _ selection: ForgetSelection, reason: String, at now: Timestamp, lockTimeout: LockTimeout
    ) throws(ArchiveError) -> Forgetting {
        let lock = try lockForWriting(lockTimeout)
        defer { lock.release() }
        try refuseDamagedPacks()
        try setTornTailAside()
        // What an earlier run left behind, killed once it had taken effect.
        try preparePackFolders()
        try removeMergedPacks()
        try removeSealedObjects()
        var done = try forgetting(selection)
        if recordCount > base { try seal() }
        try refuseDamagedPacks()
        try rewrite(without: selection, reason: reason, at: now, &done)
        try removeMergedPacks()
        try removeSealedObjects()
        done.damagedFiles = try countDamagedFiles()
        return done
    }

    private func refuseDamagedPacks() throws(ArchiveError) {
        guard let first = damage.first else { return }
        throw ArchiveError(
            .corrupt,
            "\(first.file) is damaged at byte \(first.offset), so it cannot be told what lies in it; "
                + "run `osrs-archive verify --repair` first")
    }

    private func rewrite(
        without selection: ForgetSelection, reason: String, at now: Timestamp, _ done: inout Forgetting
    ) throws(ArchiveError) {
        let (parts, correction) = try plan(selection, before: .max)
        guard let changed = try rewrite(parts, correction) else { return }
        done.otherRecords = parts.reduce(0) { $0 + $1.gaps.count } - done.observations
        let records = declarations(of: parts, selection, tags: done.tags, reason: reason, at: now)
        try clear([ArchiveLayout.torn, ArchiveLayout.temporary])
        try replaceJournal(changed, records: records)
    }

    /// The records that say what was forgotten.
    private func declarations(
        of parts: [PackForgetting], _ selection: ForgetSelection, tags: [String], reason: String, at now: Timestamp
    ) -> [Record] {
        let tombstone = Tombstone(
            player: selection.player, board: selection.board, capturedAt: selection.capturedAt,
            count: parts.reduce(0) { $0 + $1.gaps.count }, reason: reason, recordedAt: now)
        var records: [Record] = [.tombstone(tombstone)]
        records += tags.map { .tag(Tag(name: $0, recordedAt: now, target: nil)) }
        records += parts.flatMap(\.losses).map { loss in
            .loss(
                Loss(
                    .unknown, count: loss.count, forgotten: loss.forgotten, reason: loss.reason,
                    recordedAt: loss.recordedAt))
        }
        return records
    }

    /// Removes what is selected of the records before a number, for which a tombstone stands there: that of a sequence
    /// which is put together again from copies. The writers' lock is held and the journal has no records. O(blocks).
    func forgetAgain(_ selection: ForgetSelection, before end: Int) throws(ArchiveError) {
        let (parts, correction) = try plan(selection, before: end)
        guard parts.contains(where: { !$0.isEmpty }), let changed = try rewrite(parts, correction) else { return }
        try replaceJournal(changed)
        try removeMergedPacks()
    }

    /// Removes what is selected from a sequence that is put together again from copies and lacks the tombstone; the records
    /// that say so, which the caller puts behind it, none where nothing was there. The writers' lock is held and the journal
    /// has no records. O(blocks).
    func forgetUndeclared(
        _ selection: ForgetSelection, reason: String, at now: Timestamp
    ) throws(ArchiveError) -> [Record] {
        let tags = history.tags.values.filter { selection.includes(.tag($0)) }.map(\.name).sorted()
        let (parts, correction) = try plan(selection, before: .max)
        guard parts.contains(where: { !$0.isEmpty }), let changed = try rewrite(parts, correction) else { return [] }
        try replaceJournal(changed)
        try removeMergedPacks()
        return declarations(of: parts, selection, tags: tags, reason: reason, at: now)
    }

    /// Writes the packs of which something goes; the header of the journal that names them.
    private func rewrite(
        _ parts: [PackForgetting], _ correction: NoveltyCorrection
    ) throws(ArchiveError) -> JournalHeader? {
        guard var changed = journal.header else { return nil }
        changed.merged = []
        for (place, part) in parts.enumerated() where !part.isEmpty || correction.changed.contains(place) {
            let gaps: [PackGap]
            do {
                gaps = PackGap.merged(try part.pack.gaps() + part.gaps, lost: [])
            } catch {
                throw ArchiveError(error, pack: storage.describe(ArchiveLayout.pack(part.pack.name)))
            }
            changed.packs[place] = try rewrite(correction.sources[place], gaps, part.otherRecords, [])
            changed.merged.append(part.pack.name)
        }
        return changed
    }

    private func plan(
        _ selection: ForgetSelection, before end: Int
    ) throws(ArchiveError) -> (parts: [PackForgetting], NoveltyCorrection) {
        do throws(PackError) {
            var parts: [PackForgetting] = []
            for history in packs.histories {
                parts.append(try PackForgetting(selection, in: history.pack, before: end))
            }
            let affected = PrefixSet(parts.flatMap(\.prefixes))
            return (parts, try NoveltyCorrection(parts.map(\.source), tail: [], affected: affected))
        } catch {
            throw ArchiveError(error, pack: storage.describe(ArchiveLayout.packs))
        }
    }

    /// Removes all files in folders.
    private func clear(_ folders: [String]) throws(ArchiveError) {
        do {
            for folder in folders where try storage.entry(at: folder) != nil {
                for name in try storage.list(folder) { try storage.remove("\(folder)/\(name)") }
                try storage.synchronizeFolder(folder)
            }
        } catch {
            throw stop(error)
        }
    }

    private func countDamagedFiles() throws(ArchiveError) -> Int {
        do {
            guard try storage.entry(at: ArchiveLayout.damaged) != nil else { return 0 }
            return try storage.list(ArchiveLayout.damaged).count
        } catch {
            throw ArchiveError(error)
        }
    }
}

extension ForgetSelection {
    fileprivate var words: String {
        (board.map { " on \($0.rawValue)" } ?? "") + (capturedAt.map { " at \($0)" } ?? "")
    }
}
