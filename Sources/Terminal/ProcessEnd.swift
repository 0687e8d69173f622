import Glibc

/// Ends the process with an exit status, once what was printed is written.
///
/// Not by exit(3): that runs what libraries have left to be tidied, libcrypto among them, while threads that asked the
/// service for something are still in it. They end with the process.
public func endProcess(_ status: Int32) -> Never {
    fflush(nil)
    _exit(status)
}
