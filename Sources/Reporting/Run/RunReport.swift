public import Archive
public import CivilTime
public import Hiscores

/// What a run of captures came to, account by account: what summaries and metrics are made of.
public struct RunReport: Hashable, Sendable {
    /// What one board came to for one account.
    public struct Item: Hashable, Sendable {
        /// The account.
        public let player: PlayerName
        /// The board that was asked.
        public let board: Board
        /// How the last attempt ended.
        public let outcome: Outcome
        /// Requests that were made, 0 where none was.
        public let attempts: Int
        /// Bytes in the body of the last answer; nil where that is not known any more.
        public let bytes: Int?
        /// Milliseconds from the last request to the end of its answer; nil where that is not known.
        public let durationMilliseconds: Int64?
        /// When the newest ok observation was made, this run's included; nil where there is none.
        public let lastSuccess: Timestamp?

        /// An item of given parts.
        public init(
            player: PlayerName, board: Board, outcome: Outcome, attempts: Int, bytes: Int?,
            durationMilliseconds: Int64?, lastSuccess: Timestamp?
        ) {
            (self.player, self.board, self.outcome) = (player, board, outcome)
            (self.attempts, self.bytes, self.durationMilliseconds) = (attempts, bytes, durationMilliseconds)
            self.lastSuccess = lastSuccess
        }
    }

    /// The run's id.
    public let run: String
    /// When it began.
    public let startedAt: Timestamp
    /// When it ended.
    public let endedAt: Timestamp
    /// What it brought, in the order in which it came.
    public let items: [Item]

    /// A report of given parts.
    public init(run: String, startedAt: Timestamp, endedAt: Timestamp, items: [Item]) {
        (self.run, self.startedAt, self.endedAt, self.items) = (run, startedAt, endedAt, items)
    }

    /// Requests that were made.
    public var attempts: Int { items.reduce(0) { $0 + $1.attempts } }

    /// Bytes in the bodies of the last answers.
    public var bytes: Int { items.reduce(0) { $0 + ($1.bytes ?? 0) } }

    /// Milliseconds that the run took; 0 where the clock went back.
    public var durationMilliseconds: Int64 { max(0, endedAt.milliseconds(since: startedAt)) }

    /// How many items ended so.
    public func count(_ outcome: Outcome) -> Int { items.count { $0.outcome == outcome } }

    /// How many items brought no snapshot.
    public var failures: Int { items.count { $0.outcome.isFailure } }

    /// The run in a line: `Captured 12 of 14 boards in 14 s with 17 requests: 9 stored, 3 unchanged, 2 not found`.
    public var summary: String {
        let outcomes = Outcome.allCases.compactMap { outcome in
            let number = count(outcome)
            return number == 0 ? nil : "\(Numbers.grouped(number)) \(outcome.words)"
        }
        let done = "Captured \(Numbers.grouped(items.count - failures)) of \(Numbers.count(items.count, "board"))"
        let effort = "in \(Times.span(milliseconds: durationMilliseconds)) with \(Numbers.count(attempts, "request"))"
        return "\(done) \(effort)" + (outcomes.isEmpty ? "" : ": \(outcomes.joined(separator: ", "))")
    }
}
