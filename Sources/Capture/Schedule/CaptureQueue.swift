public import HiscoresClient

/// Whom to ask next, and when: targets with their attempts, one pace over all of them, at most five requests in flight,
/// and a circuit breaker over the service.
///
/// It has no clock and no threads: it is told the time, as a duration since some moment, and the answers. Targets may be
/// added at any time. Where the service asks to be left alone, nobody is asked until then; where that is longer than the
/// policy waits, all that waits is given up. A target may have a deadline; where no request for it could go out by then, it
/// is given up, whatever it waits for. Of those that are due, the one whose deadline is next goes first, then the one that
/// is due longest, so a retry queues behind what was waiting when it became due. A step takes O(targets in the queue).
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
        /// Why.
        public let cause: Cause
        /// When: its deadline, even where that is noticed later.
        public let time: Duration

        /// Why a target is given up.
        public enum Cause: Hashable, Sendable {
            /// The service asked to be left alone.
            case held(Hold)
            /// It waited to be asked again when the end was asked for; whether the last answer was that the service is
            /// asked too often.
            case stopped(isThrottled: Bool)
            /// The whole service is out.
            case outage(CircuitBreaker<CaptureTarget>.Outage)
            /// Its turn did not come by its deadline.
            case late
            /// Its request was abandoned.
            case abandoned
        }
    }

    /// A time in which the service asked to be left alone (`Retry-After`).
    public struct Hold: Hashable, Sendable {
        /// When it said so.
        public let since: Duration
        /// Until when.
        public let until: Duration
        /// Whether it said so because it is asked too often, and not because it is down.
        public let isThrottled: Bool

        /// A hold of given parts.
        public init(since: Duration, until: Duration, isThrottled: Bool) {
            (self.since, self.until, self.isThrottled) = (since, until, isThrottled)
        }
    }

    private struct Entry {
        let target: CaptureTarget
        /// Requests that were sent for the target before it was added (again).
        let requestsBefore: Int
        /// When it is given up, should it wait then.
        let deadline: Duration?
        /// Since when it has stood as it does.
        var waitingSince: Duration
        var attempt: Attempt
        /// Whether the last answer was that the service is asked too often.
        var wasThrottled = false

        var requests: Int { requestsBefore + attempt.requests }
    }

    private let retry: RetryPolicy
    private var pace: Pace
    private var breaker: CircuitBreaker<CaptureTarget>
    /// By number, in the order in which they were added.
    private var entries: [Int: Entry] = [:]
    private var nextNumber = 0
    /// What the service asked for last that reaches farthest; it may be over.
    private var lastHold: Hold?
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

    /// Adds, at `now`, a target that is to be asked about in `delay` or later, and by `deadline`. `requestsBefore` is how
    /// many requests were sent for it when it was in the queue before.
    public mutating func add(
        _ target: CaptureTarget, at now: Duration, after delay: Duration = .zero, by deadline: Duration? = nil,
        requestsBefore: Int = 0
    ) {
        entries[nextNumber] = Entry(
            target: target, requestsBefore: requestsBefore, deadline: deadline, waitingSince: now,
            attempt: Attempt(dueAt: now + delay))
        nextNumber += 1
    }

    /// What to do at `now`. A request that it gives counts as in flight from then on.
    public mutating func next(at now: Duration) -> Step {
        let hold = lastHold.flatMap { $0.until > now ? $0 : nil }
        let cause: GivenUp.Cause = hold.map { .held($0) } ?? breaker.outage.map { .outage($0) } ?? .late
        let isHeldTooLong = hold.map { $0.until - $0.since > retry.longestRetryAfter } ?? false
        let isOutTooLong = breaker.hasGivenUp && breaker.outage.map { $0.nextProbe > now } ?? false
        giveUpWaiting(cause, at: now) { deadline in
            isHeldTooLong || isOutTooLong || deadline.map { $0 <= now } ?? false
        }
        guard inFlight < Self.mostInFlight, !breaker.isProbing, let (number, due) = first(at: now) else {
            return .idle
        }
        let earliest = max(due, hold?.until ?? .zero, pace.earliest(at: now), breaker.outage?.nextProbe ?? .zero)
        guard earliest <= now else { return .wait(until: min(earliest, nextDeadline ?? earliest)) }
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
        entry.waitingSince = now
        entry.wasThrottled = verdict.isThrottled
        let wait = verdict.retryAfter ?? .zero
        if now + wait > lastHold?.until ?? now {
            lastHold = Hold(since: now, until: now + wait, isThrottled: verdict.isThrottled)
        }
        breaker.answered(
            entry.target, showsLife: verdict.showsLife, isThrottled: verdict.isThrottled, at: now, notBefore: now + wait
        )
        guard case .finished(let ending) = entry.attempt.state else {
            entries[number] = entry
            return nil
        }
        entries[number] = nil
        return ending
    }

    /// Whether the answer to that request is still awaited.
    public func awaits(_ number: Int) -> Bool { entries[number]?.attempt.state == .inFlight }

    /// Gives up, at `now`, the requests in flight: their answers are awaited no more.
    public mutating func abandonRequests(at now: Duration) {
        for (number, entry) in entries.sorted(by: { $0.key < $1.key }) where entry.attempt.state == .inFlight {
            givenUp.append(GivenUp(target: entry.target, attempts: entry.requests, cause: .abandoned, time: now))
            entries[number] = nil
        }
        inFlight = 0
    }

    /// Gives up, at `now`, who waits to be asked again: nobody will be. Who was not asked yet stays.
    public mutating func stopRetries(at now: Duration) {
        for (number, entry) in entries.sorted(by: { $0.key < $1.key })
        where entry.requests > 0 && entry.attempt.state != .inFlight {
            let cause = GivenUp.Cause.stopped(isThrottled: entry.wasThrottled)
            givenUp.append(GivenUp(target: entry.target, attempts: entry.requests, cause: cause, time: now))
            entries[number] = nil
        }
    }

    /// The targets that were given up since the last call.
    public mutating func takeGivenUp() -> [GivenUp] {
        defer { givenUp = [] }
        return givenUp
    }

    /// Whose turn it is: of those that are due now the one whose deadline is next, else the one that is due next.
    private func first(at now: Duration) -> (number: Int, due: Duration)? {
        let never = Duration.seconds(Int64.max)
        var first: (class: Int, urgency: Duration, due: Duration, number: Int)?
        for (number, entry) in entries {
            guard case .due(let due) = entry.attempt.state else { continue }
            let place = due <= now ? (0, entry.deadline ?? never, due, number) : (1, due, due, number)
            if let best = first, best < place { continue }
            first = place
        }
        return first.map { ($0.number, $0.due) }
    }

    /// The first deadline of those that wait.
    private var nextDeadline: Duration? {
        entries.values.compactMap { entry -> Duration? in
            guard case .due = entry.attempt.state else { return nil }
            return entry.deadline
        }.min()
    }

    private mutating func giveUpWaiting(
        _ cause: GivenUp.Cause, at now: Duration, where isGivenUp: (_ deadline: Duration?) -> Bool
    ) {
        let late = entries.filter { isGivenUp($0.value.deadline) && $0.value.attempt.state != .inFlight }
        for (number, entry) in late.sorted(by: { $0.key < $1.key }) {
            let time = max(entry.waitingSince, min(entry.deadline ?? now, now))
            givenUp.append(GivenUp(target: entry.target, attempts: entry.requests, cause: cause, time: time))
            entries[number] = nil
        }
    }
}
