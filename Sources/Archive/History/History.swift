import CivilTime
public import Hiscores
public import ObjectStore

/// What the sequence of records says, arranged to be asked: ref logs, tags, and where each document was first seen.
///
/// It asks its sources and merges what they answer. Whatever may load throws `corrupt`, `missing`, `unsupported` or
/// `io`. One thread at a time.
public final class History {
    /// The sources in the order of the sequence, which they tile; the journal is the last.
    let sources: [any HistorySource]
    /// What the journal says, the last of the sources.
    let journal: JournalHistory
    /// Whether there may be observations of ranks alone.
    private(set) var mayHoldRanksOnly: Bool
    /// The logs of players who were asked for, in the order of the boards. The first player's stand apart: making a
    /// dictionary's type costs a short command more than it would save.
    private var firstLogs: (player: PlayerName, logs: [RefLog])?
    private var logs: [PlayerName: [RefLog]] = [:]
    /// What the rename links say, once somebody asked.
    private var knownLineage: Lineage?

    /// The history that sealed ranges, in their order, and the journal behind them make.
    init(
        sealed: [any HistorySource] = [], journal: JournalHistory = JournalHistory(), mayHoldRanksOnly: Bool = false
    ) {
        (sources, self.journal, self.mayHoldRanksOnly) = (sealed + [journal], journal, mayHoldRanksOnly)
    }

    /// Takes in records that join the sequence at its end, in its order. Logs that were handed out stay as they are.
    func append(_ records: [(number: Int, id: ObjectID, record: Record)]) {
        // Let go of first, so that the journal's rows are not copied.
        for case (_, _, .observation(let observation)) in records {
            if firstLogs?.player == observation.player { firstLogs = nil }
            logs[observation.player] = nil
            if observation.result == .ranksOnly { mayHoldRanksOnly = true }
        }
        if records.contains(where: { if case .rename = $0.record { true } else { false } }) { knownLineage = nil }
        journal.append(records)
    }

    // MARK: Logs

    /// All players, by name.
    public func players() throws(ArchiveError) -> [PlayerName] {
        var players: [PlayerName] = []
        for source in sources { players += try source.players() }
        players.sort()
        var count = 0
        for player in players where count == 0 || players[count - 1] != player {
            players[count] = player
            count += 1
        }
        return Array(players[..<count])
    }

    /// The ref logs of one player, in the order of the boards; none for a player who is not here.
    public func logs(of player: PlayerName) throws(ArchiveError) -> [RefLog] {
        if let firstLogs, firstLogs.player == player { return firstLogs.logs }
        if !logs.isEmpty, let known = logs[player] { return known }
        let found = try assembleLogs(of: player)
        guard !found.isEmpty else { return found }
        if firstLogs == nil { firstLogs = (player, found) } else { logs[player] = found }
        return found
    }

    /// The ref log of one player on one board.
    public func log(_ player: PlayerName, _ board: Board) throws(ArchiveError) -> RefLog? {
        try logs(of: player).first { $0.board == board }
    }

    /// All ref logs, by player, then board. They are the caller's alone: what they load goes with them.
    public func allLogs() throws(ArchiveError) -> [RefLog] {
        // A source's segments of one log mostly come together: what is sorted are such runs.
        var runs: [(series: SeriesKey, segments: [any LogSegment])] = []
        for source in sources {
            let start = runs.count
            for (series, segment) in try source.allSegments() {
                if runs.count > start, runs[runs.count - 1].series == series {
                    runs[runs.count - 1].segments.append(segment)
                } else {
                    runs.append((series, [segment]))
                }
            }
        }
        let order = Board.allCases
        runs.sort { left, right in
            left.series.player == right.series.player
                ? (order.firstIndex(of: left.series.board) ?? 0) < (order.firstIndex(of: right.series.board) ?? 0)
                : left.series.player < right.series.player
        }
        var logs: [RefLog] = []
        var next = 0
        while next < runs.count {
            let series = runs[next].series
            var segments: [any LogSegment] = []
            while next < runs.count, runs[next].series == series {
                segments += runs[next].segments
                next += 1
            }
            logs.append(
                RefLog(
                    board: series.board, player: series.player, segments: segments, mayHoldRanksOnly: mayHoldRanksOnly))
        }
        return logs
    }

    private func assembleLogs(of player: PlayerName) throws(ArchiveError) -> [RefLog] {
        var segments: [(board: Board, segment: any LogSegment)] = []
        for source in sources { segments += try source.segments(of: player) }
        return Board.allCases.compactMap { board in
            let parts = segments.filter { $0.board == board }.map(\.segment)
            guard !parts.isEmpty else { return nil }
            return RefLog(board: board, player: player, segments: parts, mayHoldRanksOnly: mayHoldRanksOnly)
        }
    }

