public import CivilTime
public import Hiscores

/// Which observations of all logs are listed.
public struct ListingSelection: Hashable, Sendable {
    /// Only this board.
    public var board: Board?
    /// Failed attempts, too.
    public var failures: Bool
    /// From this moment on.
    public var since: Timestamp?
    /// Up to this moment.
    public var until: Timestamp?

    /// A selection of given parts.
    public init(board: Board? = nil, failures: Bool, since: Timestamp? = nil, until: Timestamp? = nil) {
        (self.board, self.failures, self.since, self.until) = (board, failures, since, until)
    }

    fileprivate func includes(_ observation: Observation) -> Bool {
        (board == nil || observation.board == board) && (failures || observation.result.isServed)
            && until.map { observation.capturedAt <= $0 } ?? true
    }
}

/// How far one source has been read.
private struct NewestLane {
    private let source: any NewestObservations
    private let selection: ListingSelection
    private var index = 0
    private(set) var head: Head

    enum Head {
        /// What comes next.
        case entry(LogEntry)
        /// Whatever comes is older than this.
        case unknown(below: ListingPoint)
        case end
    }

    init(_ source: any NewestObservations, _ selection: ListingSelection) {
        (self.source, self.selection, head) = (source, selection, .end)
        advance()
    }

    /// Where the head stands; nil at the end.
    var point: ListingPoint? {
        switch head {
        case .entry(let entry): ListingPoint(entry)
        case .unknown(let point): point
        case .end: nil
        }
    }

    mutating func advance() {
        while let entry = source.entry(at: index) {
            index += 1
            if let since = selection.since, entry.observation.capturedAt < since {
                head = .end
                return
            }
            if selection.includes(entry.observation) {
                head = .entry(entry)
                return
            }
        }
        let last = index > 0 ? source.entry(at: index - 1).map { ListingPoint($0) } : nil
        head = source.isWhole ? .end : .unknown(below: last ?? .latest)
    }
}

extension History {
    /// The newest selected observations of all logs by `captured_at`, then the board's name, then sequence number, and
    /// what each brought; at most so many. Nil where only the logs can tell: `MergedRows` then does. Looks into a log
    /// only where the ok observation before may stand in another source. Where renames are followed and there are any, the
    /// observation before may stand under another name: only the logs can tell.
    public func newest(
        _ count: Int, _ selection: ListingSelection, followingRenames: Bool = false
    ) throws(ArchiveError) -> [(entry: LogEntry, outcome: Outcome)]? {
        if followingRenames, !lineage.isEmpty { return nil }
        var newest: [any NewestObservations] = []
        for source in sources {
            guard let listed = source.newestFirst() else { return nil }
            newest.append(listed)
        }
        var lanes = newest.map { NewestLane($0, selection) }
        var found: [(entry: LogEntry, outcome: Outcome)] = []
        while found.count < count {
            var (next, point): (Int?, ListingPoint?) = (nil, nil)
            for (number, lane) in lanes.enumerated() {
                guard let other = lane.point, point.map({ $0 < other }) ?? true else { continue }
                (next, point) = (number, other)
            }
            guard let next else { break }
            guard case .entry(let entry) = lanes[next].head else { return nil }
            found.append((entry, try outcome(of: entry, newest)))
            lanes[next].advance()
        }
        return found
    }

    private func outcome(of entry: LogEntry, _ newest: [any NewestObservations]) throws(ArchiveError) -> Outcome {
        if let outcome = Outcome(withoutDocument: entry.observation.result) { return outcome }
        var (last, isSame, unknown): (LogPoint?, Bool, Timestamp?) = (nil, false, nil)
        for source in newest {
            switch source.success(before: entry) {
            case .none: break
            case .at(let point, let same):
                if last.map({ $0 < point }) ?? true { (last, isSame) = (point, same) }
            case .unknown(let moment): unknown = max(unknown ?? .earliest, moment)
            }
        }
        if let unknown, last.map({ $0.capturedAt <= unknown }) ?? true {
            let log = try log(entry.observation.player, entry.observation.board)
            return try log?.outcome(of: entry.row) ?? .stored
        }
        return last != nil && isSame ? .unchanged : .stored
    }
}
