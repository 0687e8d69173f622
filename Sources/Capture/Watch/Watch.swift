public import Archive
public import CivilTime

/// Captures accounts on their schedules until it is stopped.
///
/// An interval ends with a record: whoever could not be asked by then, be it that the service is out or that the pace does
/// not suffice, is recorded as not asked, and has its next turn in the next interval.
///
/// What is due together is committed together. While the archive cannot be written (a full disk), answers stay in memory,
/// up to `memoryLimit` bytes, and it is tried again; beyond that nobody new is asked until it can. One
/// thread at a time.
public final class Watch {
    /// Who is watched, and what somebody wants to hear.
    public struct Handlers {
        /// The accounts anew, where the list has changed or somebody asked for that; nil otherwise. Asked often.
        public var accounts: () -> [(account: CaptureAccount, intervalMinutes: Int)]?
        /// The round to begin with an account now.
        public var round: (CaptureAccount) throws -> AccountRound
        /// What the boards said of an account that is finished; its records may not be durable yet.
        public var finished: (AccountRound) throws -> Void
        /// A batch that is durable now.
        public var committed: ([CaptureResult]) throws -> Void
        /// The archive cannot be written, for the first time since it could, or since the end was asked for: so many
        /// answers wait.
        public var cannotWrite: (ArchiveError, _ answers: Int, _ bytes: Int, _ isEnding: Bool) -> Void
        /// The archive can be written again.
        public var canWriteAgain: () -> Void

        /// Handlers, all of them.
        public init(
            accounts: @escaping () -> [(account: CaptureAccount, intervalMinutes: Int)]?,
            round: @escaping (CaptureAccount) throws -> AccountRound,
            finished: @escaping (AccountRound) throws -> Void,
            committed: @escaping ([CaptureResult]) throws -> Void,
            cannotWrite: @escaping (ArchiveError, Int, Int, Bool) -> Void,
            canWriteAgain: @escaping () -> Void
        ) {
            (self.accounts, self.round, self.finished) = (accounts, round, finished)
            (self.committed, self.cannotWrite, self.canWriteAgain) = (committed, cannotWrite, canWriteAgain)
        }
    }

    /// The most bytes that wait for an archive that cannot be written.
    public static let memoryLimit = 64 << 20
    /// How long it waits, in real time, before it tries again to write.
    public static let writeRetry = Duration.seconds(15)
    /// How long it waits at most before it tries again at the end.
    private static let lastRetry = Duration.seconds(2)
    /// How long, in real time, it goes on trying to write at the end.
    public static let lastWait = Duration.seconds(30)
    /// How often, in real time, it asks whether the list of accounts has changed.
    public static let listInterval = Duration.seconds(2)
    /// A batch is committed when nobody is due for so long, in real time; else with those who are due next.
    public static let pause = Duration.seconds(1)
    /// The waits before a 404 that may be a lie is asked about again, as Wise Old Man does.
    public static let secondLooks = [Duration.seconds(60), .seconds(120), .seconds(240), .seconds(480)]

    private let engine: CaptureEngine
    private let recorder: CaptureRecorder
    private let rounds: AccountRounds
    private let clock: any WallClock
    private let handlers: Handlers
    private let writeRetry: Duration
    private let lastWait: Duration
    private var list = WatchList()
    private let machineClock = SystemClock()
    /// When the archive may be tried again, in real time; nil while it can be written.
    private var retryAt: Duration?
    private var listAskedAt: Duration?

    /// A watch that drives `engine`, one that stays open, and keeps what arrives by `recorder`.
    public init(
        engine: CaptureEngine, recorder: CaptureRecorder, clock: any WallClock, handlers: Handlers,
        secondLooks: [Duration] = Watch.secondLooks, writeRetry: Duration = Watch.writeRetry,
        lastWait: Duration = Watch.lastWait
    ) {
        (self.engine, self.recorder, self.clock, self.handlers) = (engine, recorder, clock, handlers)
        (self.writeRetry, self.lastWait) = (writeRetry, lastWait)
        rounds = AccountRounds(engine: engine, recorder: recorder, secondLooks: secondLooks)
    }

