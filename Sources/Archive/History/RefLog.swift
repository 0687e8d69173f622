public import CivilTime
public import Hiscores

/// The ref log: all observations of one player on one board, in time order. *Before* and *previous* mean the order of
/// `captured_at` among ok observations; failures are never resolved to. A *position* counts ok observations, 0 being the
/// oldest.
///
/// It is a view of segments that are loaded when something in them is asked for, and never changes. Whatever may load
/// throws `corrupt`, `missing`, `unsupported` or `io`. Positions count what is damaged, too; rows and what is said to be
/// newest, oldest or before pass over it, and the archive's `metDamage` names it. One thread at a time.
public final class RefLog {
    /// The board.
    public let board: Board
    /// The player; of a log that was followed through renames, the name that the account was asked for by.
    public let player: PlayerName
    /// Under which names it was made, newest first.
    public let tenures: [Tenure]
    /// All observations. Loads nothing.
    public let count: Int
    /// The ok ones among them. Loads nothing.
    public let successCount: Int
    /// Distinct snapshot ids, each name's counted apart. Loads nothing.
    public var snapshotCount: Int { stretches.reduce(0) { $0 + $1.segments.reduce(0) { $0 + $1.newSnapshots } } }
    /// Whether observations of ranks alone may be among those that are not ok.
    let mayHoldRanksOnly: Bool
    /// Where the first and the last observation stand; nil for an empty log. Loads nothing.
    public var bounds: ClosedRange<LogPoint>? {
        guard let first = stretches.first, let last = stretches.last else { return nil }
        return first.bounds.lowerBound...last.bounds.upperBound
    }

    /// The parts of the log, in order.
    let stretches: [LogStretch]
    /// How many ok observations stand before each stretch, and in all.
    private let successesBefore: [Int]
    /// The stretches that were looked into last, the newest look last: the rest is the sources' to keep.
    private var recent: [(number: Int, rows: StretchRows)] = []
    private static let recentLimit = 2

    /// The log that segments make together, in whatever order they come; of one name unless tenures are given.
    init(
        board: Board, player: PlayerName, tenures: [Tenure]? = nil, segments: [any LogSegment],
        mayHoldRanksOnly: Bool = false
    ) {
        (self.board, self.player, self.tenures) = (board, player, tenures ?? [Tenure(player: player)])
        self.mayHoldRanksOnly = mayHoldRanksOnly
        stretches = LogStretch.stretches(of: segments)
        var before = [0]
        var (count, successCount) = (0, 0)
        for stretch in stretches {
            count += stretch.count
            successCount += stretch.successCount
            before.append(successCount)
        }
        (self.count, self.successCount, successesBefore) = (count, successCount, before)
    }

    /// The rows of a stretch, all of them. Throws `corrupt` where they are not what was promised.
    private func load(_ number: Int) throws(ArchiveError) -> StretchRows {
        let rows = try loadLegible(number)
        if let damage = rows.damage { throw damage }
        return rows
    }

    /// The rows of a stretch without those that are damaged. Throws `corrupt` where they are not what was promised.
    func loadLegible(_ number: Int) throws(ArchiveError) -> StretchRows {
        if let index = recent.firstIndex(where: { $0.number == number }) {
            let found = recent.remove(at: index)
            recent.append(found)
            return found.rows
        }
        guard let rows = try stretches[number].load() else {
            let bounds = stretches[number].bounds
            throw ArchiveError(
                .corrupt,
                "the observations of \(player) on \(board.rawValue) from \(bounds.lowerBound.capturedAt) to "
                    + "\(bounds.upperBound.capturedAt) are not those that the directory promises; "
                    + "run `osrs-archive verify` for the whole picture")
        }
        if recent.count == Self.recentLimit { recent.removeFirst() }
        recent.append((number, rows))
        return rows
    }

    // MARK: Rows

    /// The rows with their bounds included, oldest or newest first, pulled one at a time; without `failures` ok ones
    /// alone, so each has a document.
    public func rows(
        _ direction: LogRows.Direction, failures: Bool, since: Timestamp? = nil, until: Timestamp? = nil
    ) -> LogRows {
        LogRows(self, direction, failures ? .everything : .kept, since: since, until: until)
    }

    /// The rows that brought a snapshot, with their bounds included, pulled one at a time: also those whose document is
    /// declared absent since it differed in ranks alone.
    public func servedRows(
        _ direction: LogRows.Direction, since: Timestamp? = nil, until: Timestamp? = nil
    ) -> LogRows {
        LogRows(self, direction, .served, since: since, until: until)
    }

