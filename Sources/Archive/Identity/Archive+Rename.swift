public import CivilTime
public import Hiscores

/// Renames: links between names, decided on and written under the writers' lock. They move and delete nothing.
extension Archive {
    /// Writes down that the account called `old` is called `new` from a moment on; `now` is when this is said. Durable
    /// when it returns.
    ///
    /// Where no moment is given it is that of the first snapshot of `new` which is newer than the last one of `old`;
    /// where `new` has none at all, it is `now`. Where `new` has only older ones nobody can tell, and
    /// `renameMomentUnknown` is thrown.
    ///
    /// Throws `renameExists` where the account is known to have that name already, `renameConflict` where another link
    /// of that moment contradicts this one or both would go in a circle, `playerNotFound` or `refNotFound` where nothing
    /// of `old` is known, and as `commit` does. `old` and `new` differ.
    public func rename(
        _ old: PlayerName, to new: PlayerName, at moment: Timestamp?, now: Timestamp, lockTimeout: LockTimeout
    ) throws(ArchiveError) -> RenameLink {
        try commitLink(lockTimeout) { () throws(ArchiveError) in
            let lineage = history.lineage
            guard try !history.logs(of: old).isEmpty || lineage.involves(old) else {
                _ = try account(named: old.key, followingRenames: true)
                throw Self.unknown(old)
            }
            let tenures = lineage.tenures(of: old)
            let ended = moment.map { moment in
                tenures.last { $0.from.map { $0 < moment } ?? true } ?? Tenure(player: old)
            }
            let tenure = ended ?? tenures.last ?? Tenure(player: old)
            try refuseRepetition(of: old, new, in: tenure, at: moment, lineage)
            let effectiveAt: Timestamp
            if let moment { effectiveAt = moment } else { effectiveAt = try momentOfRename(tenure, to: new, now: now) }
            try refuseConflict(of: old, new, at: effectiveAt, lineage)
            return RenameLink(from: old, to: new, effectiveAt: effectiveAt, recordedAt: now, isUndone: false)
        }
    }

    /// Takes the newest link between two names back that stands, or the one of a moment. Durable when it returns. Throws
    /// `refNotFound` where there is none, and as `commit` does.
    public func undoRename(
        _ old: PlayerName, to new: PlayerName, at moment: Timestamp?, now: Timestamp, lockTimeout: LockTimeout
    ) throws(ArchiveError) -> RenameLink {
        try commitLink(lockTimeout) { () throws(ArchiveError) in
            let standing = history.lineage.links.filter {
                $0.from == old || $0.to == old || $0.from == new || $0.to == new
            }
            let found = standing.last {
                $0.from == old && $0.to == new && (moment == nil || $0.effectiveAt == moment)
            }
            guard var link = found else {
                let candidates = standing.map { "\($0.from) \($0.to) --at \($0.effectiveAt)" }
                throw ArchiveError(
                    .refNotFound,
                    "no rename of \(old) to \(new)\(moment.map { " at \($0)" } ?? "") stands"
                        + (candidates.isEmpty ? "" : "; there is \(candidates.joined(separator: ", "))"),
                    ref: old.key, candidates: candidates)
            }
            (link.recordedAt, link.isUndone) = (now, true)
            return link
        }
    }

    /// Commits a link as newer than all that was said of it before.
    private func commitLink(
        _ lockTimeout: LockTimeout, _ decide: () throws(ArchiveError) -> RenameLink
    ) throws(ArchiveError) -> RenameLink {
        var link: RenameLink?
        try commit(lockTimeout: lockTimeout) { () throws(ArchiveError) in
            var decided = try decide()
            for case .rename(let known) in history.declarations
            where (known.from, known.to, known.effectiveAt) == (decided.from, decided.to, decided.effectiveAt) {
                guard known.recordedAt >= decided.recordedAt else { continue }
                decided.recordedAt = known.recordedAt.advanced(byMilliseconds: 1)
            }
            link = decided
            var batch = Batch()
            batch.add(.rename(decided))
            return batch
        }
        guard let link else { throw ArchiveError(.invalidRecord, "the rename was not kept") }
        return link
    }

