import Glibc

/// Standard output and standard error: written whole, and asked what stands at their other end.
public enum StandardStream: Sendable {
    /// Data.
    case output
    /// Everything else.
    case error

    private var descriptor: CInt {
        switch self {
        case .output: STDOUT_FILENO
        case .error: STDERR_FILENO
        }
    }

    /// Whether a person reads it at a terminal that can move the cursor.
    public var isTerminal: Bool { isatty(descriptor) == 1 }

    /// The terminal's width in columns, or nil where it has none.
    public var columns: Int? { size.flatMap { $0.ws_col > 0 ? Int($0.ws_col) : nil } }

    /// The terminal's height in lines, or nil where it has none.
    public var lines: Int? { size.flatMap { $0.ws_row > 0 ? Int($0.ws_row) : nil } }

    private var size: winsize? {
        var size = winsize()
        return unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
    }

    /// Why writing stopped.
    public enum WriteError: Error, Hashable, Sendable {
        /// Nobody reads the other end any more.
        case closed
        /// The system refuses; the text is its word on it.
        case failed(String)
    }

    /// Writes all bytes.
    public func write(_ bytes: [UInt8]) throws(WriteError) {
        var written = 0
        while written < bytes.count {
            let put = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if put < 0 {
                if errno == EINTR { continue }
                if errno == EPIPE { throw .closed }
                throw .failed(unsafe String(cString: strerror(errno)))
            }
            written += put
        }
    }
}

/// Standard input.
public enum StandardInput {
    /// Whether a person types at a terminal.
    public static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Up to `count` bytes; none at the end of input. Throws the system's word on a failure.
    public static func read(_ count: Int) throws(StandardStream.WriteError) -> [UInt8] {
        try read(count, from: STDIN_FILENO)
    }

    static func read(_ count: Int, from descriptor: CInt) throws(StandardStream.WriteError) -> [UInt8] {
        var failed: CInt = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            var got: Int
            repeat { got = unsafe Glibc.read(descriptor, buffer.baseAddress, count) } while got < 0 && errno == EINTR
            if got < 0 { failed = errno }
            filled = max(0, got)
        }
        guard failed == 0 else { throw .failed(unsafe String(cString: strerror(failed))) }
        return bytes
    }
}
