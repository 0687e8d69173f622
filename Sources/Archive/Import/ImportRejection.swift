/// Something that was read and not imported. The rest goes on.
public struct ImportRejection: Hashable, Sendable {
    /// Why, as far as a program acts on it.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        /// Player, board or time stand neither in the data nor in the options: a matter of usage.
        case needsPlaceAndTime = "needs_place_and_time"
        /// The file is not there, or the system does not let us read it.
        case unreadable
        /// Nothing that an import knows.
        case unknownFormat = "unknown_format"
        /// The text is damaged, or a member has a value that cannot be.
        case malformed
        /// JSON, but no object with `skills` or `activities`.
        case notASnapshot = "not_a_snapshot"
        /// Over the limits of a line, a document or a record.
        case tooLarge = "too_large"
        /// An id that the data gives is not that of the document, or a record of another archive is damaged.
        case damaged
    }

    /// Why.
    public let code: Code
    /// The file, as the person named it.
    public let source: String
    /// The line, from 1, where it is about one.
    public let line: Int?
    /// What is wrong and what to do, in a sentence.
    public let reason: String
    /// How many items this stands for: more than 1 for a damaged stretch of another archive, and for what fails alike
    /// throughout a file.
    public let count: Int

    init(_ failure: ImportFailure, source: String, line: Int? = nil, count: Int = 1) {
        (code, reason) = (failure.code, failure.reason)
        (self.source, self.line, self.count) = (source, failure.line ?? line, count)
    }
}

extension ImportRejection: CustomStringConvertible {
    /// `FILE:LINE: REASON`
    public var description: String { source + (line.map { ":\($0)" } ?? "") + ": " + reason }
}

/// What was imported, and lies somewhat beside what one may expect.
public struct ImportNote: Hashable, Sendable {
    /// The file, as the person named it.
    public let source: String
    /// The line, from 1, where it is about one.
    public let line: Int?
    /// What there is to know.
    public let text: String
}

extension ImportNote: CustomStringConvertible {
    /// `FILE:LINE: TEXT`
    public var description: String { source + (line.map { ":\($0)" } ?? "") + ": " + text }
}

/// What an import did. `read` is the sum of the others.
public struct ImportSummary: Hashable, Sendable {
    /// Observations, and tags and renames of another archive, that were found, rejected ones counted.
    public internal(set) var read = 0
    /// Those of another archive among them that are no observations but tags and renames, if they were not rejected.
    public internal(set) var marks = 0
    /// Those that joined the archive.
    public internal(set) var added = 0
    /// Those that it had already.
    public internal(set) var already = 0
    /// Those that were not imported.
    public internal(set) var rejected = 0
    /// The rejected ones by reason.
    public internal(set) var rejections: [ImportRejection.Code: Int] = [:]
}

/// Something that happens during an import.
public enum ImportEvent: Hashable, Sendable {
    /// Something was not imported.
    case rejected(ImportRejection)
    /// Something is worth knowing.
    case noted(ImportNote)
    /// What was gathered is durable; the counts so far.
    case committed(ImportSummary)
    /// Everything is durable, and packs are merged.
    case tidying(GarbageCollectionStep)
}

/// Why a parser could not make an observation; where it stood is known to the caller, but for a `line` given here.
struct ImportFailure: Error, Hashable {
    let code: ImportRejection.Code
    let reason: String
    let line: Int?

    init(_ code: ImportRejection.Code, _ reason: String, line: Int? = nil) {
        (self.code, self.reason, self.line) = (code, reason, line)
    }
}
