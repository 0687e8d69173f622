import ObjectStore

/// Finds the newest of observations that come in any order, and what stands before each in its log.
///
/// Holds twice as many as are wanted, and an id for each log. An observation costs constant time and a logarithm of the
/// limit.
struct NewestCandidates {
    /// An observation that may be among the newest.
    struct Candidate {
        var series: SeriesKey
        var point: LogPoint
        /// Its canonical JSON, and the SHA-256 of that.
        var record: [UInt8]
        var recordID: ObjectID
        /// The id of the document where its result is ok.
        var snapshot: ObjectID?

        fileprivate var listingPoint: ListingPoint { ListingPoint(point, on: series.board) }
    }

    /// An ok observation.
    private struct Success {
        var point: LogPoint
        var snapshot: ObjectID
    }

    private let limit: Int
    private var candidates: [Candidate] = []
    /// The newest ok observation of each log of those that were let go.
    private var earlier: [SeriesKey: Success] = [:]
    /// Nothing before this is among the newest.
    private var oldest: ListingPoint?

    /// Looks for so many.
    init(limit: Int) { self.limit = limit }

    mutating func add(_ candidate: Candidate) {
        if let oldest, candidate.listingPoint < oldest { return letGo(candidate) }
        candidates.append(candidate)
        if candidates.count >= 2 * max(1, limit) { cut() }
    }

    private mutating func cut() {
        candidates.sort { $1.listingPoint < $0.listingPoint }
        for candidate in candidates[min(limit, candidates.count)...] { letGo(candidate) }
        candidates.removeLast(max(0, candidates.count - limit))
        oldest = candidates.last?.listingPoint
    }

    private mutating func letGo(_ candidate: Candidate) {
        guard let snapshot = candidate.snapshot else { return }
        if let known = earlier[candidate.series], candidate.point < known.point { return }
        earlier[candidate.series] = Success(point: candidate.point, snapshot: snapshot)
    }

    /// The newest, so many of them at most and no more than the limit, the newest first. `first` is added to the numbers
    /// that the candidates have.
    func newest(_ count: Int, numberedFrom first: Int = 0) throws(PackError) -> [PackNewest] {
        let listed = candidates.sorted { $0.listingPoint < $1.listingPoint }
        let begin = max(0, listed.count - min(count, limit))
        var found: [PackNewest] = []
        var before = earlier
        for (place, candidate) in listed.enumerated() {
            if place >= begin {
                guard case .observation(let observation)? = try? RecordFormat.decode(candidate.record) else {
                    throw .corrupt("a newest observation is none", offset: 0)
                }
                let entry = LogEntry(
                    sequenceNumber: first + candidate.point.sequenceNumber, record: candidate.recordID,
                    observation: observation)
                var previous: PackNewest.Previous?
                if let snapshot = candidate.snapshot, let success = before[candidate.series] {
                    previous = PackNewest.Previous(
                        point: LogPoint(
                            capturedAt: success.point.capturedAt,
                            sequenceNumber: first + success.point.sequenceNumber),
                        isSame: success.snapshot == snapshot)
                }
                found.append(PackNewest(candidate.record, entry, previous))
            }
            if let snapshot = candidate.snapshot {
                before[candidate.series] = Success(point: candidate.point, snapshot: snapshot)
            }
        }
        return found.reversed()
    }
}
