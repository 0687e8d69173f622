import CivilTime

extension Affected {
    /// What a log spans.
    init(_ log: RefLog) {
        self.init(
            player: log.player, board: log.board, from: log.bounds?.lowerBound.capturedAt,
            to: log.bounds?.upperBound.capturedAt)
    }

    /// What entries of one player and board span; all of them have the same player and board.
    init(_ entries: [LogEntry]) {
        let moments = entries.map(\.observation.capturedAt)
        self.init(
            player: entries.first?.observation.player, board: entries.first?.observation.board, from: moments.min(),
            to: moments.max())
    }

    /// What blocks of packs span, one for each log, in their order.
    static func spans(_ entries: [PackBlockEntry]) -> [Affected] {
        var spans: [Affected] = []
        for entry in entries {
            let (from, to) = (
                Timestamp(millisecondsSinceEpoch: entry.first), Timestamp(millisecondsSinceEpoch: entry.last)
            )
            if let last = spans.last, last.player == entry.series.player, last.board == entry.series.board {
                spans[spans.count - 1].to = [last.to, to].compactMap(\.self).max()
            } else {
                spans.append(Affected(player: entry.series.player, board: entry.series.board, from: from, to: to))
            }
        }
        return spans
    }
}