    /// The newest observation, whatever its result.
    public var last: LogRow? {
        get throws(ArchiveError) {
            for (number, stretch) in stretches.enumerated().reversed() {
                if stretch.isAllSuccesses { return LogRow(point: stretch.bounds.upperBound, result: .ok) }
                if let row = try loadLegible(number).rows.last { return row }
            }
            return nil
        }
    }

    /// The oldest ok observation. Loads nothing where the first stretch has no failures.
    public var firstSuccess: LogRow? {
        get throws(ArchiveError) {
            for (number, stretch) in stretches.enumerated() where stretch.successCount > 0 {
                if stretch.isAllSuccesses { return LogRow(point: stretch.bounds.lowerBound, result: .ok) }
                if let row = try loadLegible(number).rows.first(where: { $0.result == .ok }) { return row }
            }
            return nil
        }
    }

    /// The newest ok observation. Loads nothing where the last stretch has no failures.
    public var lastSuccess: LogRow? {
        get throws(ArchiveError) {
            for (number, stretch) in stretches.enumerated().reversed() where stretch.successCount > 0 {
                if stretch.isAllSuccesses { return LogRow(point: stretch.bounds.upperBound, result: .ok) }
                if let row = try loadLegible(number).rows.last(where: { $0.result == .ok }) { return row }
            }
            return nil
        }
    }

    /// The newest observation that brought a snapshot, be its document kept or not. Loads nothing where the last stretch
    /// has no failures.
    public var lastServed: LogRow? {
        get throws(ArchiveError) {
            guard mayHoldRanksOnly else { return try lastSuccess }
            for (number, stretch) in stretches.enumerated().reversed() {
                if stretch.isAllSuccesses { return LogRow(point: stretch.bounds.upperBound, result: .ok) }
                if let row = try loadLegible(number).rows.last(where: \.result.isServed) { return row }
            }
            return nil
        }
    }

    /// When the newest ok observation was made; where it may be among what is damaged, the end of that. It tells which
    /// of several logs is meant, and damage shall not make that another one.
    var headMoment: Timestamp? {
        get throws(ArchiveError) {
            guard let number = stretches.lastIndex(where: { $0.successCount > 0 }) else { return nil }
            let stretch = stretches[number]
            if !stretch.isAllSuccesses {
                let rows = try loadLegible(number)
                if rows.damage == nil { return rows.rows.last { $0.result == .ok }?.capturedAt }
            }
            return stretch.bounds.upperBound.capturedAt
        }
    }

    /// The newest failure. Loads nothing where there is none.
    public var lastFailure: LogRow? {
        get throws(ArchiveError) {
            for (number, stretch) in stretches.enumerated().reversed() where !stretch.isAllSuccesses {
                if let row = try loadLegible(number).rows.last(where: { !$0.result.isServed }) { return row }
            }
            return nil
        }
    }

    private func successRow(at position: Int) throws(ArchiveError) -> LogRow? {
        guard let (number, index) = place(of: position) else { return nil }
        let stretch = stretches[number]
        if stretch.isAllSuccesses {
            if index == 0 { return LogRow(point: stretch.bounds.lowerBound, result: .ok) }
            if index == stretch.count - 1 { return LogRow(point: stretch.bounds.upperBound, result: .ok) }
        }
        let rows = try load(number)
        return rows.rows[rows.index(ofSuccess: index)]
    }

    // MARK: Positions

    /// The position of the last ok observation at or before a moment.
    public func position(atOrBefore moment: Timestamp) throws(ArchiveError) -> Int? {
        // Behind all that stand at that moment.
        let count = try successCount(before: LogPoint(capturedAt: moment, sequenceNumber: .max))
        return count == 0 ? nil : count - 1
    }

    /// The position of an ok observation of this log.
    public func position(of row: LogRow) throws(ArchiveError) -> Int? {
        let position = try successCount(before: row.point)
        return try successRow(at: position) == row ? position : nil
    }

    /// The position that lies `changes` changes of snapshot id before `position`, or nil where history is shorter.
    public func position(changes: Int, before position: Int) throws(ArchiveError) -> Int? {
        var position = position
        for _ in 0..<changes {
            while position > 0, try repeatsDocument(at: position) { position -= 1 }
            guard position > 0 else { return nil }
            position -= 1
        }
        return position
    }

    /// The number of a position's stretch, and how many ok ones stand before it there.
    private func place(of position: Int) -> (stretch: Int, index: Int)? {
        guard position >= 0, position < successCount else { return nil }
        let number = successesBefore.partitioningIndex { $0 > position } - 1
        return (number, position - successesBefore[number])
    }

