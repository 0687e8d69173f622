import Glibc

/// A state that threads share: one at a time sees it, and any of them can wait until it has what they need.
///
/// `@unchecked Sendable`: `state` is touched only while `mutex` is held, and POSIX allows mutexes and conditions to be
/// used from any thread. Both have fixed addresses, as POSIX demands.
@safe public final class Monitor<State: Sendable>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var state: State

    /// A monitor over a state that nobody else holds on to.
    public init(_ state: State) {
        self.state = state
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// What `body` makes of the state, which nobody else sees meanwhile.
    public func withLock<Output>(_ body: (inout State) -> Output) -> Output {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(&state)
    }

    /// Tries `body` under the lock at once and again after every signal of the condition, until it gives a value.
    func wait<Output>(for condition: Condition, _ body: (inout State) -> Output?) -> Output {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            if let output = body(&state) { return output }
            unsafe condition.wait(mutex)
        }
    }

    /// Tries `body` under the lock at once, again after every signal of the condition, and again when the time that it
    /// named has passed, until it is done.
    public func wait<Output>(for condition: Condition, _ body: (inout State) -> Waiting<Output>) -> Output {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            switch body(&state) {
            case .done(let output): return output
            case .untilSignal: unsafe condition.wait(mutex)
            case .atMost(let duration): unsafe condition.wait(mutex, atMost: duration)
            }
        }
    }
}

/// What a thread that waits needs.
public enum Waiting<Output> {
    /// Nothing more.
    case done(Output)
    /// A signal.
    case untilSignal
    /// A signal, or that so much real time passes; at most a minute is waited in one go.
    case atMost(Duration)
}

/// What threads wait for.
///
/// `@unchecked Sendable`: a POSIX condition is made to be used from any thread.
@safe public final class Condition: @unchecked Sendable {
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    /// A condition that nobody waits for yet.
    public init() {
        unsafe condition = .allocate(capacity: 1)
        unsafe condition.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        // Setting the machine's time must neither shorten nor lengthen a wait.
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe condition.deallocate()
    }

    /// Wakes one thread that waits.
    public func signal() { unsafe pthread_cond_signal(condition) }

    /// Wakes all threads that wait.
    public func broadcast() { unsafe pthread_cond_broadcast(condition) }

    fileprivate func wait(_ mutex: UnsafeMutablePointer<pthread_mutex_t>) {
        unsafe pthread_cond_wait(condition, mutex)
    }

    fileprivate func wait(_ mutex: UnsafeMutablePointer<pthread_mutex_t>, atMost duration: Duration) {
        let (seconds, attoseconds) = max(.zero, min(duration, .seconds(60))).components
        var deadline = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
        let nanoseconds = deadline.tv_nsec + Int(attoseconds / 1_000_000_000)
        deadline.tv_sec += Int(seconds) + nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        unsafe pthread_cond_timedwait(condition, mutex, &deadline)
    }
}
