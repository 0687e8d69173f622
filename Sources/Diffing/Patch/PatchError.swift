/// Why a JSON value is no patch, or a patch does not apply to a document: which operation, at which place, and why.
public struct PatchError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Code: String, Error, Hashable, Sendable, CaseIterable {
        /// The patch is not an array of objects.
        case notAPatch
        /// An operation lacks a member that it needs, has it twice, or not as a string.
        case invalidMember
        /// `op` is none of the six of RFC 6902.
        case unknownOperation
        /// A text is no JSON Pointer.
        case invalidPointer
        /// No such member, or no such element, in the document.
        case notFound
        /// A token that is no array index where the document has an array.
        case invalidIndex
        /// The pointer leads into a string, a number, a truth value or null.
        case notAContainer
        /// The whole document can be replaced, not removed.
        case rootRemoved
        /// A value cannot be moved into itself.
        case movedIntoItself
        /// The document does not hold the value that a `test` expects.
        case testFailed
    }

    /// What is wrong.
    public let code: Code
    /// The operation's number in its patch, from 0; nil where the patch as a whole is meant.
    public let operation: Int?
    /// The pointer or the member that is meant, as text; empty for the whole document.
    public let place: String

    /// An error of one operation at one place.
    public init(_ code: Code, operation: Int?, place: String) {
        (self.code, self.operation, self.place) = (code, operation, place)
    }
}

extension PatchError: CustomStringConvertible {
    /// One sentence for a person.
    public var description: String {
        let reason =
            switch code {
            case .notAPatch: "a JSON patch is an array of objects"
            case .invalidMember: "the member is missing, given twice, or no string"
            case .unknownOperation: "the operation is none of add, remove, replace, move, copy and test"
            case .invalidPointer: "not a JSON pointer"
            case .notFound: "the document has nothing there"
            case .invalidIndex: "an array needs an index there"
            case .notAContainer: "the pointer leads into a value that is neither array nor object"
            case .rootRemoved: "a whole document can be replaced, not removed"
            case .movedIntoItself: "a value cannot be moved into itself"
            case .testFailed: "the document has another value there"
            }
        guard let operation else { return reason }
        return "operation \(operation) of the patch, \"\(place)\": \(reason)"
    }
}
