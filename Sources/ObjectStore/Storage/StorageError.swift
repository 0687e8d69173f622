/// Why an operation on a storage failed: what was tried, on which path, and the cause.
public struct StorageError: Error, Hashable, Sendable {
    /// What went wrong, as far as a program acts on it.
    public enum Code: String, Hashable, Sendable {
        /// No file or folder of that name.
        case missing
        /// A file of that name exists already.
        case exists
        /// The disk or the quota is full.
        case noSpace
        /// The operating system refuses access.
        case denied
        /// The path leads to something of the wrong kind: a folder for a file, a file for a folder.
        case wrongKind
        /// The file is sealed, and does not open as what it is taken for: damaged, or another one in its place.
        case damaged
        /// The medium failed, or anything else that the operating system reports.
        case io
    }

    /// What went wrong.
    public let code: Code
    /// What was tried, as a verb: `read`, `rename`.
    public let operation: String
    /// The path as a person would name it: absolute for files on disk.
    public let path: String
    /// The operating system's word on it.
    public let cause: String

    /// An error of given parts.
    public init(_ code: Code, operation: String, path: String, cause: String) {
        (self.code, self.operation, self.path, self.cause) = (code, operation, path, cause)
    }
}

extension StorageError: CustomStringConvertible {
    /// `cannot rename /archive/journal: No space left on device`
    public var description: String { "cannot \(operation) \(path): \(cause)" }
}
