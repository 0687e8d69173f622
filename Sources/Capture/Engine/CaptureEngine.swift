public import CivilTime
public import HiscoresClient
import Threads

/// Drives a `CaptureQueue` with threads that send the requests, and hands what arrives to one consumer.
///
/// Targets can be added at any time, by the consumer as an answer to what arrived as well; so a run over a list and a
/// service that never ends are driven alike. All times are those of the clock that is handed in. Safe to use from any
/// thread, but only one takes what arrives.
public final class CaptureEngine: Sendable {
    /// What the consumer takes.
    public enum Event: Sendable {
        /// Something arrived.
        case arrived(CaptureArrival)
        /// Nothing arrived in the time that was to be waited.
        case nothingYet
        /// Nothing is left to be asked, or the engine was stopped.
        case finished
    }

    /// How long a stopped engine waits for the requests on their way, in real time.
    public static let grace = Duration.seconds(2)

    private let work: CaptureWork

    /// An engine that asks nobody yet. `makeClient` is called once for each thread that sends requests: a client that
    /// shares its connection with another would wait for it. One that stays open is finished only when it is stopped.
    public init(
        policy: CapturePolicy, clock: any WallClock, staysOpen: Bool = false,
        makeClient: @escaping @Sendable () -> HiscoresClient
    ) {
        work = CaptureWork(policy: policy, clock: clock, staysOpen: staysOpen, makeClient: makeClient)
    }

    deinit { work.close() }

    /// Adds a target that is to be asked about in `delay` or later, and is given up where no request for it could go out
    /// by `deadline`. `requestsBefore` is how many requests were sent for it already. Throws where the system gives no
    /// thread to send requests.
    public func add(
        _ target: CaptureTarget, after delay: Duration = .zero, by deadline: Timestamp? = nil, requestsBefore: Int = 0
    ) throws(LocalFailure) {
        guard work.add(target, after: delay, by: deadline, requestsBefore: requestsBefore) else {
            throw LocalFailure(target: target, description: "the system gives no thread to send requests with")
        }
    }

    /// What arrives next, in the order of arrival; waits for it, for at most so long in real time.
    public func next(waitingAtMost limit: Duration? = nil) -> Event { work.nextEvent(waitingAtMost: limit) }

    /// Sends no more requests. Those on their way are waited for a little; then they count as interrupted, as
    /// whoever waits to be asked again does at once, and `next` says that all is finished. False where it was stopped before.
    @discardableResult
    public func stop() -> Bool { work.stop() }

    /// Whether it was stopped.
    public var isStopped: Bool { work.isStopped }

    /// Where the targets that are not finished stand, and the time that their waits are counted by.
    public var places: (now: Duration, places: [CaptureQueue.Place]) { work.places }

    /// Whether nothing is asked about and nothing that arrived waits to be taken.
    public var isIdle: Bool { work.isIdle }

    /// Targets that are not finished.
    public var unfinished: Int { work.unfinished }
}

/// Why nothing was captured, and no attempt recorded: the service was never asked.
public struct LocalFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Who was to be captured.
    public let target: CaptureTarget
    /// What is wrong on this machine.
    public let description: String
}
