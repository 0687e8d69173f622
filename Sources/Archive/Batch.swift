public import ObjectStore

/// Records to be committed together, with the documents that they name. All of it becomes durable, or nothing.
public struct Batch: Sendable {
    /// The records in the order in which they join the sequence.
    public private(set) var records: [Record] = []
    /// The documents by id.
    public private(set) var documents: [ObjectID: [UInt8]] = [:]
    /// Bytes in all documents.
    public private(set) var documentBytes = 0

    /// An empty batch.
    public init() {}

    /// Adds an observation with its document: the snapshot's canonical JSON for an ok one, the verbatim body for an
    /// invalid answer that is kept, nil otherwise.
    public mutating func add(_ observation: Observation, document: [UInt8]?) {
        records.append(.observation(observation))
        let id = observation.documentID
        if let id, let document, documents.updateValue(document, forKey: id) == nil { documentBytes += document.count }
    }

    /// Adds any other record.
    public mutating func add(_ record: Record) { records.append(record) }

    /// Whether there is nothing in it.
    public var isEmpty: Bool { records.isEmpty }
}
