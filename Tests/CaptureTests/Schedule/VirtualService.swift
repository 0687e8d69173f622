import Capture
import Hiscores
import HiscoresClient
import TestSupport

/// Plays a queue against a service in virtual time: no threads, no waiting.
struct VirtualService {
    /// A request as the service saw it.
    struct Visit: Hashable {
        let player: String
        let attempt: Int
        let start: Duration
    }

    private(set) var queue: CaptureQueue
    private(set) var visits: [Visit] = []
    /// How each target ended, by player, in the order of ending.
    private(set) var endings: [(player: String, ending: Attempt.Ending)] = []
    private(set) var givenUp: [CaptureQueue.GivenUp] = []
    /// When there was something to record, by player: an answer, or that it was given up.
    private(set) var records: [String: [Duration]] = [:]
    private(set) var mostInFlight = 0
    private(set) var now = Duration.zero
    private var random: SeededRandom
    private var onTheirWay: [(number: Int, player: String, verdict: AnswerVerdict, end: Duration)] = []

    init(_ policy: CapturePolicy, seed: UInt64 = 1) {
        queue = CaptureQueue(policy)
        random = SeededRandom(seed: seed)
    }

    mutating func add(_ names: [String], after delay: Duration = .zero, by deadline: Duration? = nil) throws {
        for name in names {
            queue.add(try CaptureTarget(name: name, board: .main), at: now, after: delay, by: deadline)
        }
    }

    /// Runs until nothing is left, or until `end`. `answer` is asked when a request arrives: what it comes to, and
    /// how long that takes.
    mutating func run(
        until end: Duration = .seconds(1_000_000), _ answer: (Visit, inout SeededRandom) -> (AnswerVerdict, Duration)
    ) {
        while now <= end {
            let step = queue.next(at: now)
            for target in queue.takeGivenUp() {
                givenUp.append(target)
                records[target.target.player.key, default: []].append(target.time)
            }
            var next: Duration?
            switch step {
            case .send(let request):
                let visit = Visit(player: request.target.player.key, attempt: request.attempt, start: now)
                visits.append(visit)
                let (verdict, duration) = answer(visit, &random)
                onTheirWay.append((request.number, visit.player, verdict, now + duration))
                mostInFlight = max(mostInFlight, queue.inFlight)
                continue
            case .wait(let time): next = time
            case .idle: break
            }
            let first = onTheirWay.indices.min { onTheirWay[$0].end < onTheirWay[$1].end }
            if let event = [next, first.map { onTheirWay[$0].end }].compactMap({ $0 }).min(), event > end {
                now = end
                return
            }
            if let first, onTheirWay[first].end <= next ?? onTheirWay[first].end {
                let arrived = onTheirWay.remove(at: first)
                now = max(now, arrived.end)
                records[arrived.player, default: []].append(now)
                if let ending = queue.answered(arrived.number, arrived.verdict, at: now, &random) {
                    endings.append((arrived.player, ending))
                }
            } else if let next {
                now = next
            } else {
                return
            }
        }
    }

    /// The shortest time between two starts.
    var shortestInterval: Duration {
        zip(visits, visits.dropFirst()).map { $1.start - $0.start }.min() ?? .seconds(1_000_000)
    }
}

extension AnswerVerdict {
    static let answer = AnswerVerdict(isWorthRetrying: false, showsLife: true)
    static let redirect = AnswerVerdict(isWorthRetrying: false, showsLife: false)
    static let failure = AnswerVerdict(isWorthRetrying: true, showsLife: false)

    static func throttled(_ seconds: Int) -> AnswerVerdict {
        AnswerVerdict(isWorthRetrying: true, retryAfter: .seconds(seconds), showsLife: false, isThrottled: true)
    }

    static func wait(_ seconds: Int) -> AnswerVerdict {
        AnswerVerdict(isWorthRetrying: true, retryAfter: .seconds(seconds), showsLife: false)
    }
}
