import Glibc

/// How the process takes signals.
public enum Signals {
    /// Ignores SIGPIPE, so that writing to a closed pipe is an error that can be handled, and ends with status 130 on
    /// SIGINT. What was acknowledged is durable at any moment, so nothing needs to be tidied.
    public static func install() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGINT) { _ in _exit(130) }
    }
}
