public import CivilTime
public import Hiscores

/// A player, a board and the moments between which something is wrong; nil where it is not known.
public struct Affected: Hashable, Sendable {
    /// The player, or nil.
    public var player: PlayerName?
    /// The board, or nil.
    public var board: Board?
    /// The first moment, or nil.
    public var from: Timestamp?
    /// The last moment, or nil.
    public var to: Timestamp?

    /// Parts as known.
    public init(player: PlayerName?, board: Board?, from: Timestamp?, to: Timestamp?) {
        (self.player, self.board, self.from, self.to) = (player, board, from, to)
    }
}

/// What can still be made out of a damaged record: a hint for people as to whom it was about, never trusted.
enum LegibleRecord {
    static func find(in bytes: ArraySlice<UInt8>) -> [Affected] {
        let moment = number(after: "\"captured_at\":", in: bytes).flatMap(Timestamp.init(millisecondsSinceEpoch:))
        let affected = Affected(
            player: text(after: "\"player\":\"", in: bytes).flatMap(PlayerName.init(normalising:)),
            board: text(after: "\"board\":\"", in: bytes).flatMap(Board.init(rawValue:)), from: moment, to: moment)
        return [affected]
    }

    private static func text(after label: String, in bytes: ArraySlice<UInt8>) -> String? {
        guard let start = end(of: label, in: bytes) else { return nil }
        let text = bytes[start...].prefix(64).prefix { $0 != UInt8(ascii: "\"") }
        return String(validating: text, as: UTF8.self)
    }

    private static func number(after label: String, in bytes: ArraySlice<UInt8>) -> Int64? {
        guard let start = end(of: label, in: bytes) else { return nil }
        let digits = bytes[start...].prefix(20).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    private static func end(of label: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let label = Array(label.utf8)
        var start = bytes.startIndex
        while start + label.count <= bytes.endIndex {
            if bytes[start..<start + label.count].elementsEqual(label) { return start + label.count }
            start += 1
        }
        return nil
    }
}
