public import Archive
public import CivilTime
public import Hiscores
public import HiscoresClient
import ObjectStore

/// One account on one board, as asked for.
public struct CaptureTarget: Hashable, Sendable {
    /// The name as typed, checked and trimmed: what goes to the service.
    public let name: String
    /// The name under which the archive keeps the account.
    public let player: PlayerName
    /// The board.
    public let board: Board

    /// A target. Throws where the service cannot have an account of that name.
    public init(name: String, board: Board) throws(PlayerNameError) {
        self.name = try PlayerName.validated(name)
        guard let player = PlayerName(normalising: self.name) else { throw .empty }
        (self.player, self.board) = (player, board)
    }
}

/// Captures accounts one after the other under one run id: asks the service, and commits what it said before it goes
/// on. The archive is not locked while the network is waited for.
public struct CaptureRun {
    private let client: HiscoresClient
    private let clock: any WallClock
    private let lockTimeout: LockTimeout
    private let source: String
    private let agent: String
    private let id: String

    /// A run. `source` is the endpoint's address, `agent` the program and its version, `id` the run's id.
    public init(
        client: HiscoresClient, clock: any WallClock, lockTimeout: LockTimeout, source: String, agent: String,
        id: String
    ) {
        (self.client, self.clock, self.lockTimeout) = (client, clock, lockTimeout)
        (self.source, self.agent, self.id) = (source, agent, id)
    }

    /// Why nothing was captured, and no attempt recorded: the service was never asked.
    public struct LocalFailure: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong on this machine.
        public let description: String
    }

    /// One attempt: the answer, recorded. Every attempt leaves a record. Throws `LocalFailure` where nothing could be
    /// sent, and `ArchiveError` where the record could not be kept.
    public func capture(_ target: CaptureTarget, into archive: Archive) throws -> CaptureResult {
        // Nothing is asked for that could not be kept.
        try archive.reload()
        try archive.refuseDamage()
        let answer = client.look(board: target.board, player: target.name)
        if case .failure(let error) = answer.response, error.isLocal {
            throw LocalFailure(description: error.description)
        }
        var (observation, document) = observe(answer, target)
        try archive.reload()
        // A capture is an event of its own, even where a set clock shows the same millisecond twice.
        while try archive.history.log(target.player, target.board)?.contains(observation.identity) == true {
            guard observation.capturedAt < .latest else {
                throw ArchiveError(.invalidRecord, "the clock stands at the end of time; set it back")
            }
            observation.capturedAt = observation.capturedAt.advanced(byMilliseconds: 1)
        }
        if observation.result == .ok, let document {
            let suspicions = SnapshotSuspicions.of(observation, document, in: archive)
            observation.evidence.suspicions = suspicions.map(\.rawValue)
        }
        var batch = Batch()
        batch.add(observation, document: document)
        let committed = try archive.commit(batch, lockTimeout: lockTimeout)
        guard case .added(let number, let record) = committed.first,
            let log = try archive.history.accountLog(
                of: target.player, target.board, at: observation.capturedAt)
        else { throw ArchiveError(.invalidRecord, "the observation of \(target.name) was not kept") }
        let entry = LogEntry(sequenceNumber: number, record: record, observation: observation)
        return CaptureResult(target: target, entry: entry, log: log, answer: answer)
    }

    /// What an answer means, as an observation and the document to keep.
    private func observe(_ answer: Answer, _ target: CaptureTarget) -> (Observation, [UInt8]?) {
        var observation = Observation(
            board: target.board, player: target.player, displayName: target.name, capturedAt: clock.now(),
            result: .unavailable,
            evidence: Evidence(
                httpStatus: answer.http?.status, latencyMilliseconds: answer.latencyMilliseconds, attempt: 1,
                error: answer.reason, redirect: answer.redirect, source: source, agent: agent, run: id,
                clockIsSet: clock.isSet))
        var document: [UInt8]?
        switch answer.outcome {
        case .ok(let served):
            observation.result = .ok
            observation.displayName = served.displayName ?? target.name
            observation.snapshot = SHA256.digest(served.canonical)
            observation.progress = SHA256.digest(served.progress)
            document = served.canonical
        case .notFound: observation.result = .notFound
        case .unavailable: observation.result = .unavailable
        case .throttled: observation.result = .throttled
        case .invalid:
            observation.result = .invalid
            document = answer.http?.body
        }
        if observation.result != .ok, let http = answer.http, !http.body.isEmpty {
            observation.evidence.body = AnswerBody(
                contentType: http.contentType, bytes: http.body.count, id: SHA256.digest(http.body),
                isKept: observation.result == .invalid)
        }
        return (observation, document)
    }
}

/// What one attempt brought, at its place in the log.
public struct CaptureResult {
    /// What was asked for.
    public let target: CaptureTarget
    /// The record.
    public let entry: LogEntry
    /// The ref log with the record in it.
    public let log: RefLog
    /// The service's answer.
    public let answer: Answer

    /// What it brought; `stored` for a snapshot of which the past does not tell.
    public let outcome: Outcome
    /// The ok observation before it; nil where it cannot be read, too.
    public let previous: LogEntry?
    /// Why the log before it cannot be read: the capture is kept all the same.
    public let pastFailure: ArchiveError?

    init(target: CaptureTarget, entry: LogEntry, log: RefLog, answer: Answer) {
        (self.target, self.entry, self.log, self.answer) = (target, entry, log, answer)
        var (outcome, previous, failure) = (Outcome.stored, LogEntry?.none, ArchiveError?.none)
        do throws(ArchiveError) {
            outcome = try log.outcome(of: entry.row)
            previous = try log.success(before: entry.row)
        } catch {
            failure = error
        }
        (self.outcome, self.previous, pastFailure) = (outcome, previous, failure)
    }
}
