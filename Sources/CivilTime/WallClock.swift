import Glibc
import Synchronization

/// Where the present comes from. Everything that needs the time or has to wait is handed one, so tests are
/// deterministic and demos live through weeks in seconds.
public protocol WallClock: Sendable {
    /// The present moment in UTC.
    func now() -> Timestamp
    /// Waits for so many milliseconds of this clock's time; returns at once for zero or less.
    func sleep(milliseconds: Int64)
    /// How much time of this clock has passed since a moment of its own. It never goes back, whatever is done to the
    /// present: what counts down waits.
    func elapsed() -> Duration
    /// How long in real time so much of `elapsed` takes; nil for a clock that moves only when it is told to.
    func realTime(of duration: Duration) -> Duration?
    /// Whether a person set this clock: observations made with it are marked so.
    var isSet: Bool { get }
}

/// The machine's real-time clock.
public struct SystemClock: WallClock {
    /// The machine's clock.
    public init() {}

    /// The present, from `clock_gettime(CLOCK_REALTIME)`.
    public func now() -> Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let milliseconds = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        return Timestamp(millisecondsSinceEpoch: milliseconds) ?? .latest
    }

    /// Blocks the calling thread; a signal ends the wait early.
    public func sleep(milliseconds: Int64) {
        guard milliseconds > 0 else { return }
        var wait = timespec(tv_sec: Int(milliseconds / 1000), tv_nsec: Int(milliseconds % 1000) * 1_000_000)
        unsafe nanosleep(&wait, nil)
    }

    /// The time since the machine started, from `clock_gettime(CLOCK_BOOTTIME)`: the time that it slept counts.
    public func elapsed() -> Duration {
        var time = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// As long as it says.
    public func realTime(of duration: Duration) -> Duration? { duration }

    /// Never set by a person.
    public var isSet: Bool { false }
}

/// A clock that starts at a chosen moment and runs at a chosen speed (`OSRS_ARCHIVE_NOW=TIME[xFACTOR]`).
public struct SetClock: WallClock {
    private let start: Timestamp
    private let factor: Double
    private let base: any WallClock
    private let baseStart: Timestamp
    private let baseElapsed: Duration

    /// A clock that shows `start` now and passes `factor` milliseconds for each one of `base`; `factor` is above zero.
    public init(start: Timestamp, factor: Double = 1, base: any WallClock = SystemClock()) {
        (self.start, self.factor, self.base) = (start, factor, base)
        (baseStart, baseElapsed) = (base.now(), base.elapsed())
    }

    /// Reads `TIME` or `TIMExFACTOR`: TIME is RFC 3339 or a bare date (its first millisecond), FACTOR a decimal number
    /// above 0 and at most 10,000,000. Nil for anything else.
    public init?(setting text: String, base: any WallClock = SystemClock()) {
        let parts = text.split(separator: "x", maxSplits: 1, omittingEmptySubsequences: false)
        guard let time = parts.first, let start = Timestamp(rfc3339: time) ?? Timestamp(date: time) else { return nil }
        var factor = 1.0
        if parts.count == 2 {
            guard let number = Double(parts[1]), number > 0, number <= 10_000_000 else { return nil }
            factor = number
        }
        self.init(start: start, factor: factor, base: base)
    }

    /// The set moment plus what has passed since, times the speed.
    public func now() -> Timestamp {
        start.advanced(byMilliseconds: Self.whole(Double(base.now().milliseconds(since: baseStart)) * factor))
    }

    /// Waits so long that this clock moves on by `milliseconds`.
    public func sleep(milliseconds: Int64) {
        guard milliseconds > 0 else { return }
        base.sleep(milliseconds: Self.whole((Double(milliseconds) / factor).rounded(.up)))
    }

    /// What has passed since it was made, times the speed; never slower than the real time, so that what waits for a
    /// clock that hardly moves still ends.
    public func elapsed() -> Duration { (base.elapsed() - baseElapsed) * max(1, factor) }

    /// The duration divided by the speed at which `elapsed` passes.
    public func realTime(of duration: Duration) -> Duration? { base.realTime(of: duration / max(1, factor)) }

    /// The whole part, held within what can be counted.
    private static func whole(_ milliseconds: Double) -> Int64 {
        Int64(max(-9e18, min(9e18, milliseconds)))
    }

    /// Set by whoever made it.
    public var isSet: Bool { true }
}

/// A clock for tests: it stands still until it is moved, and sleeping moves it.
public final class ManualClock: WallClock {
    private let state: Mutex<(moment: Timestamp, elapsed: Duration)>

    /// A clock that shows `start`.
    public init(_ start: Timestamp) { state = Mutex((start, .zero)) }

    /// The moment that it was last moved to.
    public func now() -> Timestamp { state.withLock { $0.moment } }

    /// Moves the clock on by `milliseconds` and returns at once.
    public func sleep(milliseconds: Int64) { advance(milliseconds: max(0, milliseconds)) }

    /// Moves the clock on, or back when negative.
    public func advance(milliseconds: Int64) {
        state.withLock { state in
            state.moment = state.moment.advanced(byMilliseconds: milliseconds)
            state.elapsed += .milliseconds(max(0, milliseconds))
        }
    }

    /// By how much it was moved on in all.
    public func elapsed() -> Duration { state.withLock { $0.elapsed } }

    /// None: it moves when it is told to.
    public func realTime(of duration: Duration) -> Duration? { nil }

    /// A test's time is not one that a person set.
    public var isSet: Bool { false }
}

extension Duration {
    /// Milliseconds, a part of one counted as a whole; held within what 64 bits hold.
    public var roundedUpToMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (milliseconds, rest) = attoseconds.quotientAndRemainder(dividingBy: 1_000_000_000_000_000)
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, isOver) = product.addingReportingOverflow(milliseconds + (rest > 0 ? 1 : 0))
        return isOver ? .max : sum
    }
}
