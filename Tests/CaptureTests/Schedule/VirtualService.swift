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
    private(set) var mostInFlight = 0
    private(set) var now = Duration.zero
    private var random: SeededRandom

    init(_ policy: CapturePolicy, seed: UInt64 = 1) {
        queue = CaptureQueue(policy)
        random = SeededRandom(seed: seed)
    }

    mutating func add(_ names: [String], after delay: Duration = .zero) throws {
        for name in names { queue.add(try CaptureTarget(name: name, board: .main), at: now + delay) }
    }

    /// Runs until nothing is left, or time reaches `end`. `answer` is asked when a request arrives: what it comes to, and
    /// how long that takes.
    mutating func run(
        until end: Duration = .seconds(1_000_000), _ answer: (Visit, inout SeededRandom) -> (AnswerVerdict, Duration)
    ) {
        var onTheirWay: [(number: Int, player: String, verdict: AnswerVerdict, end: Duration)] = []
        while now <= end {
            let step = queue.next(at: now)
            givenUp += queue.takeGivenUp()
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
            if let first = onTheirWay.indices.min(by: { onTheirWay[$0].end < onTheirWay[$1].end }),
                onTheirWay[first].end <= next ?? onTheirWay[first].end
            {
                let arrived = onTheirWay.remove(at: first)
                now = max(now, arrived.end)
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

    static func wait(_ seconds: Int) -> AnswerVerdict {
        AnswerVerdict(isWorthRetrying: true, retryAfter: .seconds(seconds), showsLife: false)
    }
}
