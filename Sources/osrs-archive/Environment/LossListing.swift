import Archive
import CivilTime
import Hiscores

/// The declared losses of the logs that are listed, newest first, each in its place among the rows.
struct LossListing {
    /// The oldest first.
    private var waiting: [Loss]

    /// The losses of an account, or of everybody and of nobody knows whom, that lie within bounds.
    init(of archive: Archive, _ account: Account?, on board: Board?, since: Timestamp?, until: Timestamp?) {
        let players = account.map { Set($0.tenures.map(\.player)) }
        waiting = archive.history.declarations.compactMap { if case .loss(let loss) = $0 { loss } else { nil } }
            .filter { loss in
                (players.map { players in loss.player.map(players.contains) ?? false } ?? true)
                    && (board == nil || loss.board == board) && loss.count > 0
                    && (since.map { $0 <= loss.to ?? .latest } ?? true)
                    && (until.map { loss.from ?? .earliest <= $0 } ?? true)
            }
            .sorted { ($0.to ?? .earliest) < ($1.to ?? .earliest) }
    }

    /// Those that end at this moment or later.
    mutating func next(before moment: Timestamp) -> [Loss] {
        var found: [Loss] = []
        while let last = waiting.last, last.to ?? .earliest >= moment {
            waiting.removeLast()
            found.append(last)
        }
        return found
    }

    /// Those that are left.
    mutating func rest() -> [Loss] {
        defer { waiting = [] }
        return waiting.reversed()
    }
}
