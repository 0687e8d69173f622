public import HiscoresClient

/// Whom to ask next, and when: targets with their attempts, one pace over all of them, at most five requests in flight,
/// and a circuit breaker over the service.
///
/// It has no clock and no threads: it is told the time, as a duration since some moment, and the answers. Targets may be
/// added at any time. Those that are due longest go first, so a retry queues behind what was waiting when it became due.
/// A step takes O(targets in the queue).
public struct CaptureQueue: Sendable {
    /// The most requests in flight, whatever is configured: more would be rude.
    public static let mostInFlight = 5

    /// What to do next.
    public enum Step: Hashable, Sendable {
        /// Send this request now, and say what came of it.
        case send(Request)
        /// Nothing before that time, unless a target is added or an answer comes.
        case wait(until: Duration)
        /// Nothing until a target is added or an answer comes.
        case idle
    }

    /// A request to send.
    public struct Request: Hashable, Sendable {
        /// What `answered` is told.
        public let number: Int
        /// Whom to ask about.
        public let target: CaptureTarget
        /// Which request for that target this is, from 1.
        public let attempt: Int
    }

    /// What became of a target that was given up.
    public struct GivenUp: Hashable, Sendable {
        /// The target.
        public let target: CaptureTarget
        /// Requests sent for it before.
        public let attempts: Int
        /// The outage for which it was given up; nil for one whose request was abandoned.
        public let outage: CircuitBreaker<CaptureTarget>.Outage?
    }

    private struct Entry {
        let target: CaptureTarget
        /// Requests that were sent for the target before it was added (again).
        let requestsBefore: Int
        var attempt: Attempt

        var requests: Int { requestsBefore + attempt.requests }
    }

    private let retry: RetryPolicy
    private var pace: Pace
    private var breaker: CircuitBreaker<CaptureTarget>
    /// By number, in the order in which they were added.
    private var entries: [Int: Entry] = [:]
    private var nextNumber = 0
    /// Until when the service asked to be left alone.
    private var heldUntil = Duration.zero
    private var givenUp: [GivenUp] = []
    /// Requests in flight.
    public private(set) var inFlight = 0

    /// An empty queue.
    public init(_ policy: CapturePolicy) {
        retry = policy.retry
        pace = Pace(requestsPerSecond: policy.requestsPerSecond)
        breaker = CircuitBreaker(policy: policy.outage)
    }

    /// Targets that are not finished.
    public var count: Int { entries.count }

    /// The outage that the queue waits out; nil while the service answers.
    public var outage: CircuitBreaker<CaptureTarget>.Outage? { breaker.outage }

    /// Where a target that is not finished stands.
    public struct Place: Hashable, Sendable {
        /// The target.
        public let target: CaptureTarget
        /// Requests sent for it so far.
        public let requests: Int
        /// When the next one may go out; nil while one is in flight.
        public let due: Duration?
    }

    /// Where the targets that are not finished stand, in no order. O(targets).
    public var places: [Place] {
        entries.values.map { entry in
            var due: Duration?
            if case .due(let time) = entry.attempt.state { due = time }
            return Place(target: entry.target, requests: entry.requests, due: due)
        }
    }

    /// Adds a target that is to be asked about at `time` or later. `requestsBefore` is how many requests were sent for it
    /// when it was in the queue before.
    public mutating func add(_ target: CaptureTarget, at time: Duration, requestsBefore: Int = 0) {
        entries[nextNumber] = Entry(target: target, requestsBefore: requestsBefore, attempt: Attempt(dueAt: time))
        nextNumber += 1
    }

    /// What to do at `now`. A request that it gives counts as in flight from then on.
    public mutating func next(at now: Duration) -> Step {
        if breaker.hasGivenUp, let outage = breaker.outage, outage.nextProbe > now { giveUpWaiting(outage) }
        guard inFlight < Self.mostInFlight, !breaker.isProbing, let (number, due) = first() else { return .idle }
        let earliest = max(due, heldUntil, pace.earliest(at: now), breaker.outage?.nextProbe ?? .zero)
        guard earliest <= now else { return .wait(until: earliest) }
        guard var entry = entries[number] else { return .idle }
        entry.attempt.begin()
        entries[number] = entry
        if breaker.outage != nil { breaker.beginProbe(entry.target) }
        pace.started(at: now)
        inFlight += 1
        return .send(Request(number: number, target: entry.target, attempt: entry.requests))
    }

    /// Takes what came of a request at `now`. Gives how the target's attempt ended, or nil where it will be asked about
    /// again.
    public mutating func answered(
        _ number: Int, _ verdict: AnswerVerdict, at now: Duration, _ random: inout some RandomNumberGenerator
    ) -> Attempt.Ending? {
        guard var entry = entries[number], entry.attempt.state == .inFlight else { return nil }
        inFlight -= 1
        entry.attempt.answered(verdict, at: now, policy: retry, &random)
        let wait = verdict.retryAfter ?? .zero
        if wait <= RetryPolicy.longestRetryAfter { heldUntil = max(heldUntil, now + wait) }
        breaker.answered(entry.target, showsLife: verdict.showsLife, at: now, notBefore: now + wait)
        guard case .finished(let ending) = entry.attempt.state else {
            entries[number] = entry
            return nil
        }
        entries[number] = nil
        return ending
    }

    /// Whether the answer to that request is still awaited.
    public func awaits(_ number: Int) -> Bool { entries[number]?.attempt.state == .inFlight }

    /// Gives up the requests in flight: their answers are awaited no more.
    public mutating func abandonRequests() {
        for (number, entry) in entries.sorted(by: { $0.key < $1.key }) where entry.attempt.state == .inFlight {
            givenUp.append(GivenUp(target: entry.target, attempts: entry.requests, outage: nil))
            entries[number] = nil
        }
        inFlight = 0
    }

    /// The targets that were given up since the last call.
    public mutating func takeGivenUp() -> [GivenUp] {
        defer { givenUp = [] }
        return givenUp
    }

    /// The entry that is due first.
    private func first() -> (number: Int, due: Duration)? {
        var first: (number: Int, due: Duration)?
        for (number, entry) in entries {
            guard case .due(let due) = entry.attempt.state else { continue }
            if let best = first, (best.due, best.number) < (due, number) { continue }
            first = (number, due)
        }
        return first
    }

    private mutating func giveUpWaiting(_ outage: CircuitBreaker<CaptureTarget>.Outage) {
        for (number, entry) in entries.sorted(by: { $0.key < $1.key }) {
            guard case .due = entry.attempt.state else { continue }
            givenUp.append(GivenUp(target: entry.target, attempts: entry.requests, outage: outage))
            entries[number] = nil
        }
    }
}