    private func successCount(before point: LogPoint) throws(ArchiveError) -> Int {
        let number = stretches.partitioningIndex { $0.bounds.upperBound >= point }
        guard number < stretches.count, stretches[number].bounds.lowerBound < point else {
            return successesBefore[number]
        }
        let rows = try load(number)
        return successesBefore[number] + rows.successCount(among: rows.rows.partitioningIndex { $0.point >= point })
    }

    /// Whether the ok observation at a position has the same document as the one before.
    private func repeatsDocument(at position: Int) throws(ArchiveError) -> Bool {
        guard position > 0, let (number, index) = place(of: position) else { return false }
        if let repeats = try load(number).repeatsDocument(ofSuccess: index) { return repeats }
        return try success(at: position)?.observation.snapshot == success(at: position - 1)?.observation.snapshot
    }

    // MARK: Whole observations

    /// The newest ok observation.
    public var head: LogEntry? { get throws(ArchiveError) { try success(at: successCount - 1) } }

    /// The ok observation at a position.
    public func success(at position: Int) throws(ArchiveError) -> LogEntry? {
        guard let (number, index) = place(of: position) else { return nil }
        let rows = try load(number)
        return try rows.entry(at: rows.index(ofSuccess: index))
    }

    /// The ok observation before a row of this log (of any result).
    public func success(before row: LogRow) throws(ArchiveError) -> LogEntry? {
        var number = stretches.partitioningIndex { $0.bounds.upperBound >= row.point }
        if number < stretches.count, stretches[number].bounds.lowerBound < row.point {
            let rows = try loadLegible(number)
            let before = rows.successCount(among: rows.rows.partitioningIndex { $0.point >= row.point })
            if before > 0 { return try rows.entry(at: rows.index(ofSuccess: before - 1)) }
        }
        while number > 0 {
            number -= 1
            guard stretches[number].successCount > 0 else { continue }
            let rows = try loadLegible(number)
            let count = rows.successCount
            if count > 0 { return try rows.entry(at: rows.index(ofSuccess: count - 1)) }
        }
        return nil
    }

    /// The whole observation of a row of this log. Throws `refNotFound` for any other.
    public func entry(of row: LogRow) throws(ArchiveError) -> LogEntry {
        let (rows, index) = try find(row)
        return try rows.entry(at: index)
    }

    /// The display name in the observation of a row of this log; cheaper than the whole of it. Throws `refNotFound` for
    /// any other.
    public func displayName(of row: LogRow) throws(ArchiveError) -> String? {
        let (rows, index) = try find(row)
        return try rows.displayName(at: index)
    }

    /// What a row of this log brought. Computes ids only where the row before stands in another segment.
    public func outcome(of row: LogRow) throws(ArchiveError) -> Outcome {
        if let outcome = Outcome(withoutDocument: row.result) { return outcome }
        return try repeatsDocument(row) ? .unchanged : .stored
    }

    /// Whether an ok row has the same document as the ok one before it.
    private func repeatsDocument(_ row: LogRow) throws(ArchiveError) -> Bool {
        let (rows, index) = try find(row)
        if let repeats = try rows.repeatsDocument(ofSuccess: rows.successCount(among: index)) { return repeats }
        guard let before = try success(before: row) else { return false }
        return try rows.entry(at: index).observation.snapshot == before.observation.snapshot
    }

    /// Whether this log has that very observation; throws where it may be among what is damaged. Loads only the stretches that span its moment.
    public func contains(_ identity: Observation.Identity) throws(ArchiveError) -> Bool {
        guard identity.board == board, identity.player == player else { return false }
        let moment = identity.capturedAt
        var number = stretches.partitioningIndex { $0.bounds.upperBound.capturedAt >= moment }
        var damage: ArchiveError?
        while number < stretches.count, stretches[number].bounds.lowerBound.capturedAt <= moment {
            let rows = try loadLegible(number)
            damage = damage ?? rows.damage
            var index = rows.rows.partitioningIndex { $0.capturedAt >= moment }
            while index < rows.rows.count, rows.rows[index].capturedAt == moment {
                if rows.rows[index].result == identity.result,
                    try rows.entry(at: index).observation.identity == identity
                {
                    return true
                }
                index += 1
            }
            number += 1
        }
        if let damage { throw damage }
        return false
    }

    private func find(_ row: LogRow) throws(ArchiveError) -> (rows: StretchRows, index: Int) {
        let number = stretches.partitioningIndex { $0.bounds.upperBound >= row.point }
        if number < stretches.count {
            let rows = try loadLegible(number)
            if let index = rows.index(of: row.point) { return (rows, index) }
            if let damage = rows.damage { throw damage }
        }
        throw ArchiveError(
            .refNotFound, "the log of \(player) on \(board.rawValue) has no observation \(row.sequenceNumber)")
    }
}
