import Glibc
import Synchronization

/// Where the present comes from. Everything that needs the time or has to wait is handed one, so tests are
/// deterministic and demos live through weeks in seconds.
public protocol WallClock: Sendable {
    /// The present moment in UTC.
    func now() -> Timestamp
    /// Waits for so many milliseconds of this clock's time; returns at once for zero or less.
    func sleep(milliseconds: Int64)
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

    /// Never set by a person.
    public var isSet: Bool { false }
}

/// A clock that starts at a chosen moment and runs at a chosen speed (`OSRS_ARCHIVE_NOW=TIME[xFACTOR]`).
public struct SetClock: WallClock {
    private let start: Timestamp
    private let factor: Double
    private let base: any WallClock
    private let baseStart: Timestamp

    /// A clock that shows `start` now and passes `factor` milliseconds for each one of `base`; `factor` is above zero.
    public init(start: Timestamp, factor: Double = 1, base: any WallClock = SystemClock()) {
        (self.start, self.factor, self.base) = (start, factor, base)
        baseStart = base.now()
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
        start.advanced(byMilliseconds: Int64(Double(base.now().milliseconds(since: baseStart)) * factor))
    }

    /// Waits so long that this clock moves on by `milliseconds`.
    public func sleep(milliseconds: Int64) {
        guard milliseconds > 0 else { return }
        base.sleep(milliseconds: Int64((Double(milliseconds) / factor).rounded(.up)))
    }

    /// Set by whoever made it.
    public var isSet: Bool { true }
}

/// A clock for tests: it stands still until it is moved, and sleeping moves it.
public final class ManualClock: WallClock {
    private let moment: Mutex<Timestamp>

    /// A clock that shows `start`.
    public init(_ start: Timestamp) { moment = Mutex(start) }

    /// The moment that it was last moved to.
    public func now() -> Timestamp { moment.withLock { $0 } }

    /// Moves the clock on by `milliseconds` and returns at once.
    public func sleep(milliseconds: Int64) { advance(milliseconds: max(0, milliseconds)) }

    /// Moves the clock on, or back when negative.
    public func advance(milliseconds: Int64) {
        moment.withLock { $0 = $0.advanced(byMilliseconds: milliseconds) }
    }

    /// A test's time is not one that a person set.
    public var isSet: Bool { false }
}
