public import Archive
public import CivilTime
public import Hiscores
import HiscoresClient

/// Gathers what arrived and commits it in batches.
///
/// All answers of a run make one batch, unless it grows large or old: then what has gathered is committed, so that a run
/// that is killed loses little. What a failed commit leaves stays gathered and can be committed again. One thread at a
/// time.
public final class CaptureRecorder {
    /// The most answers of a batch.
    public static let answerLimit = 512
    /// The most bytes of a batch in memory.
    public static let byteLimit = 8 << 20
    /// How long an answer waits for its batch, in real time.
    public static let ageLimit = Duration.seconds(60)

    /// Where it commits.
    public private(set) var archive: Archive
    private let origin: CaptureOrigin
    private let lockTimeout: LockTimeout
    private let clock: any WallClock
    private var gathered: [GatheredAnswer] = []
    /// Bytes of memory that wait for their batch, about.
    public private(set) var gatheredBytes = 0
    /// When the first of them came.
    private var oldest: Duration?
    /// What is kept of whom; every snapshot where nothing is said.
    private var policies: [CaptureTarget: RankPolicy] = [:]
    /// Of whom something is suspected, for lack of a snapshot to mark.
    private var suspected: [PlayerName: Suspicion] = [:]

    /// A recorder into an archive. `clock` tells the age of what has gathered: real time, outside of tests.
    public init(
        _ archive: Archive, origin: CaptureOrigin, lockTimeout: LockTimeout, clock: any WallClock = SystemClock()
    ) {
        (self.archive, self.origin, self.lockTimeout, self.clock) = (archive, origin, lockTimeout, clock)
    }

    /// Gathers what arrived.
    public func add(_ arrival: CaptureArrival) {
        var captured = CapturedObservation(arrival, origin)
        let player = arrival.target.player
        if let suspicion = suspected[player], captured.note(suspicion) { suspected[player] = nil }
        let answer = GatheredAnswer(arrival, captured)
        gathered.append(answer)
        gatheredBytes += answer.memoryBytes
        oldest = oldest ?? clock.elapsed()
    }

    /// How long what has gathered may wait yet, in real time: nothing or less where it is to be committed now, nil where
    /// there is nothing.
    public var timeLeft: Duration? {
        guard let oldest else { return nil }
        if gathered.count >= Self.answerLimit || gatheredBytes >= Self.byteLimit { return .zero }
        return oldest + Self.ageLimit - clock.elapsed()
    }

    /// Answers that wait for their batch.
    public var gatheredCount: Int { gathered.count }

    /// What waits for its batch, in the order of arrival.
    public var gatheredAnswers: [(target: CaptureTarget, moment: Timestamp)] { gathered.map { ($0.target, $0.moment) } }

    /// Says which snapshots of a target are kept from now on.
    public func keep(_ policy: RankPolicy, of target: CaptureTarget) {
        policies[target] = policy == .every ? nil : policy
    }

    /// Marks what has gathered of a player: something beyond its documents gives reason to suspect that. Where no
    /// snapshot of it is among that, the next one will be marked.
    public func suspect(_ suspicion: Suspicion, of player: PlayerName) {
        var isMarked = false
        for index in gathered.indices where gathered[index].target.player == player {
            if gathered[index].captured.note(suspicion) { isMarked = true }
        }
        if !isMarked { suspected[player] = suspicion }
    }

    /// Whether the board listed the account that bears the target's name at that moment when it was last heard of,
    /// failures of the service not counted.
    public func wasListed(_ target: CaptureTarget, at moment: Timestamp) throws(ArchiveError) -> Bool {
        guard let log = try archive.history.accountLog(of: target.player, target.board, at: moment),
            log.successCount > 0
        else { return false }
        var rows = log.rows(.newestFirst, failures: true)
        while let row = try rows.next() {
            if row.result.isServed { return true }
            if row.result == .notFound { return false }
        }
        return false
    }

    /// When an account was last asked about on any board of its choice, up to `until`; nil where it never was.
    public func lastAttempt(_ account: CaptureAccount, until: Timestamp) throws(ArchiveError) -> Timestamp? {
        var newest: Timestamp?
        for log in try archive.history.logs(of: account.player) where account.board.board ?? log.board == log.board {
            var rows = log.rows(.newestFirst, failures: true, until: until)
            if let row = try rows.next() { newest = max(newest ?? .earliest, row.capturedAt) }
        }
        return newest
    }

