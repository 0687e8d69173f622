public import Hiscores
public import ObjectStore

/// What the sequence of records says, arranged to be asked: ref logs, tags, and where each document was first seen.
public struct History: Sendable {
    /// The ref logs by player and board.
    public private(set) var logs: [PlayerName: [Board: RefLog]] = [:]
    /// The tags that stand, by name.
    public private(set) var tags: [String: Tag] = [:]
    /// The rename links and tombstones, in sequence order.
    public private(set) var declarations: [Record] = []
    private var declared: Set<Record> = []
    /// The first sighting of each snapshot in time; kept bodies of invalid answers have none.
    public private(set) var sightings: [ObjectID: LogEntry] = [:]
    /// The ids of kept bodies of invalid answers.
    public private(set) var keptBodies: Set<ObjectID> = []
    /// Observations in all logs.
    public private(set) var observationCount = 0

    init() {}

    /// Takes in records in sequence order.
    mutating func append(_ records: [(number: Int, id: ObjectID, record: Record)]) {
        var fresh: [PlayerName: [Board: [LogEntry]]] = [:]
        for (number, id, record) in records {
            switch record {
            case .observation(let observation):
                let entry = LogEntry(sequenceNumber: number, record: id, observation: observation)
                fresh[observation.player, default: [:]][observation.board, default: []].append(entry)
                note(entry)
            case .tag(let tag):
                tags[tag.name] = tag.target == nil ? nil : tag
            case .rename, .tombstone:
                declarations.append(record)
                declared.insert(record)
            }
        }
        for (player, boards) in fresh {
            for (board, entries) in boards {
                logs[player, default: [:]][board, default: RefLog(board: board, player: player)].insert(entries)
            }
        }
    }

    private mutating func note(_ entry: LogEntry) {
        observationCount += 1
        if let snapshot = entry.observation.snapshot {
            let known = sightings[snapshot]
            if known.map({ LogEntry.precedes(entry, $0) }) ?? true { sightings[snapshot] = entry }
        }
        if let body = entry.observation.evidence.body, body.isKept { keptBodies.insert(body.id) }
    }

    /// The ref log of one player on one board.
    public func log(_ player: PlayerName, _ board: Board) -> RefLog? { logs[player]?[board] }

    /// The ref logs of one player, in the order of the boards.
    public func logs(of player: PlayerName) -> [RefLog] {
        Board.allCases.compactMap { logs[player]?[$0] }
    }

    /// All players, by name.
    public var players: [PlayerName] { logs.keys.sorted() }

    /// All ref logs, by player, then board.
    public var allLogs: [RefLog] { players.flatMap { logs(of: $0) } }

    /// The board that a bare player means: that of the newest ok observation among main, ironman, hardcore ironman and
    /// ultimate, the first of them where several are equally new.
    public func principalLog(of player: PlayerName) -> RefLog? {
        var newest: RefLog?
        for board in [Board.main, .ironman, .hardcoreIronman, .ultimate] {
            guard let log = log(player, board), let head = log.head else { continue }
            if let best = newest?.head, best.observation.capturedAt >= head.observation.capturedAt { continue }
            newest = log
        }
        return newest
    }

    /// The name as it was last served or asked for.
    public func displayName(of player: PlayerName) -> String? {
        logs(of: player)
            .flatMap { log in log.entries.suffix(1) + log.successes.suffix(1) }
            .filter { $0.observation.displayName != nil }
            .max { left, right in
                let (leftOk, rightOk) = (left.observation.result == .ok, right.observation.result == .ok)
                return leftOk == rightOk ? LogEntry.precedes(left, right) : !leftOk
            }?.observation.displayName
    }

    /// Whether that very observation is there.
    func contains(_ observation: Observation) -> Bool {
        log(observation.player, observation.board)?.contains(observation.identity) ?? false
    }

    /// Whether that very rename link or tombstone is there.
    func contains(_ declaration: Record) -> Bool { declared.contains(declaration) }

    /// Whether a committed record names this document.
    func names(_ id: ObjectID) -> Bool { sightings[id] != nil || keptBodies.contains(id) }
}
