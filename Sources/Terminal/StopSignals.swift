import Glibc
import Threads

extension Signals {
    /// A request from outside.
    public enum Request: Hashable, Sendable {
        /// SIGINT: a person at the terminal wants it to end.
        case interrupt
        /// SIGTERM: whoever looks after the process wants it to end.
        case terminate
        /// SIGHUP: it shall read its files anew.
        case reload
    }

    /// Hands SIGINT and SIGTERM to `handler`, on a thread of its own, instead of ending the process: what is under way
    /// can be brought to an end. Where `handler` answers false, or had answered to one before, the process ends at once,
    /// with status 130. With `reloads` SIGHUP is handed over as well, any number of times.
    ///
    /// Call it before other threads are started: signals then interrupt none of them. Where the system gives no thread,
    /// signals end the process as before.
    public static func handle(reloads: Bool = false, _ handler: @escaping @Sendable (Request) -> Bool) {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGINT)
        unsafe sigaddset(&signals, SIGTERM)
        if reloads {
            unsafe sigaddset(&signals, SIGHUP)
            // What nohup makes the process ignore would never arrive.
            signal(SIGHUP) { _ in }
        }
        var before = sigset_t()
        unsafe pthread_sigmask(SIG_BLOCK, &signals, &before)
        let isHandled = startDetachedThread { [signals] in
            var signals = signals
            var isEnding = false
            while true {
                var number: CInt = 0
                unsafe sigwait(&signals, &number)
                switch number {
                case SIGHUP: _ = handler(.reload)
                default:
                    guard !isEnding, handler(number == SIGINT ? .interrupt : .terminate) else { _exit(130) }
                    isEnding = true
                }
            }
        }
        if !isHandled { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    }
}
