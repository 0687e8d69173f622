public import CivilTime
public import Hiscores

/// Histories of accounts, followed through their renames. Where no link names a player these are the logs of that name,
/// at no cost.
extension History {
    /// The account that a name stands for: the one that has it now. Where nothing was ever captured of that one, the last
    /// one before it of which something was.
    ///
    /// So a name that an account left, and that nobody took since, goes on standing for that account, and failed
    /// attempts since then are listed with it.
    public func account(named name: PlayerName) throws(ArchiveError) -> Account {
        guard lineage.involves(name) else { return Account(name, logs: try logs(of: name)) }
        let tenures = lineage.tenures(of: name)
        for (index, tenure) in tenures.enumerated().reversed() {
            let isLast = index == tenures.count - 1
            var chain = lineage.tenures(upTo: tenure)
            var logs = try self.logs(name, over: chain)
            guard logs.contains(where: { $0.successCount > 0 }) else { continue }
            if !isLast {
                chain[0] = tenure.withoutEnd
                logs = try self.logs(name, over: chain)
            }
            return try account(name, chain, logs, later: lineage.links(after: tenure))
        }
        let chain = lineage.tenures(upTo: tenures.last ?? Tenure(player: name))
        return try account(name, chain, try logs(name, over: chain), later: [])
    }

    /// The whole history of the account that had a name at a moment, under all names that it ever had.
    public func account(named name: PlayerName, at moment: Timestamp) throws(ArchiveError) -> Account {
        guard lineage.involves(name) else { return try account(named: name) }
        let tenure = lineage.tenure(of: name, at: moment)
        let last = lineage.links(after: tenure).last.map { lineage.tenure(of: $0.to, at: $0.effectiveAt) } ?? tenure
        let chain = lineage.tenures(upTo: last)
        return try account(last.player, chain, try logs(last.player, over: chain), later: [])
    }

    /// The log on a board of the account that had a name at a moment, under all names that it ever had.
    public func accountLog(
        of player: PlayerName, _ board: Board, at moment: Timestamp
    ) throws(ArchiveError) -> RefLog? {
        try account(named: player, at: moment).logs.first { $0.board == board }
    }

    /// The accounts that names stand for now, each once, by name: not names that were left for another one. Where renames
    /// are not followed, one for each name.
    public func accounts(followingRenames: Bool) throws(ArchiveError) -> [Account] {
        let lineage = followingRenames ? self.lineage : Lineage([])
        var accounts: [Account] = []
        var logs = try allLogs()[...]
        while let player = logs.first?.player {
            let end = logs.firstIndex { $0.player != player } ?? logs.endIndex
            if !lineage.involves(player) { accounts.append(Account(player, logs: Array(logs[..<end]))) }
            logs = logs[end...]
        }
        guard !lineage.isEmpty else { return accounts }
        for name in lineage.names {
            let account = try account(named: name)
            if account.later.isEmpty, !account.logs.isEmpty { accounts.append(account) }
        }
        return accounts.sorted { $0.name < $1.name }
    }

    /// All ref logs, each observation in one of them: those of accounts that links name over all their names.
    public func allLogsOfAccounts() throws(ArchiveError) -> [RefLog] {
        let logs = try allLogs()
        guard !lineage.isEmpty else { return logs }
        var followed = logs.filter { !lineage.involves($0.player) }
        for name in lineage.names {
            for tenure in lineage.tenures(of: name) where lineage.link(endingAt: tenure) == nil {
                followed += try self.logs(name, over: lineage.tenures(upTo: tenure))
            }
        }
        return followed
    }

    private func account(
        _ name: PlayerName, _ tenures: [Tenure], _ logs: [RefLog], later: [RenameLink]
    ) throws(ArchiveError) -> Account {
        let own = tenures.filter { $0.player == name }
        let former = lineage.tenures(of: name).filter { tenure in
            guard let until = tenure.until, let from = tenures.first?.from else { return false }
            return until <= from && !own.contains(tenure)
        }.map { lineage.links(after: $0) }.filter { !$0.isEmpty }
        let all = try self.logs(of: name)
        var count = all.reduce(0) { $0 + $1.count }
        for log in all { for tenure in own { count -= try log.segments(in: tenure).reduce(0) { $0 + $1.count } } }
        return Account(
            name, tenures: tenures, logs: logs, later: later, formerHolders: former, foreignObservations: count)
    }

    /// The logs that an account has over tenures, under a name, in the order of the boards.
    private func logs(_ name: PlayerName, over tenures: [Tenure]) throws(ArchiveError) -> [RefLog] {
        var segments: [Board: [any LogSegment]] = [:]
        for tenure in tenures {
            for log in try logs(of: tenure.player) {
                let part = try log.segments(in: tenure)
                if !part.isEmpty { segments[log.board, default: []] += part }
            }
        }
        return Board.allCases.compactMap { board in
            segments[board].map { segments in
                RefLog(
                    board: board, player: name, tenures: tenures, segments: segments,
                    mayHoldRanksOnly: mayHoldRanksOnly)
            }
        }
    }
}

extension RefLog {
    /// The segments of this log as far as they lie in a tenure.
    func segments(in tenure: Tenure) throws(ArchiveError) -> [any LogSegment] {
        var parts: [any LogSegment] = []
        for stretch in stretches {
            for segment in stretch.segments {
                if let part = try TenureSegment.part(of: segment, in: tenure) { parts.append(part) }
            }
        }
        return parts
    }

    /// Whether an observation is one of the account that this log is of.
    public func covers(_ observation: Observation) -> Bool {
        observation.board == board
            && tenures.contains { $0.player == observation.player && $0.contains(observation.capturedAt) }
    }
}
