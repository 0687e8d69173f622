import Glibc

/// A pipe that has a path: one of the file system, or what a shell makes of `<(COMMAND)`.
public final class NamedPipe {
    private let descriptor: CInt

    /// The pipe at a path; nil where something else is there, or nothing. Waits until somebody opens the other end.
    public init?(_ path: String) throws(StandardStream.WriteError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return nil }
        var descriptor: CInt
        repeat { descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC) } while descriptor < 0 && errno == EINTR
        guard descriptor >= 0 else { throw .failed(unsafe String(cString: strerror(errno))) }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Up to `count` bytes; none once the other end is closed. Throws the system's word on a failure.
    public func read(_ count: Int) throws(StandardStream.WriteError) -> [UInt8] {
        try StandardInput.read(count, from: descriptor)
    }
}
