public import Archive
public import CanonicalJSON
import ObjectStore

/// The answer of `forget`.
public enum ForgetShape {
    /// What was forgotten.
    public static func json(_ done: Forgetting, _ selection: ForgetSelection) -> JSONValue {
        Shape.object([
            JSONMember("player", .player(selection.player)),
            JSONMember("board", .board(selection.board)),
            JSONMember("captured_at", .time(selection.capturedAt)),
            JSONMember("observations", .integer(done.observations)),
            JSONMember("other_records", .integer(done.otherRecords)),
            JSONMember("tags", .texts(done.tags)),
            JSONMember("from", .time(done.from)),
            JSONMember("to", .time(done.to)),
            JSONMember("damaged_files", .integer(done.damagedFiles)),
        ])
    }
}
