import Archive
import CivilTime
import Hiscores

/// The players of an archive for people.
public enum PlayersText {
    /// A table of players and boards.
    public static func table(_ players: [PlayerOverview], style: Style = .plain) -> String {
        let rows = players.flatMap { player in player.boards.map { row(player, $0) } }
        return TextTable(
            [
                ("Player", .leading), ("Name", .leading), ("Board", .leading), ("Observations", .trailing),
                ("Snapshots", .trailing), ("First", .leading), ("Last ok", .leading), ("Last failure", .leading),
                ("Reason", .leading),
            ], rows: rows
        ).lines(style).joined(separator: "\n")
    }

    private static func row(_ player: PlayerOverview, _ board: BoardOverview) -> [TextTable.Cell] {
        let failure = board.lastFailure.map { "\(Times.moment($0.at)) \($0.outcome.words)" } ?? ""
        return [
            .init(player.player.key), .init(player.displayName ?? "", .muted), .init(board.board.rawValue),
            .init(Numbers.grouped(board.observations)), .init(Numbers.grouped(board.snapshots)),
            .init(Times.moment(board.first)), .init(Times.moment(board.lastSuccess)),
            .init(failure, board.lastFailure?.outcome.role ?? .plain),
            .init(board.lastFailure?.reason ?? "", .muted),
        ]
    }
}
