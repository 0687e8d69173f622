import CivilTime
import Hiscores

/// Where an observation stands among those of all logs: by `captured_at`, then the board's name, then sequence number.
/// No two of an archive are equal.
struct ListingPoint: Hashable, Comparable {
    let capturedAt: Timestamp
    let board: Board
    let sequenceNumber: Int

    /// Behind all others.
    static let latest = ListingPoint(
        LogPoint(capturedAt: .latest, sequenceNumber: .max), on: Board.allCases.max { $0.precedes($1) } ?? .main)

    init(_ point: LogPoint, on board: Board) {
        (capturedAt, self.board, sequenceNumber) = (point.capturedAt, board, point.sequenceNumber)
    }

    init(_ entry: LogEntry) { self.init(entry.row.point, on: entry.observation.board) }

    static func < (left: ListingPoint, right: ListingPoint) -> Bool {
        if left.capturedAt != right.capturedAt { return left.capturedAt < right.capturedAt }
        if left.board != right.board { return left.board.precedes(right.board) }
        return left.sequenceNumber < right.sequenceNumber
    }
}
