/// Notices that the whole service is out, and then lets single requests through at growing intervals until one of them
/// shows that it is back.
///
/// Open means: nothing goes out but probes. It opens when several different targets in a row brought no answer to the
/// question, and closes with the first answer that is one, whether a probe brought it or a request that was on its way.
public struct CircuitBreaker<Target: Hashable & Sendable>: Sendable {
    /// When it opens, how it probes, and when those who wait give up.
    public struct Policy: Hashable, Sendable {
        /// How many different targets in a row must fail.
        public var threshold: Int
        /// The wait before the first probe; it doubles with each.
        public var firstDelay: Duration
        /// The longest wait between two probes.
        public var longestDelay: Duration
        /// How long probes go on before all that waits is given up; nil for as long as it takes.
        public var patience: Duration?

        /// A policy. As it stands for a run that somebody waits for: five accounts, probes after 5, 10, 20, 40 and then
        /// every 60 seconds, given up after five minutes.
        public init(
            threshold: Int = 5, firstDelay: Duration = .seconds(5), longestDelay: Duration = .seconds(60),
            patience: Duration? = .seconds(300)
        ) {
            (self.threshold, self.firstDelay) = (max(1, threshold), firstDelay)
            (self.longestDelay, self.patience) = (longestDelay, patience)
        }
    }

    /// What is known of an outage.
    public struct Outage: Hashable, Sendable {
        /// When it was noticed.
        public let since: Duration
        /// Probes that failed so far.
        public fileprivate(set) var probes = 0
        /// When the next probe may go out.
        public fileprivate(set) var nextProbe: Duration
        /// Whether the newest answer was that the service is asked too often: then it is not out, but refuses.
        public fileprivate(set) var isThrottled: Bool
        /// The probe on its way.
        fileprivate var probing: Target?
    }

    private let policy: Policy
    /// Who failed since the service last showed life.
    private var silent: Set<Target> = []
    /// The outage; nil while closed.
    public private(set) var outage: Outage?

    /// A closed one.
    public init(policy: Policy = Policy()) { self.policy = policy }

    /// Whether a probe is on its way.
    public var isProbing: Bool { outage?.probing != nil }

    /// Whether what waits is to be given up: the next probe would come too late for it.
    public var hasGivenUp: Bool {
        guard let outage, let patience = policy.patience else { return false }
        return outage.probing == nil && outage.nextProbe > outage.since + patience
    }

    /// A request for `target` goes out while it is open.
    public mutating func beginProbe(_ target: Target) { outage?.probing = target }

    /// The answer to a request for `target` came at `now`; the service asks not to be asked before `earliest`.
    /// `isThrottled` says whether it finds itself asked too often.
    public mutating func answered(
        _ target: Target, showsLife: Bool?, isThrottled: Bool = false, at now: Duration, notBefore earliest: Duration
    ) {
        let isProbe = outage?.probing == target
        if isProbe { outage?.probing = nil }
        switch showsLife {
        case nil: return
        case true?:
            silent = []
            outage = nil
        case false?:
            if var outage {
                if isProbe { outage.probes += 1 }
                let next = isProbe ? now + delay(afterProbes: outage.probes) : outage.nextProbe
                outage.nextProbe = max(next, earliest)
                outage.isThrottled = isThrottled
                self.outage = outage
            } else {
                silent.insert(target)
                guard silent.count >= policy.threshold else { return }
                outage = Outage(
                    since: now, nextProbe: max(now + delay(afterProbes: 0), earliest), isThrottled: isThrottled)
            }
        }
    }

    private func delay(afterProbes probes: Int) -> Duration {
        var delay = policy.firstDelay
        for _ in 0..<min(probes, 64) where delay < policy.longestDelay { delay = delay * 2 }
        return min(delay, policy.longestDelay)
    }
}
