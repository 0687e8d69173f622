public import HiscoresClient

/// How the service is asked: how fast, how often again, and what happens while it is out.
public struct CapturePolicy: Hashable, Sendable {
    /// Requests a second, retries included.
    public var requestsPerSecond: Double
    /// Retries and their waits.
    public var retry: RetryPolicy
    /// What counts as an outage, and how it is waited out.
    public var outage: CircuitBreaker<CaptureTarget>.Policy

    /// A policy; one request a second, unless said.
    public init(
        requestsPerSecond: Double = 1, retry: RetryPolicy = RetryPolicy(),
        outage: CircuitBreaker<CaptureTarget>.Policy = .init()
    ) {
        (self.requestsPerSecond, self.retry, self.outage) = (requestsPerSecond, retry, outage)
    }
}
