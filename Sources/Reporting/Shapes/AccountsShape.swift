public import CanonicalJSON
import Hiscores

/// A line of `accounts`.
public enum AccountsShape {
    /// An account as the list has it.
    public static func json(_ account: ListedAccount) -> JSONValue {
        Shape.object([
            JSONMember("name", .text(account.name)),
            JSONMember("player", .player(account.player)),
            JSONMember("board", .text(account.board)),
            JSONMember("interval_minutes", .integer(account.intervalMinutes)),
            JSONMember("display_name", .text(account.displayName)),
            JSONMember("paused", .bool(account.isPaused)),
            JSONMember("ranks", .text(account.ranks)),
        ])
    }
}
