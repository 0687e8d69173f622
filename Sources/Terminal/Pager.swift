import Glibc

/// A pager (`$PAGER`) between this program and a person: what is written to it is shown page by page.
@safe public struct Pager: ~Copyable {
    private let stream: UnsafeMutablePointer<FILE>

    /// Starts a pager by the shell, as `sh -c COMMAND`; nil where it cannot be started. `less` is told to end by itself
    /// where everything fits on a screen, and to keep colours, unless `$LESS` says otherwise.
    public init?(command: String) {
        unsafe setenv("LESS", "FRX", 0)
        guard let stream = unsafe popen(command, "w") else { return nil }
        unsafe self.stream = unsafe stream
    }

    /// Writes bytes; false once the reader is gone.
    public func write(_ bytes: [UInt8]) -> Bool {
        unsafe fwrite(bytes, 1, bytes.count, stream) == bytes.count
    }

    /// Waits until the person is done.
    deinit { unsafe pclose(stream) }
}
