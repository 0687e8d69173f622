/// How often a request that failed is sent again, and after what wait.
///
/// The wait before a retry is chosen by chance between nothing and a bound that doubles with each retry (full jitter, as
/// in Brooker, "Exponential Backoff And Jitter", 2015), so that those who failed together do not come back together.
public struct RetryPolicy: Hashable, Sendable {
    /// Retries after the first request; 0 for none.
    public let retries: Int
    /// The longest wait before the first retry.
    public let firstDelay: Duration
    /// The longest wait that the service may ask for and be obeyed by waiting. Where it asks for more, nothing more is
    /// asked about anybody.
    public let longestRetryAfter: Duration

    /// The longest wait before any retry, but for what the service asks for.
    public static let longestDelay = Duration.seconds(60)

    /// A policy; what is negative counts as 0. As it stands for a run that somebody waits for: five minutes of
    /// `Retry-After` are waited.
    public init(
        retries: Int = 4, firstDelay: Duration = .seconds(1), longestRetryAfter: Duration = .seconds(300)
    ) {
        (self.retries, self.firstDelay) = (max(0, retries), max(.zero, firstDelay))
        self.longestRetryAfter = longestRetryAfter
    }

    /// The longest wait before a retry, numbered from 1.
    public func longestDelay(beforeRetry number: Int) -> Duration {
        var delay = min(firstDelay, Self.longestDelay)
        // Beyond 64 doublings a delay is at its limit, or nothing.
        for _ in 1..<max(1, min(number, 64)) { delay = min(delay * 2, Self.longestDelay) }
        return delay
    }

    /// The wait before a retry, in whole milliseconds; each as likely as any other.
    public func delay(beforeRetry number: Int, _ random: inout some RandomNumberGenerator) -> Duration {
        let (seconds, attoseconds) = longestDelay(beforeRetry: number).components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        return .milliseconds(Int64.random(in: 0...milliseconds, using: &random))
    }
}
