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

    static let unknown = Affected(player: nil, board: nil, from: nil, to: nil)
}

/// What can still be made out of damaged records: a hint for people as to whom they were about, never trusted.
enum LegibleRecord {
    /// Whom each record in a stretch of a journal was about, in order; one of whom nothing is known where none can be
    /// made out. O(bytes).
    static func find(in file: [UInt8], _ stretch: Range<Int>) -> [Affected] {
        let starts = starts(in: file, stretch)
        let ends = starts.dropFirst() + [stretch.upperBound]
        let found = zip(starts, ends).map { affected(in: file[$0..<$1]) }.filter { $0 != .unknown }
        return found.isEmpty ? [.unknown] : found
    }

    /// Where records may begin, the stretch's own start first: behind a sound head, or at a brace on the grid of frames
    /// that opens no member's value.
    private static func starts(in file: [UInt8], _ stretch: Range<Int>) -> [Int] {
        let grid = JournalFormat.alignment
        let first = (stretch.lowerBound / grid + 1) * grid
        return [stretch.lowerBound]
            + stride(from: first, to: stretch.upperBound, by: grid).filter { offset in
                if file[offset...].starts(with: "{\"".utf8) {
                    return !file[..<offset].suffix(2).elementsEqual("\":".utf8)
                }
                return JournalFormat.hasSoundHead(in: file, at: offset - grid)
            }
    }

    private static func affected(in bytes: ArraySlice<UInt8>) -> Affected {
        let moment = number(after: "\"captured_at\":", in: bytes).flatMap(Timestamp.init(millisecondsSinceEpoch:))
        return Affected(
            player: text(after: "\"player\":\"", in: bytes).flatMap(PlayerName.init(normalising:)),
            board: text(after: "\"board\":\"", in: bytes).flatMap(Board.init(rawValue:)), from: moment, to: moment)
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
