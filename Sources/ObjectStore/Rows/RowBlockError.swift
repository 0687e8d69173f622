/// Why rows could not be packed or unpacked.
public struct RowBlockError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Code: String, Hashable, Sendable {
        /// The bytes are no block, a part of one, or more than one.
        case corrupt
        /// Beyond a limit of the format.
        case tooLarge
        /// The layouts that were given are not those of the rows.
        case layoutMismatch
        /// zlib found no memory; the bytes may be well.
        case outOfMemory
    }

    /// What is wrong.
    public let code: Code
    /// What was found, for people.
    public let detail: String

    init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// One sentence without a stop.
    public var description: String { "row block: \(detail) (\(code.rawValue))" }
}