    /// The log that a bare player means, among those of one account: that of the newest ok observation among main,
    /// ironman, hardcore ironman and ultimate, the first of them where several are equally new. Where there is none, the
    /// first log with a snapshot, else one that has failures only to tell of.
    static func principalLog(among logs: [RefLog]) throws(ArchiveError) -> RefLog? {
        var newest: (log: RefLog, head: Timestamp)?
        for board in [Board.main, .ironman, .hardcoreIronman, .ultimate] {
            guard let log = logs.first(where: { $0.board == board }), let head = try log.headMoment else { continue }
            if let newest, newest.head >= head { continue }
            newest = (log, head)
        }
        return newest?.log ?? logs.first { $0.successCount > 0 } ?? logs.first
    }

    /// The name as it was last served or asked for.
    public func displayName(of player: PlayerName) throws(ArchiveError) -> String? {
        var candidates: [(log: RefLog, row: LogRow)] = []
        for log in try logs(of: player) {
            if let last = try log.last, last.result != .ok { candidates.append((log, last)) }
            if mayHoldRanksOnly, let served = try log.lastServed, served.result != .ok {
                candidates.append((log, served))
            }
            if let success = try log.lastSuccess { candidates.append((log, success)) }
        }
        candidates.sort { left, right in
            let (leftServed, rightServed) = (left.row.result.isServed, right.row.result.isServed)
            return leftServed == rightServed ? left.row.point > right.row.point : leftServed
        }
        for (log, row) in candidates {
            do { if let name = try log.displayName(of: row) { return name } } catch {
                guard error.isDamage else { throw error }
            }
        }
        return nil
    }

    // MARK: Observations and documents

    /// Observations in all logs.
    public var observationCount: Int { sources.reduce(0) { $0 + $1.observationCount } }

    /// Distinct snapshot ids.
    public var snapshotCount: Int { sources.reduce(0) { $0 + $1.newSnapshots } }

    /// The selected observations in the order of the sequence.
    public func entriesInSequenceOrder(_ selection: ExportSelection = ExportSelection()) -> SequenceEntries {
        var rest = sources[...]
        var entries: SequenceEntries?
        return SequenceEntries(documentAtHand: { entries?.documentAtHand() }) { () throws(ArchiveError) in
            while true {
                if let entry = try entries?.next() { return entry }
                guard let source = rest.popFirst() else { return nil }
                entries = source.entriesInSequenceOrder(selection)
            }
        }
    }

    /// The first sighting of a snapshot in time; a kept body of an invalid answer has none.
    public func sighting(of id: ObjectID) throws(ArchiveError) -> LogEntry? {
        var first: LogEntry?
        for source in sources {
            guard let found = try source.sighting(of: id) else { continue }
            if first.map({ found.row.point < $0.row.point }) ?? true { first = found }
        }
        return first
    }

    /// Whether a committed record names this document.
    func names(_ id: ObjectID) throws(ArchiveError) -> Bool {
        // What is looked for is mostly new.
        for source in sources.reversed() where try source.names(id) { return true }
        return false
    }

    /// The ids of documents between two ids that a committed record names.
    func ids(in bounds: ClosedRange<ObjectID>) throws(ArchiveError) -> Set<ObjectID> {
        var ids: Set<ObjectID> = []
        for source in sources { ids.formUnion(try source.ids(in: bounds)) }
        return ids
    }

    /// Whether that very observation is there.
    func contains(_ observation: Observation) throws(ArchiveError) -> Bool {
        try log(observation.player, observation.board)?.contains(observation.identity) ?? false
    }

    // MARK: Other records

    /// The tags that stand, by name. O(tags).
    public var tags: [String: Tag] {
        var tags: [String: Tag] = [:]
        for source in sources { tags.merge(source.tags) { _, later in later } }
        return tags.filter { $0.value.target != nil }
    }

    /// The tag of that name, where it stands.
    public func tag(_ name: String) -> Tag? {
        for source in sources.reversed() {
            if let tag = source.tags[name] { return tag.target == nil ? nil : tag }
        }
        return nil
    }

    /// The rename links, tombstones and declared losses, in sequence order.
    public var declarations: [Record] { sources.flatMap(\.declarations) }

    /// What the rename links say: which names were one account, and when. O(links) where they are new, else nothing.
    public var lineage: Lineage {
        if let knownLineage { return knownLineage }
        let lineage = Lineage(declarations)
        knownLineage = lineage
        return lineage
    }

    /// Whether that very declaration is there.
    func contains(_ declaration: Record) -> Bool { sources.contains { $0.contains(declaration) } }
}
