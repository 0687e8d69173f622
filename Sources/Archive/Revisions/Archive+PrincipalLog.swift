import CanonicalJSON
import Hiscores

extension Archive {
    /// The log that a bare player means, among those of one account: as `History.principalLog` says, but never one on a
    /// board that is known to be frozen, because its newest snapshot shows less experience than that of another board
    /// (`AccountStanding`). An account that died or left its mode stays on such a board, and may have been asked about
    /// there last. Reads the newest snapshots only where there are several boards and the newest one is not main, which
    /// never freezes.
    public func principalLog(among logs: [RefLog]) throws(ArchiveError) -> RefLog? {
        guard let newest = try History.principalLog(among: logs) else { return nil }
        let listed = logs.filter { AccountEvidence.boards.contains($0.board) && $0.successCount > 0 }
        guard newest.board != .main, newest.successCount > 0, listed.count > 1 else { return newest }
        var evidence = AccountEvidence()
        for log in listed { evidence[log.board] = try testimony(of: log) }
        let frozen = AccountStanding(evidence).frozenBoards
        guard frozen.contains(newest.board) else { return newest }
        return try History.principalLog(among: logs.filter { !frozen.contains($0.board) }) ?? newest
    }

    /// What the newest snapshot of a log tells of the account's type; nothing where it cannot be read.
    private func testimony(of log: RefLog) throws(ArchiveError) -> BoardTestimony {
        do throws(ArchiveError) {
            guard let row = try log.lastSuccess, let document = try document(of: try log.entry(of: row)),
                let value = try? JSONValue(parsing: document), let view = HiscoreDocument(value)
            else { return .unknown }
            return BoardTestimony(view)
        } catch {
            guard error.isDamage else { throw error }
            return .unknown
        }
    }
}
