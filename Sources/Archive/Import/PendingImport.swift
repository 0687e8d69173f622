import ObjectStore

/// What an import has read and not committed yet: the first few records as they are, for a small import goes the way of
/// a capture; once they are more, a pack that is being built.
final class PendingImport {
    /// From when on an import writes packs, and how large they grow.
    struct Limits {
        /// An import of fewer records goes the way of a capture.
        var looseRecords = Archive.packedBatchRecords
        /// Bytes of memory at which a pack is written.
        var packBytes = 16 << 20
    }

    /// A record that waits.
    private enum Waiting {
        case observation(PreparedObservation)
        case other(Record)
    }

    private var waiting: [Waiting] = []
    private var builder: PackBuilder?
    /// The observations in it.
    private(set) var keys: Set<ObservationKey> = []
    /// Records of the archive's sequence when the first was added.
    private(set) var gatheredAt = 0
    /// How many records there were when room was made last.
    private var compacted = 0
    /// Bytes of documents that wait as they are.
    private var waitingBytes = 0
    private let limits: Limits

    /// Nothing yet. With `always` even a few records become a pack.
    init(_ limits: Limits, always: Bool = false) throws(PackError) {
        self.limits = limits
        if always { builder = try PackBuilder() }
    }

    var count: Int { builder?.count ?? waiting.count }

    /// Whether it should be committed before more is added.
    var isFull: Bool { builder?.isFull == true || bytes >= limits.packBytes }

    /// Bytes of memory of what goes into a pack, about.
    private var bytes: Int {
        guard let builder else { return 0 }
        return builder.memoryBytes + keys.capacity * MemoryLayout<ObservationKey>.stride * 4 / 3
    }

    /// Adds an observation, unless it is there; whether it was added. `records` is the length of the archive's sequence.
    func add(_ observation: PreparedObservation, to records: Int) throws(PackError) -> Bool {
        guard keys.insert(observation.key).inserted else { return false }
        try add(.observation(observation), to: records)
        return true
    }

    /// Adds a record that is no observation.
    func add(_ record: Record, to records: Int) throws(PackError) { try add(.other(record), to: records) }

    private func add(_ item: Waiting, to records: Int) throws(PackError) {
        if count == 0 { gatheredAt = records }
        if builder == nil {
            waiting.append(item)
            if case .observation(let observation) = item { waitingBytes += observation.document?.byteCount ?? 0 }
            guard waiting.count >= limits.looseRecords || waitingBytes >= limits.packBytes else { return }
            builder = try PackBuilder()
            for item in waiting { try build(item) }
            waiting = []
        } else {
            try build(item)
            makeRoom()
        }
    }

    /// Makes room in memory while that still brings something: the larger a pack, the fuller its blocks, and the less
    /// there is to merge.
    private func makeRoom() {
        guard bytes >= limits.packBytes, (count - compacted) * 4 >= count else { return }
        compacted = count
        builder?.compact()
    }

    private func build(_ item: Waiting) throws(PackError) {
        switch item {
        case .observation(let item):
            try builder?.add(item.observation, record: item.record, document: item.document)
        case .other(let record):
            let bytes: [UInt8]
            do { bytes = try RecordFormat.encode(record) } catch { throw .corrupt("\(error)", offset: 0) }
            builder?.add(other: bytes)
        }
    }

    /// What is to be committed.
    enum Content {
        case batch(Batch)
        case pack(PackBuilder)
    }

    /// Takes everything out to be committed.
    func content() throws(PackError) -> Content {
        if let builder { return .pack(builder) }
        var batch = Batch()
        for item in waiting {
            switch item {
            case .observation(let item): batch.add(item.observation, document: try item.document?.bytes())
            case .other(let record): batch.add(record)
            }
        }
        return .batch(batch)
    }
}

extension PreparedDocument {
    /// Bytes of memory, about.
    fileprivate var byteCount: Int {
        switch content {
        case .raw(let bytes): bytes.count
        case .table(let template, let numbers): template.count + 8 * numbers.count
        }
    }
}