    /// Captures until the engine is stopped; then requests on their way are waited for a little, and all that arrived is
    /// committed: where the archive cannot be written, that is tried for `lastWait`, and then thrown. Throws what cannot
    /// be mended by waiting: `LocalFailure`, damage to the archive, and what the handlers throw; what arrived before is
    /// committed where that can be done. What the recorder holds after that is lost.
    public func run() throws {
        do {
            while try step() {}
        } catch {
            try? commit()
            throw error
        }
        let end = machineClock.elapsed() + lastWait
        retryAt = nil
        while true {
            try commit(machineClock.elapsed() < end ? .mayWait : .isOver)
            guard let next = retryAt else { return }
            machineClock.sleep(milliseconds: (min(next, end) - machineClock.elapsed()).roundedUpToMilliseconds)
        }
    }

    /// One thing at a time; false at the end.
    private func step() throws -> Bool {
        try askForList()
        try beginDue()
        switch engine.next(waitingAtMost: longestWait()) {
        case .arrived(let arrival):
            if let round = try rounds.take(arrival) { try handlers.finished(round) }
        case .nothingYet: moveOn()
        case .finished: return false
        }
        if isTimeToCommit() { try commit() }
        return true
    }

    private func askForList() throws {
        let now = machineClock.elapsed()
        if let listAskedAt, now < listAskedAt + Self.listInterval { return }
        listAskedAt = now
        guard let accounts = handlers.accounts() else { return }
        try list.replace(with: accounts, at: clock.now()) { (account, end) throws(ArchiveError) in
            try recorder.lastAttempt(account, until: end)
        }
    }

    private func beginDue() throws {
        guard !engine.isStopped, recorder.gatheredBytes < Self.memoryLimit else { return }
        for due in list.takeDue(at: clock.now(), unless: rounds.contains) {
            try rounds.begin(try handlers.round(due.account), by: due.deadline)
        }
    }

    /// Moves a clock that is moved by hand to the moment when somebody is due.
    private func moveOn() {
        let now = clock.now()
        guard engine.isIdle, let due = list.nextDue(at: now, unless: rounds.contains) else { return }
        let left = due.milliseconds(since: now)
        if clock.realTime(of: .milliseconds(left)) == nil { clock.sleep(milliseconds: left) }
    }

    /// Real time until something is to be done whatever arrives.
    private func longestWait() -> Duration {
        var wait = Self.listInterval
        let now = clock.now()
        if recorder.gatheredBytes < Self.memoryLimit, let due = list.nextDue(at: now, unless: rounds.contains) {
            let left = Duration.milliseconds(max(0, due.milliseconds(since: now)))
            // A clock that is moved by hand moves on when there is nothing else to do.
            wait = min(wait, clock.realTime(of: left) ?? .zero)
        }
        if let left = recorder.timeLeft {
            wait = min(wait, max(left, retryAt.map { $0 - machineClock.elapsed() } ?? left))
        }
        return max(wait, .zero)
    }

    private func isTimeToCommit() -> Bool {
        guard let timeLeft = recorder.timeLeft else { return false }
        if let retryAt { return machineClock.elapsed() >= retryAt }
        if timeLeft <= .zero { return true }
        guard engine.unfinished == 0 else { return false }
        let now = clock.now()
        guard let due = list.nextDue(at: now, unless: rounds.contains) else { return true }
        let left = Duration.milliseconds(max(0, due.milliseconds(since: now)))
        return clock.realTime(of: left).map { $0 > Self.pause } ?? true
    }

    /// Whether the end was asked for, and whether there is time left to wait for an archive that cannot be written.
    private enum End { case notYet, mayWait, isOver }

    private func commit(_ end: End = .notYet) throws {
        let results: [CaptureResult]
        do throws(ArchiveError) {
            results = try recorder.commit()
        } catch {
            // Waiting mends a full disk and a lock that somebody holds, and nothing else.
            guard [.noSpace, .io, .locked].contains(error.code) else { throw error }
            // At the end a lock has been waited for once: longer than whoever wants the end may wait.
            guard end == .notYet || end == .mayWait && error.code != .locked else { throw error }
            if retryAt == nil {
                handlers.cannotWrite(error, recorder.gatheredCount, recorder.gatheredBytes, end == .mayWait)
            }
            retryAt = machineClock.elapsed() + (end == .mayWait ? min(writeRetry, Self.lastRetry) : writeRetry)
            // After a failed write an opened archive writes no more.
            try? recorder.reopen()
            return
        }
        if retryAt != nil {
            retryAt = nil
            handlers.canWriteAgain()
        }
        try handlers.committed(results)
    }
}
