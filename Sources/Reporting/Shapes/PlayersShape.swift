import Archive
public import CanonicalJSON
import Hiscores

/// A line of `players`.
public enum PlayersShape {
    /// A player and what the archive holds of each board.
    public static func json(_ player: PlayerOverview) -> JSONValue {
        Shape.object([
            JSONMember("player", .player(player.player)),
            JSONMember("display_name", .text(player.displayName)),
            JSONMember("boards", .array(player.boards.map(board))),
        ])
    }

    private static func board(_ board: BoardOverview) -> JSONValue {
        .object([
            JSONMember("board", .board(board.board)),
            JSONMember("observations", .integer(board.observations)),
            JSONMember("snapshots", .integer(board.snapshots)),
            JSONMember("first", .time(board.first)),
            JSONMember("last_ok", .time(board.lastSuccess)),
            JSONMember("last_failure", board.lastFailure.map(failure) ?? .null),
        ])
    }

    private static func failure(_ failure: BoardOverview.Failure) -> JSONValue {
        .object([JSONMember("at", .time(failure.at)), JSONMember("outcome", .text(failure.outcome.rawValue))])
    }
}
