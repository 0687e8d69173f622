import Glibc
import Threads

extension Signals {
    /// Hands the first SIGINT or SIGTERM to `handler`, on a thread of its own, instead of ending the process: what is
    /// under way can be brought to an end. The second one ends it at once with status 130, and so does the first where
    /// `handler` answers false.
    ///
    /// Call it before other threads are started: signals then interrupt none of them. Where the system gives no thread,
    /// signals end the process as before.
    public static func handleStop(_ handler: @escaping @Sendable () -> Bool) {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGINT)
        unsafe sigaddset(&signals, SIGTERM)
        var before = sigset_t()
        unsafe pthread_sigmask(SIG_BLOCK, &signals, &before)
        let isHandled = startDetachedThread { [signals] in
            var signals = signals
            var number: CInt = 0
            unsafe sigwait(&signals, &number)
            guard handler() else { _exit(130) }
            unsafe sigwait(&signals, &number)
            _exit(130)
        }
        if !isHandled { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    }
}
