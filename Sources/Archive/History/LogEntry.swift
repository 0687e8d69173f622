public import CivilTime
public import ObjectStore

/// Where an observation stands in a ref log: by `captured_at`, then by sequence number. No two of an archive are equal.
public struct LogPoint: Hashable, Comparable, Sendable {
    /// When the answer arrived.
    public let capturedAt: Timestamp
    /// The record's number in the archive's sequence.
    public let sequenceNumber: Int

    /// A point of given parts.
    public init(capturedAt: Timestamp, sequenceNumber: Int) {
        (self.capturedAt, self.sequenceNumber) = (capturedAt, sequenceNumber)
    }

    /// The order of a ref log.
    public static func < (left: LogPoint, right: LogPoint) -> Bool {
        left.capturedAt == right.capturedAt
            ? left.sequenceNumber < right.sequenceNumber : left.capturedAt < right.capturedAt
    }
}

/// An observation as far as it is known without its document: where it stands in its ref log, and how it ended.
public struct LogRow: Hashable, Sendable {
    /// Where it stands.
    public let point: LogPoint
    /// How it ended.
    public let result: Observation.Result

    /// A row of given parts.
    public init(point: LogPoint, result: Observation.Result) { (self.point, self.result) = (point, result) }

    /// When the answer arrived.
    public var capturedAt: Timestamp { point.capturedAt }

    /// The record's number in the archive's sequence.
    public var sequenceNumber: Int { point.sequenceNumber }
}

/// One observation at its place in the sequence.
public struct LogEntry: Hashable, Sendable {
    /// The record's number in the archive's sequence.
    public let sequenceNumber: Int
    /// The record's SHA-256.
    public let record: ObjectID
    /// What was seen.
    public let observation: Observation

    /// An entry of given parts.
    public init(sequenceNumber: Int, record: ObjectID, observation: Observation) {
        (self.sequenceNumber, self.record, self.observation) = (sequenceNumber, record, observation)
    }

    /// Its row in the ref log.
    public var row: LogRow {
        LogRow(
            point: LogPoint(capturedAt: observation.capturedAt, sequenceNumber: sequenceNumber),
            result: observation.result)
    }
}

/// What an observation brought, as shown to people.
public enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// A snapshot that differs from the ok observation before.
    case stored
    /// The same snapshot as the ok observation before.
    case unchanged
    /// Only ranks moved, and the document was not kept (rank policy): see `Observation.Result`.
    case ranksOnly = "ranks_only"
    /// See `Observation.Result`.
    case notFound = "not_found"
    /// See `Observation.Result`.
    case unavailable
    /// See `Observation.Result`.
    case throttled
    /// See `Observation.Result`.
    case invalid

    /// What an attempt brought that kept no document; nil for an ok one, whose log must tell.
    init?(withoutDocument result: Observation.Result) {
        switch result {
        case .ok: return nil
        case .ranksOnly: self = .ranksOnly
        case .notFound: self = .notFound
        case .unavailable: self = .unavailable
        case .throttled: self = .throttled
        case .invalid: self = .invalid
        }
    }
}
