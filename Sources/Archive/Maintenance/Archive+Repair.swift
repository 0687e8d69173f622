public import CivilTime
import Hiscores
import ObjectStore

/// Repairing: what can be saved of damaged files is written anew, what cannot is declared lost. Nothing is deleted.
///
/// The order makes each step safe to be killed in: new packs are durable and read back first; the journal that names
/// them, with the declared losses in it, takes the place of the old one by a rename, which is the commit point; only
/// then are the damaged files moved away.
extension Archive {
    /// Repairs the archive as far as it can be done; `now` is when losses are declared. `progress` is told how many
    /// observations have been looked at.
    ///
    /// Where it returns, `verify` finds nothing any more but what the answer calls unrepairable. Throws `locked`,
    /// `noSpace` or `io`.
    public func repair(
        at now: Timestamp, lockTimeout: LockTimeout, progress: (_ observations: Int) -> Void = { _ in }
    ) throws(ArchiveError) -> Repair {
        let lock = try takeWritersLock(lockTimeout)
        defer { lock.release() }
        try reopen()
        var repair = Repair()
        if configuration.isEncrypted, !hasConfigurationCopy || findingInConfigurationCopy() != nil {
            try write(configuration)
            repair.healed.append(storage.describe(ArchiveLayout.configurationCopy))
        }
        var bad = try damagedPacks(progress)
        if !bad.isEmpty, try !healPacks(bad).isEmpty {
            try reopen()
            let left = try damagedPacks { _ in }
            repair.healed = bad.filter { !left.contains($0) }.map { storage.describe(ArchiveLayout.pack($0)) }
            bad = left
        }
        try setTornTailAside()
        let (file, scan, tail) = try salvageTail(&repair)
        let plan = try plan(bad, progress)
        let isTailDamaged = !tail.gaps.isEmpty || !journalDamage.isEmpty
        if !bad.isEmpty || isTailDamaged || !account(plan, tail).isEven {
            try carryOut(plan, tail, isTailDamaged ? file : nil, scan, at: now, &repair)
        }
        try reopen()
        return repair
    }

    /// Reads everything anew, packs that are open and the configuration included: another writer may have changed that
    /// before the lock was ours.
    private func reopen() throws(ArchiveError) {
        (journal, packs) = (JournalPosition(), PackSet())
        configuration = try Self.readConfiguration(storage)
        try reload()
    }

    // MARK: Looking

    private func damagedPacks(_ progress: (Int) -> Void) throws(ArchiveError) -> [ObjectID] {
        var bad: [ObjectID] = []
        for member in packs.members {
            if try isDamaged(member, progress) { bad.append(member.name) }
        }
        return bad
    }

    /// Throws where the medium does not give what it has: then nothing is given up.
    private func isDamaged(_ member: PackSet.Member, _ progress: (Int) -> Void) throws(ArchiveError) -> Bool {
        let path = ArchiveLayout.pack(member.name)
        let proof = PackVerification.run(member.name, at: path, of: storage, progress: progress)
        do throws(PackError) {
            for finding in proof.findings { try finding.error.throwUnlessCorrupt() }
            guard case .damaged(let error) = member.state else { return !proof.findings.isEmpty }
            try error.throwUnlessCorrupt()
            return true
        } catch {
            throw ArchiveError(error, pack: storage.describe(path))
        }
    }

    private func salvageTail(
        _ repair: inout Repair
    ) throws(ArchiveError) -> (file: [UInt8], JournalScan, TailSalvage) {
        let file: [UInt8]
        do {
            file = try storage.read(ArchiveLayout.journal, from: 0, count: journal.end)
        } catch {
            throw ArchiveError(error, path: ArchiveLayout.journal)
        }
        let scan = JournalScan(file, storage.sealing)
        guard let header = scan.header else {
            throw ArchiveError(.corrupt, "the header of the journal cannot be read", path: ArchiveLayout.journal)
        }
        var found = repair
        let tail = try TailSalvage(scan, header, recordCount: recordCount) { id throws(ArchiveError) in
            try healedDocument(id, &found)
        }
        repair = found
        return (file, scan, tail)
    }

    /// What becomes of each pack.
    private func plan(_ bad: [ObjectID], _ progress: (Int) -> Void) throws(ArchiveError) -> RepairPlan {
        guard let header = journal.header else { return RepairPlan() }
        var plan = RepairPlan()
        var next = (number: 0, head: SequenceHead.start(of: header.archive, hasher))
        var unreadable: [ObjectID] = []
        func closeLoss(at number: Int, _ head: SequenceHead) {
            if number > next.number {
                plan.parts.append(.lost(unreadable, next.number..<number, before: next.head, after: head))
            }
            unreadable = []
        }
        for member in packs.members {
            guard case .open(let history) = member.state else {
                unreadable.append(member.name)
                continue
            }
            let trailer = history.pack.trailer
            closeLoss(at: trailer.first, trailer.headBefore)
            next = (trailer.range.upperBound, trailer.headAfter)
            guard bad.contains(member.name) else {
                plan.parts.append(.sound(history, member.name))
                continue
            }
            let salvage: PackSalvage
            do { salvage = try PackSalvage(member.name, at: ArchiveLayout.pack(member.name), of: storage) } catch {
                throw ArchiveError(error, pack: storage.describe(ArchiveLayout.pack(member.name)))
            }
            plan.parts.append(
                salvage.isForged ? .untouched(salvage, member.name) : .salvaged(salvage, member.name))
        }
        closeLoss(at: header.base, header.baseHead)
        var declared = 0
        for case .tombstone(let tombstone) in history.declarations { declared += tombstone.count }
        do { try plan.assignGaps(declaredForgotten: declared) } catch {
            throw ArchiveError(error, pack: storage.describe(ArchiveLayout.packs))
        }
        return plan
    }

