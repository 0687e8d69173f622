/// The attempt to learn what one board says about one player: asked, asked again after a wait, done.
///
/// A state machine without a clock: it is told the time, as a duration since some moment, and the answers.
public struct Attempt: Hashable, Sendable {
    /// Where it stands.
    public enum State: Hashable, Sendable {
        /// The next request may go out at that time.
        case due(Duration)
        /// A request is on its way.
        case inFlight
        /// Nothing more is asked.
        case finished(Ending)
    }

    /// Why nothing more is asked.
    public enum Ending: Hashable, Sendable {
        /// The last answer is one that a retry would not change.
        case answered
        /// The last answer was worth a retry, but none is left.
        case retriesSpent
        /// The service asked for a longer wait than is waited; so long from the answer on.
        case comeBack(after: Duration)
    }

    /// Where it stands.
    public private(set) var state: State
    /// Requests sent so far.
    public private(set) var requests = 0

    /// An attempt whose first request may go out at `time`.
    public init(dueAt time: Duration) { state = .due(time) }

    /// Its request goes out. Nothing happens unless one is due.
    public mutating func begin() {
        guard case .due = state else { return }
        state = .inFlight
        requests += 1
    }

    /// Its answer came at `now`. Nothing happens unless one is awaited.
    public mutating func answered(
        _ verdict: AnswerVerdict, at now: Duration, policy: RetryPolicy, _ random: inout some RandomNumberGenerator
    ) {
        guard case .inFlight = state else { return }
        let asked = verdict.retryAfter ?? .zero
        if !verdict.isWorthRetrying {
            state = .finished(.answered)
        } else if asked > policy.longestRetryAfter {
            state = .finished(.comeBack(after: asked))
        } else if requests > policy.retries {
            state = .finished(.retriesSpent)
        } else {
            state = .due(now + max(asked, policy.delay(beforeRetry: requests, &random)))
        }
    }
}
