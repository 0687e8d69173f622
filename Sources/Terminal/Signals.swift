import Glibc

/// How the process takes signals.
public enum Signals {
    /// Ignores SIGPIPE and SIGXFSZ, so that a closed pipe and a limit on file sizes are errors that can be handled, and ends with status 130 on
    /// SIGINT. What was acknowledged is durable at any moment, so nothing needs to be tidied.
    public static func install() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        signal(SIGINT) { _ in _exit(130) }
    }
}