    /// What will be gone, beside what is declared.
    private func account(_ plan: RepairPlan, _ tail: TailSalvage) -> GapAccount {
        var declarations: [Record] = []
        func declare(_ records: [(number: Int, record: [UInt8])]) {
            declarations += records.compactMap { try? RecordFormat.decode($0.record) }
        }
        for part in plan.parts {
            switch part {
            case .sound(let history, _): declarations += history.declarations
            case .salvaged(let salvage, _), .untouched(let salvage, _): declare(salvage.otherRecords)
            case .lost: break
            }
        }
        declare(tail.otherRecords)
        return GapAccount(gaps: plan.gaps.flatMap(\.self) + tail.gaps, declarations: declarations)
    }

    // MARK: Writing

    private func carryOut(
        _ plan: RepairPlan, _ tail: TailSalvage, _ damagedJournal: [UInt8]?, _ scan: JournalScan, at now: Timestamp,
        _ repair: inout Repair
    ) throws(ArchiveError) {
        guard let header = journal.header else { return }
        try preparePackFolders()
        let correction = try correction(plan, tail)
        var changed = JournalHeader(
            archive: header.archive, base: header.base, baseHead: header.baseHead)
        var damaged: [ObjectID] = []
        var source = 0
        for (place, part) in plan.parts.enumerated() {
            switch part {
            case .sound(_, let name):
                if correction.changed.contains(source) {
                    changed.packs.append(try rewrite(correction.sources[source], plan.gaps[place], nil, []))
                    changed.merged.append(name)
                } else {
                    changed.packs.append(name)
                }
                source += 1
            case .salvaged(let salvage, let name):
                changed.packs.append(
                    try rewrite(correction.sources[source], plan.gaps[place], salvage.otherRecords, [name]))
                damaged.append(name)
                source += 1
            case .lost(let names, let range, let before, let after):
                changed.packs += try writeLost(range, plan.gaps[place], before, after)
                damaged += names
            case .untouched(_, let name):
                changed.packs.append(name)
                repair.unrepairable.append(
                    "\(storage.describe(ArchiveLayout.pack(name))) is not what the records before and behind it commit to, "
                        + "and nothing tells what in it was altered: put it back from a copy")
            }
        }
        if !tail.range.isEmpty {
            changed.packs.append(
                try writePack { path throws(PackError) in
                    let name = try tail.write(to: path, of: storage, header, novelties: correction.tail)
                    return (name, name)
                })
            (changed.base, changed.baseHead) = (tail.range.upperBound, tail.headAfter)
        }
        repair.losses = RepairPlan.losses(
            knownLosses(plan, tail, at: now), account: account(plan, tail),
            reason: damaged.isEmpty ? "records are gone that nothing declared" : "a pack could not be read",
            recordedAt: now)
        if let damagedJournal { try keepDamaged(journal: damagedJournal, &repair) }
        // A pack that came out as it was has taken its old place already.
        for name in damaged where changed.packs.contains(name) {
            repair.setAside.append(storage.describe(ArchiveLayout.pack(name)))
        }
        damaged.removeAll(where: changed.packs.contains)
        try replaceJournal(changed, records: repair.losses.map(Record.loss))
        for name in damaged { try moveDamaged(name, &repair) }
        try removeMergedPacks()
    }

    private func correction(_ plan: RepairPlan, _ tail: TailSalvage) throws(ArchiveError) -> NoveltyCorrection {
        do throws(PackError) {
            var sources: [NoveltyCorrection.Source] = []
            var affected = PrefixSet([])
            for part in plan.parts {
                switch part {
                case .sound(let history, _): sources.append(try .init(whole: history.pack))
                case .salvaged(let salvage, _):
                    affected.formUnion(salvage.lostPrefixes)
                    sources.append(.init(pack: salvage.pack, blocks: salvage.blocks, bits: 64))
                case .lost: affected.formUnion(.all)
                case .untouched: break
                }
            }
            return try NoveltyCorrection(sources, tail: tail.noveltyRows, affected: affected)
        } catch {
            throw ArchiveError(error, pack: storage.describe(ArchiveLayout.packs))
        }
    }

    /// The losses of which it is known whose they are.
    private func knownLosses(_ plan: RepairPlan, _ tail: TailSalvage, at now: Timestamp) -> [Loss] {
        var losses: [Loss] = []
        for case .salvaged(let salvage, let name) in plan.parts {
            for run in salvage.damagedRuns {
                guard let affected = Affected.spans(run).first else { continue }
                losses.append(
                    Loss(
                        affected, count: run.reduce(0) { $0 + $1.rows },
                        reason: "a part of the pack \(name.abbreviated()) was damaged", recordedAt: now))
            }
        }
        for observation in tail.withoutDocument {
            let affected = Affected(
                player: observation.player, board: observation.board, from: observation.capturedAt,
                to: observation.capturedAt)
            losses.append(Loss(affected, count: 1, reason: "its document was damaged or missing", recordedAt: now))
        }
        for affected in journalDamage.flatMap(\.affects) where affected.player != nil {
            losses.append(Loss(affected, count: 1, reason: "the journal was damaged", recordedAt: now))
        }
        return losses
    }
}
