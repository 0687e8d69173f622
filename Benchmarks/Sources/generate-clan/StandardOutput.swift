import Glibc

/// Standard output with a buffer of a megabyte.
struct StandardOutput {
    private var buffer: [UInt8] = []

    private static let size = 1 << 20

    /// A write that failed, with its `errno`.
    struct WriteError: Error, CustomStringConvertible {
        let code: Int32

        var description: String { "cannot write to standard output (errno \(code))" }
    }

    /// Lets `body` append to what is to be written, and gives what it returns.
    mutating func write<Result>(_ body: (inout [UInt8]) throws -> Result) throws -> Result {
        if buffer.isEmpty { buffer.reserveCapacity(Self.size + Self.size / 16) }
        let result = try body(&buffer)
        if buffer.count >= Self.size { try flush() }
        return result
    }

    /// Writes all that is waiting.
    mutating func flush() throws(WriteError) {
        var start = 0
        while start < buffer.count {
            let count = unsafe buffer[start...].withUnsafeBytes { unsafe Glibc.write(1, $0.baseAddress, $0.count) }
            if count < 0 {
                guard errno == EINTR else { throw WriteError(code: errno) }
            } else {
                start += count
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
