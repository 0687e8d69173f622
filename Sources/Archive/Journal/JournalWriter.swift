import ObjectStore

/// Makes the bytes of a journal's frames: of a whole file, or of those that are appended to one.
struct JournalWriter {
    /// What was made so far.
    private(set) var bytes: [UInt8] = []
    /// What the next payload is sealed with; nil where payloads lie in the clear.
    private(set) var frames: SealedFrames?

    /// A new file with a header, frame 0.
    init(_ header: JournalHeader, _ sealing: ArchiveSealing?) throws(ArchiveError) {
        do throws(SealingError) {
            frames = try sealing.map { sealing throws(SealingError) in try SealedFrames(sealing) }
        } catch { throw ArchiveError(error, file: ArchiveLayout.journal) }
        bytes = frames?.start ?? []
        let payload: [UInt8]
        do { payload = try header.encoded() } catch { throw ArchiveError(.invalidRecord, "\(error)") }
        try append(payload, isLastInBatch: true, indexInBatch: 0, number: 0)
    }

    /// More frames for a file that ends where `frames` stands.
    init(continuing frames: SealedFrames?) { self.frames = frames }

    /// Adds a frame. Throws `invalidRecord` for a payload over the limit.
    mutating func append(
        _ payload: [UInt8], isLastInBatch: Bool, indexInBatch: Int, number: Int
    ) throws(ArchiveError) {
        let stored: [UInt8]
        do { stored = try frames?.seal(payload, number: number) ?? payload } catch {
            throw ArchiveError(error, file: ArchiveLayout.journal)
        }
        guard stored.count <= JournalFormat.payloadLimit else {
            throw ArchiveError(.invalidRecord, "a frame of \(stored.count) bytes is over the journal's limit")
        }
        let start = bytes.count
        JournalFormat.append(
            stored,
            head: .init(
                length: stored.count, isLastInBatch: isLastInBatch, indexInBatch: indexInBatch, number: number),
            to: &bytes)
        frames?.pass(bytes[start...])
    }

    /// Adds records as one batch behind the frame with the number `first` − 1.
    mutating func append(_ records: [[UInt8]], first: Int) throws(ArchiveError) {
        for (index, record) in records.enumerated() {
            try append(
                record, isLastInBatch: index == records.count - 1, indexInBatch: index, number: first + index)
        }
    }
}
