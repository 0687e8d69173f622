import Glibc

/// A state that threads share: one at a time sees it, and any of them can wait until it has what they need.
///
/// `@unchecked Sendable`: `state` is touched only while `mutex` is held, and POSIX allows mutexes and conditions to be
/// used from any thread. Both have fixed addresses, as POSIX demands.
@safe final class Monitor<State: Sendable>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var state: State

    init(_ state: State) {
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
    func withLock<Output>(_ body: (inout State) -> Output) -> Output {
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
}

/// What threads wait for.
///
/// `@unchecked Sendable`: a POSIX condition is made to be used from any thread.
@safe final class Condition: @unchecked Sendable {
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        unsafe condition = .allocate(capacity: 1)
        unsafe condition.initialize(to: pthread_cond_t())
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe condition.deallocate()
    }

    /// Wakes one thread that waits.
    func signal() { unsafe pthread_cond_signal(condition) }

    /// Wakes all threads that wait.
    func broadcast() { unsafe pthread_cond_broadcast(condition) }

    fileprivate func wait(_ mutex: UnsafeMutablePointer<pthread_mutex_t>) {
        unsafe pthread_cond_wait(condition, mutex)
    }
}
