/// Spaces requests evenly: the starts of two of them lie at least an interval apart. Time that went unused is not made
/// up for, so there are no bursts.
public struct Pace: Hashable, Sendable {
    /// The least time between two starts.
    public let interval: Duration
    private var last: Duration?

    /// A pace of so many requests a second, which is above 0.
    public init(requestsPerSecond: Double) { interval = .seconds(1) / max(requestsPerSecond, 1e-6) }

    /// The earliest time at which the next request may start. Should time have gone back, an interval is waited and no
    /// more.
    public func earliest(at now: Duration) -> Duration {
        guard let last else { return now }
        return max(now, min(last, now) + interval)
    }

    /// A request starts now.
    public mutating func started(at now: Duration) { last = now }
}
