import Archive
import HiscoresClient

/// Captures a list of accounts under one run id: asks the service, and commits what it said. The archive is not locked
/// while the network is waited for.
public final class CaptureRun {
    /// How long after a 404 a player whom the board listed at the last look is asked about again: a lie of the service
    /// seldom lasts.
    public static let secondLook = Duration.seconds(5)

    private let engine: CaptureEngine
    private let recorder: CaptureRecorder
    private let rounds: AccountRounds

    /// A run that drives `engine` and keeps what arrives by `recorder`, both of its own.
    public init(engine: CaptureEngine, recorder: CaptureRecorder) {
        (self.engine, self.recorder) = (engine, recorder)
        rounds = AccountRounds(engine: engine, recorder: recorder, secondLooks: [Self.secondLook])
    }

    /// Captures the accounts. Every attempt leaves a record, and `report` is told of results once their records are
    /// durable, in the order in which they were finished; `finished` is told of each round that is at its end, before
    /// its last answers are kept; `progress` is told of whatever arrives, and with nil every now and then, as often as
    /// `pulse` says.
    ///
    /// Where the engine is stopped, what has arrived is committed and reported, and the rest is not: the answer is then
    /// false, and true where all rounds are finished. Throws `LocalFailure` where nothing could be sent, `ArchiveError`
    /// where the records could not be kept, and what `report` throws; what arrived before is committed where that can be
    /// done.
    public func capture(
        _ accounts: [AccountRound], pulse: Duration? = nil, progress: (CaptureArrival?) -> Void = { _ in },
        finished: (AccountRound) -> Void = { _ in }, report: ([CaptureResult]) throws -> Void
    ) throws -> Bool {
        defer { engine.stop() }
        // Nothing is asked for that could not be kept.
        try recorder.archive.reload()
        try recorder.archive.refuseDamage()
        for account in accounts { try rounds.begin(account) }
        while true {
            switch engine.next(waitingAtMost: [pulse, recorder.timeLeft].compactMap(\.self).min()) {
            case .arrived(let arrival):
                do {
                    if let round = try rounds.take(arrival) { finished(round) }
                } catch {
                    try report(try recorder.commit())
                    throw error
                }
                progress(arrival)
            case .nothingYet: progress(nil)
            case .finished:
                try report(try recorder.commit())
                return rounds.unfinished == 0
            }
            if let timeLeft = recorder.timeLeft, timeLeft <= .zero { try report(try recorder.commit()) }
        }
    }
}