    /// Whether an account is due that is captured every so many minutes, as its schedule and the archive have it.
    public func isDue(
        _ account: CaptureAccount, everyMinutes minutes: Int, at now: Timestamp
    ) throws(ArchiveError) -> Bool {
        let schedule = AccountSchedule(intervalMinutes: minutes, player: account.player, board: account.board)
        return schedule.due(lastAttempt: try lastAttempt(account, until: schedule.slot(at: now).upperBound), now: now)
            <= now
    }

    /// Opens the archive anew: once a write has failed, an opened archive writes no more. What has gathered stays.
    public func reopen() throws(ArchiveError) { archive = try Archive.open(archive.storage) }

    /// Commits what has gathered; gives the results of the targets that are finished by it, in the order of arrival.
    /// Where it throws, all of it stays gathered.
    public func commit() throws(ArchiveError) -> [CaptureResult] {
        guard !gathered.isEmpty else { return [] }
        try archive.reload()
        noteSuspicions()
        try applyPolicies()
        let committed = try archive.commit(lockTimeout: lockTimeout) { () throws(ArchiveError) in
            // Under the lock: another writer may have asked the same player in the same millisecond.
            try makeDistinct()
            var batch = Batch()
            for answer in gathered { batch.add(answer.captured.observation, document: answer.captured.document) }
            return batch
        }
        let kept = gathered
        (gathered, gatheredBytes, oldest) = ([], 0, nil)
        var results: [CaptureResult] = []
        for (answer, outcome) in zip(kept, committed) {
            guard let ending = answer.ending else { continue }
            let (target, observation) = (answer.target, answer.captured.observation)
            guard case .added(let number, let record) = outcome,
                let log = try archive.history.accountLog(of: target.player, target.board, at: observation.capturedAt)
            else { throw ArchiveError(.invalidRecord, "the observation of \(target.name) was not kept") }
            let entry = LogEntry(sequenceNumber: number, record: record, observation: observation)
            results.append(CaptureResult(answer, ending, entry: entry, log: log))
        }
        return results
    }

    /// Holds each new snapshot against the one before it in the archive.
    private func noteSuspicions() {
        for index in gathered.indices {
            let (observation, document) = (gathered[index].captured.observation, gathered[index].captured.document)
            guard observation.result == .ok, let document else { continue }
            for suspicion in SnapshotSuspicions.of(observation, document, in: archive) {
                gathered[index].captured.note(suspicion)
            }
        }
    }

    /// Lets go of the documents that the accounts' policies do not keep.
    private func applyPolicies() throws(ArchiveError) {
        guard !policies.isEmpty else { return }
        var newest: [CaptureTarget: Observation] = [:]
        for index in gathered.indices {
            let (target, observation) = (gathered[index].target, gathered[index].captured.observation)
            guard let policy = policies[target], observation.result == .ok else { continue }
            var before = newest[target]
            if before == nil {
                let log = try archive.history.accountLog(of: target.player, target.board, at: observation.capturedAt)
                if let log, let row = try log.lastSuccess { before = try log.entry(of: row).observation }
            }
            gathered[index].captured.record(as: policy.recorded(observation, after: before))
            if gathered[index].captured.observation.result == .ok { newest[target] = observation }
        }
    }

    /// A capture is an event of its own, even where a set clock shows the same millisecond twice: it moves on until no
    /// other observation is the same.
    private func makeDistinct() throws(ArchiveError) {
        var taken: Set<Observation.Identity> = []
        for index in gathered.indices {
            var observation = gathered[index].captured.observation
            let log = try archive.history.log(observation.player, observation.board)
            while true {
                let isKept = try log?.contains(observation.identity) ?? false
                if !isKept, taken.insert(observation.identity).inserted { break }
                guard observation.capturedAt < .latest else {
                    throw ArchiveError(.invalidRecord, "the clock stands at the end of time; set it back")
                }
                observation.capturedAt = observation.capturedAt.advanced(byMilliseconds: 1)
            }
            gathered[index].captured.observation = observation
        }
    }
}
