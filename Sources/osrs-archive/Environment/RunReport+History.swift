import Archive
import Capture
import Reporting

extension RunReport.Item {
    /// What the archive has of an account, an item for each board that would be asked now and ever showed it: how the newest
    /// attempt ended, and when the newest snapshot was made. Of the one board of a round its failures are told, too.
    static func known(of round: AccountRound, in history: History) throws(ArchiveError) -> [RunReport.Item] {
        var items: [RunReport.Item] = []
        for board in round.boards {
            guard let log = try history.log(round.account.player, board), let newest = try log.last,
                log.successCount > 0 || round.boards.count == 1
            else { continue }
            let evidence = try log.entry(of: newest).observation.evidence
            items.append(
                RunReport.Item(
                    player: round.account.player, board: board, outcome: try log.outcome(of: newest),
                    attempts: evidence.attempt ?? 0, bytes: nil,
                    durationMilliseconds: evidence.latencyMilliseconds.map(Int64.init),
                    lastSuccess: try log.lastServed?.capturedAt))
        }
        return items
    }
}
