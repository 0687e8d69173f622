import CivilTime
import Hiscores
import ObjectStore
import TestSupport

@testable import Archive

/// A made-up log in segments, and the same as one sorted array: the naive answer to every question.
struct RandomLog {
    let log: RefLog
    let segments: [CountedSegment]
    /// In the order of the log.
    let entries: [LogEntry]
    /// The ok ones among them.
    let successes: [LogEntry]

    /// How segments lie in time.
    enum Shape: CaseIterable {
        /// Each behind the one before; the last moment of one may be the first of the next.
        case apart
        /// Each reaches into those beside it.
        case overlapping
        /// Each spans all the time there is.
        case interleaved
        /// As `overlapping`, without an ok observation.
        case failuresOnly
    }

    /// A log that follows from shape and seed. Moments repeat, and documents do.
    init(_ shape: Shape, seed: UInt64, player: PlayerName = SampleData.player("zezima"), board: Board = .main) {
        var random = SeededRandom(seed: seed)
        var number = 0
        var known: Set<ObjectID> = []
        var segments: [CountedSegment] = []
        var identities: Set<Observation.Identity> = []
        for part in 0..<Int.random(in: 1...12, using: &random) {
            let span: ClosedRange<Int> =
                switch shape {
                case .apart: 10 * part...10 * part + 10
                case .overlapping, .failuresOnly: 10 * part...10 * part + 25
                case .interleaved: 0...130
                }
            var moments = (0..<Int.random(in: 1...9, using: &random)).map { _ in Int.random(in: span, using: &random) }
            if shape == .apart { moments.sort() }
            var entries: [LogEntry] = []
            for minute in moments {
                let isOk = shape != .failuresOnly && Int.random(in: 0..<4, using: &random) > 0
                let document = SHA256.digest([UInt8.random(in: 0..<4, using: &random)])
                let result = isOk ? .ok : [Observation.Result.notFound, .unavailable].randomElement(using: &random)
                let observation = Observation(
                    board: board, player: player, displayName: Bool.random(using: &random) ? "N\(number)" : nil,
                    capturedAt: SampleData.moment(minute), result: result ?? .throttled,
                    snapshot: isOk ? document : nil, progress: isOk ? document : nil)
                guard identities.insert(observation.identity).inserted else { continue }
                entries.append(
                    LogEntry(sequenceNumber: number, record: SHA256.digest([0]), observation: observation))
                number += Int.random(in: 1...3, using: &random)
            }
            if entries.isEmpty { continue }
            segments.append(CountedSegment(entries, known: known))
            known.formUnion(entries.compactMap(\.observation.snapshot))
        }
        entries = segments.flatMap(\.entries).sorted { $0.row.point < $1.row.point }
        successes = entries.filter { $0.observation.result == .ok }
        self.segments = segments
        log = RefLog(board: board, player: player, segments: segments.shuffled(using: &random))
    }

    /// The ok observation before an entry.
    func success(before entry: LogEntry) -> LogEntry? { successes.last { $0.row.point < entry.row.point } }

    /// What an entry brought.
    func outcome(of entry: LogEntry) -> Outcome? {
        guard entry.observation.result == .ok else { return Outcome(rawValue: entry.observation.result.rawValue) }
        return success(before: entry)?.observation.snapshot == entry.observation.snapshot ? .unchanged : .stored
    }

    /// So many changes of snapshot before a position.
    func position(changes: Int, before position: Int) -> Int? {
        var remaining = changes
        var index = position
        while remaining > 0 {
            let id = successes[index].observation.snapshot
            while index >= 0, successes[index].observation.snapshot == id { index -= 1 }
            if index < 0 { return nil }
            remaining -= 1
        }
        return index
    }
}