    private static func unknown(_ player: PlayerName) -> ArchiveError {
        ArchiveError(.playerNotFound, "nothing of \(player) is known here", ref: player.key)
    }

    // MARK: What stands in the way

    /// Refuses a link that says again what the links before or behind it say: the account has left the name for that
    /// other one, and did not come back in between.
    private func refuseRepetition(
        of old: PlayerName, _ new: PlayerName, in tenure: Tenure, at moment: Timestamp?, _ lineage: Lineage
    ) throws(ArchiveError) {
        let before = lineage.links.first {
            $0.from == old && $0.to == new && $0.effectiveAt == tenure.from && lineage.link(beginning: tenure) == nil
        }
        let after = moment == nil ? nil : lineage.link(endingAt: tenure).flatMap { $0.to == new ? $0 : nil }
        guard let known = before ?? after else { return }
        throw ArchiveError(
            .renameExists,
            "\(old) is \(new) since \(known.effectiveAt) already; take that back first with "
                + "`osrs-archive rename \(old) \(new) --undo` where the moment is wrong", ref: old.key)
    }

    /// Refuses a link that at its moment contradicts another one.
    private func refuseConflict(
        of old: PlayerName, _ new: PlayerName, at moment: Timestamp, _ lineage: Lineage
    ) throws(ArchiveError) {
        let links = lineage.links.filter { $0.effectiveAt == moment }
        if let other = links.first(where: { $0.from == old || $0.to == new }) {
            throw ArchiveError(
                .renameConflict,
                "at \(moment) \(other.from) became \(other.to), so \(old) cannot become \(new) then; take that back with "
                    + "--undo, or give another moment with --at", ref: old.key)
        }
        var name = new
        while let next = links.first(where: { $0.from == name }) {
            name = next.to
            guard name != old else {
                throw ArchiveError(
                    .renameConflict,
                    "at \(moment) \(new) became \(old) by another rename: names cannot go round in one moment; "
                        + "give another one with --at", ref: old.key)
            }
        }
    }

    // MARK: When it was

    /// The moment of a rename, from what was captured. Of either name only that counts which lies in its last tenure.
    private func momentOfRename(
        _ tenure: Tenure, to new: PlayerName, now: Timestamp
    ) throws(ArchiveError) -> Timestamp {
        let (old, lineage) = (tenure.player, history.lineage)
        var last: Timestamp?
        for log in try history.logs(of: old) {
            guard let moment = try log.lastSuccess?.capturedAt, tenure.contains(moment) else { continue }
            last = max(last ?? moment, moment)
        }
        if last == nil, let from = tenure.from, lineage.link(beginning: tenure) == nil {
            let link = lineage.links.first { $0.from == old && $0.effectiveAt == from }
            throw ArchiveError(
                .refNotFound,
                "nothing of \(old) was captured since \(from)\(link.map { ", when it became \($0.to)" } ?? ""); "
                    + "name the account as it is called now, or give the moment with --at", ref: old.key,
                candidates: link.map { [$0.to.key] } ?? [])
        }
        let left = max(last ?? .earliest, tenure.from ?? .earliest)
        let taken = lineage.tenures(of: new).last ?? Tenure(player: new)
        var (first, hasOlder): (Timestamp?, Bool) = (nil, false)
        for log in try history.logs(of: new) {
            var rows = log.rows(.oldestFirst, failures: false, since: taken.from)
            if let row = try rows.next(), row.capturedAt <= left { hasOlder = true }
            guard left < .latest else { continue }
            rows = log.rows(
                .oldestFirst, failures: false,
                since: max(taken.from ?? .earliest, left.advanced(byMilliseconds: 1)))
            if let row = try rows.next() { first = min(first ?? row.capturedAt, row.capturedAt) }
        }
        if let first { return first }
        guard !hasOlder else {
            throw ArchiveError(
                .renameMomentUnknown,
                "\(new) was captured before \(left) alone, when the account was still \(old): "
                    + "say with --at when it was renamed",
                ref: old.key)
        }
        return left < now ? now : left.advanced(byMilliseconds: 1)
    }
}
