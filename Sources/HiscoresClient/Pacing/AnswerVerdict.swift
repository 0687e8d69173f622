public import CivilTime

/// What an answer says about asking again.
public struct AnswerVerdict: Hashable, Sendable {
    /// Whether the same request may well succeed soon: after 429, 5xx, time-outs and transport errors only. A redirect,
    /// a page or a 404 will be the same a second later.
    public var isWorthRetrying: Bool
    /// How long the service asks to be left alone.
    public var retryAfter: Duration?
    /// Whether the service lives: true for an answer to the question (a snapshot, a 404, a body that is not understood),
    /// false for none, nil where it was not asked.
    public var showsLife: Bool?
    /// Whether the service says that it is asked too often (429, 403).
    public var isThrottled: Bool

    /// A verdict of given parts.
    public init(isWorthRetrying: Bool, retryAfter: Duration? = nil, showsLife: Bool?, isThrottled: Bool = false) {
        (self.isWorthRetrying, self.retryAfter, self.showsLife) = (isWorthRetrying, retryAfter, showsLife)
        self.isThrottled = isThrottled
    }
}

extension Answer {
    /// What this answer, which arrived at `moment`, says about asking again.
    public func verdict(arrivedAt moment: Timestamp) -> AnswerVerdict {
        if case .failure(let error) = response, error.isLocal {
            return AnswerVerdict(isWorthRetrying: false, showsLife: nil)
        }
        switch outcome {
        case .ok, .notFound, .invalid: return AnswerVerdict(isWorthRetrying: false, showsLife: true)
        case .unavailable, .throttled:
            let wait = retryAfter.map { Duration.milliseconds($0.milliseconds(from: moment)) }
            return AnswerVerdict(
                isWorthRetrying: isWorthRetrying, retryAfter: wait, showsLife: false, isThrottled: outcome == .throttled
            )
        }
    }

    private var isWorthRetrying: Bool {
        switch response {
        case .failure: return true
        case .success(let answer):
            if answer.status == 429 || answer.status >= 500 { return true }
            guard answer.status == 200, case .brokenOff = answer.ending else { return false }
            return true
        }
    }
}
