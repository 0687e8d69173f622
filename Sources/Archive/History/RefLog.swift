public import CivilTime
public import Hiscores
public import ObjectStore

/// One observation at its place in the sequence.
public struct LogEntry: Hashable, Sendable {
    /// The record's number in the archive's sequence.
    public let sequenceNumber: Int
    /// The record's SHA-256.
    public let record: ObjectID
    /// What was seen.
    public let observation: Observation

    /// An entry of given parts.
    public init(sequenceNumber: Int, record: ObjectID, observation: Observation) {
        (self.sequenceNumber, self.record, self.observation) = (sequenceNumber, record, observation)
    }

    /// By `captured_at`, then by sequence number: the order of a ref log.
    static func precedes(_ left: LogEntry, _ right: LogEntry) -> Bool {
        (left.observation.capturedAt, left.sequenceNumber) < (right.observation.capturedAt, right.sequenceNumber)
    }
}

/// What an observation brought, as shown to people.
public enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// A snapshot that differs from the ok observation before.
    case stored
    /// The same snapshot as the ok observation before.
    case unchanged
    /// Only ranks moved and the document was not kept (rank policy).
    case ranksOnly = "ranks_only"
    /// See `Observation.Result`.
    case notFound = "not_found"
    /// See `Observation.Result`.
    case unavailable
    /// See `Observation.Result`.
    case throttled
    /// See `Observation.Result`.
    case invalid
}

/// The ref log: all observations of one player on one board, in time order. *Before* and *previous* mean the order of
/// `captured_at` among ok observations; failures are never resolved to.
public struct RefLog: Sendable {
    /// The board.
    public let board: Board
    /// The player.
    public let player: PlayerName
    /// All observations, by `captured_at`, then sequence number.
    public private(set) var entries: [LogEntry] = []
    /// The ok ones among them, in the same order.
    public private(set) var successes: [LogEntry] = []

    init(board: Board, player: PlayerName) { (self.board, self.player) = (board, player) }

    /// Puts entries in their places. For m entries O(m log m), O(m) where they come in order; where one of them is
    /// older than the newest here, one pass over those that stand behind it besides.
    mutating func insert(_ new: [LogEntry]) {
        Self.insert(new, into: &entries)
        Self.insert(new.filter { $0.observation.result == .ok }, into: &successes)
    }

    private static func insert(_ new: [LogEntry], into entries: inout [LogEntry]) {
        let new = new.sorted(by: LogEntry.precedes)
        guard let first = new.first, let last = entries.last, LogEntry.precedes(first, last) else {
            entries += new
            return
        }
        let start = entries.partitioningIndex { LogEntry.precedes(first, $0) }
        let later = Array(entries[start...])
        entries.removeSubrange(start...)
        var next = 0
        for entry in new {
            while next < later.count, LogEntry.precedes(later[next], entry) {
                entries.append(later[next])
                next += 1
            }
            entries.append(entry)
        }
        entries += later[next...]
    }

    /// The newest ok observation.
    public var head: LogEntry? { successes.last }

    /// The ok observation at a position, 0 being the oldest.
    public func success(at position: Int) -> LogEntry? {
        successes.indices.contains(position) ? successes[position] : nil
    }

    /// The position of the last ok observation at or before a moment. O(log n).
    public func position(atOrBefore moment: Timestamp) -> Int? {
        let later = successes.partitioningIndex { $0.observation.capturedAt > moment }
        return later == 0 ? nil : later - 1
    }

    /// The position of an ok observation of this log. O(log n).
    public func position(of entry: LogEntry) -> Int? {
        let index = successes.partitioningIndex { !LogEntry.precedes($0, entry) }
        return index < successes.count && successes[index] == entry ? index : nil
    }

    /// The position that lies `changes` changes of snapshot id before `position`, or nil where history is shorter.
    public func position(changes: Int, before position: Int) -> Int? {
        var remaining = changes
        var index = position
        while remaining > 0 {
            let id = successes[index].observation.snapshot
            while index >= 0, successes[index].observation.snapshot == id { index -= 1 }
            if index < 0 { return nil }
            remaining -= 1
        }
        return index
    }

    /// The ok observation before an entry of this log (of any result).
    public func success(before entry: LogEntry) -> LogEntry? {
        let index = successes.partitioningIndex { !LogEntry.precedes($0, entry) }
        return index == 0 ? nil : successes[index - 1]
    }

    /// What an entry of this log brought.
    public func outcome(of entry: LogEntry) -> Outcome {
        switch entry.observation.result {
        case .ok: success(before: entry)?.observation.snapshot == entry.observation.snapshot ? .unchanged : .stored
        case .notFound: .notFound
        case .unavailable: .unavailable
        case .throttled: .throttled
        case .invalid: .invalid
        }
    }

    /// Whether this log has that very observation. O(log n).
    public func contains(_ identity: Observation.Identity) -> Bool {
        var index = entries.partitioningIndex { $0.observation.capturedAt >= identity.capturedAt }
        while index < entries.count, entries[index].observation.capturedAt == identity.capturedAt {
            if entries[index].observation.identity == identity { return true }
            index += 1
        }
        return false
    }
}

extension Array {
    /// The first index whose element satisfies `predicate`, in an array where all that do stand last. O(log n).
    func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
