public import Archive
import HiscoresClient

/// Captures a list of targets under one run id: asks the service, and commits what it said. The archive is not locked
/// while the network is waited for.
public final class CaptureRun {
    /// How long after a 404 a player whom the archive knows is asked about again: a lie of the service seldom lasts.
    public static let secondLook = Duration.seconds(5)

    private let archive: Archive
    private let engine: CaptureEngine
    private let recorder: CaptureRecorder
    /// Whom a 404 was answered for, and who is asked about once more.
    private var secondLooks: Set<CaptureTarget> = []

    /// A run that drives `engine` and keeps what arrives by `recorder`, both of its own, in `archive`.
    public init(_ archive: Archive, engine: CaptureEngine, recorder: CaptureRecorder) {
        (self.archive, self.engine, self.recorder) = (archive, engine, recorder)
    }

    /// Captures the targets. Every attempt leaves a record, and `report` is told of each target once its records are
    /// durable, in the order in which they were finished; `progress` is told how many are finished whenever something
    /// arrives.
    ///
    /// Where the engine is stopped, what has arrived is committed and reported, and the rest is not: the answer is then
    /// false, and true where all targets are done. Throws
    /// `LocalFailure` where nothing could be sent, `ArchiveError` where the records could not be kept, and what `report`
    /// throws; what arrived before is committed where that can be done.
    public func capture(
        _ targets: [CaptureTarget], progress: (_ finished: Int) -> Void = { _ in },
        report: (CaptureResult) throws -> Void
    ) throws -> Bool {
        defer { engine.stop() }
        // Nothing is asked for that could not be kept.
        try archive.reload()
        try archive.refuseDamage()
        for target in targets { try engine.add(target) }
        var finished = 0
        while true {
            switch engine.next(waitingAtMost: recorder.timeLeft) {
            case .arrived(let arrival):
                do {
                    if try take(arrival) { finished += 1 }
                } catch {
                    try commit(report)
                    throw error
                }
                progress(finished)
            case .nothingYet: break
            case .finished:
                try commit(report)
                return finished == targets.count
            }
            if let timeLeft = recorder.timeLeft, timeLeft <= .zero { try commit(report) }
        }
    }

    /// Gathers what arrived; whether its target is done with it.
    private func take(_ arrival: CaptureArrival) throws -> Bool {
        var arrival = arrival
        if case .answer(let answer) = arrival.content {
            if case .failure(let error) = answer.response, error.isLocal {
                throw LocalFailure(target: arrival.target, description: error.description)
            }
            if answer.outcome == .notFound, try looksAgain(arrival) { arrival.ending = nil }
        }
        recorder.add(arrival)
        return arrival.ending != nil && arrival.ending != .interrupted
    }

    /// The service says 404 of listed players at times. Whether one whom the archive knows is asked about once more.
    private func looksAgain(_ arrival: CaptureArrival) throws -> Bool {
        guard arrival.ending != nil, !engine.isStopped, try recorder.hasSeen(arrival.target, at: arrival.moment),
            secondLooks.insert(arrival.target).inserted
        else { return false }
        try engine.add(arrival.target, after: Self.secondLook, requestsBefore: arrival.attempts)
        return true
    }

    private func commit(_ report: (CaptureResult) throws -> Void) throws {
        for result in try recorder.commit() { try report(result) }
    }
}
