/// The progress log: a text file that entries are only ever added to.
///
/// Any number of processes may append at once. Each takes the file's `flock`, makes sure that the file still has its
/// name, and adds its entry with one `write` at the end, so entries never mix. A log that would grow past the limit is
/// first renamed to `NAME.1`, the next one to `NAME.2` and so on, the first number that is free: no rotated log is ever
/// renamed again or replaced.
public struct ProgressLog: Hashable, Sendable {
    /// The path of the file.
    public let path: String
    /// The size in bytes that the file does not grow past, unless one entry alone is longer.
    public let limit: Int

    /// The log at a path; `limit` is 10 MB unless given.
    public init(path: String, limit: Int = 10_000_000) { (self.path, self.limit) = (path, limit) }

    /// Adds an entry at the end; makes the file and its folders where there are none.
    ///
    /// A write that fails half-way (a full disk) leaves the log as it was.
    public func append(_ entry: ScribeEntry) throws(ScribeError) {
        do throws(SystemCallError) {
            // Each further round means that another process rotated the log in between, or that this one did.
            for _ in 0..<1000 {
                let file = try openFile()
                try file.lock()
                let status = try file.status()
                guard try LogFile.status(ofPath: path)?.isSameFile(as: status) == true else { continue }
                var bytes = entry.line
                if status.size > 0, status.size + bytes.count > limit {
                    guard let name = try freeName() else { break }
                    try LogFile.rename(path, to: name)
                    continue
                }
                // A line that a crash cut short must not run into this entry.
                if status.size > 0, try file.byte(at: status.size - 1) != UInt8(ascii: "\n") {
                    bytes.insert(UInt8(ascii: "\n"), at: 0)
                }
                return try file.append(bytes, to: status.size)
            }
        } catch {
            throw .logNotWritten(path: path, call: error.call, number: error.number)
        }
        throw .rotationFailed(path: path)
    }

    private func openFile() throws(SystemCallError) -> LogFile {
        do throws(SystemCallError) {
            return try LogFile(path: path)
        } catch {
            guard error.isNotFound else { throw error }
            try LogFile.makeFolders(above: path)
            return try LogFile(path: path)
        }
    }

    /// The first free name for a rotated log. Only who holds the log's lock asks, so the name stays free.
    private func freeName() throws(SystemCallError) -> String? {
        for number in 1...100_000 {
            let name = "\(path).\(number)"
            if try LogFile.status(ofPath: name) == nil { return name }
        }
        return nil
    }
}
