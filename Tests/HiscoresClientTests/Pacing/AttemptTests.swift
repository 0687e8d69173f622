import HiscoresClient
import TestSupport
import Testing

/// The state machine of an attempt, over all short sequences of answers and with chance at its extremes.
@Suite("An attempt")
struct AttemptTests {
    /// The kinds of answers, as far as an attempt tells them apart.
    private enum Kind: CaseIterable {
        case answer, refusal, failure, wait, longWait

        var verdict: AnswerVerdict {
            switch self {
            case .answer: AnswerVerdict(isWorthRetrying: false, showsLife: true)
            case .refusal: AnswerVerdict(isWorthRetrying: false, retryAfter: .seconds(9), showsLife: false)
            case .failure: AnswerVerdict(isWorthRetrying: true, showsLife: false)
            case .wait: AnswerVerdict(isWorthRetrying: true, retryAfter: .seconds(7), showsLife: false)
            case .longWait: AnswerVerdict(isWorthRetrying: true, retryAfter: .seconds(301), showsLife: false)
            }
        }
    }

    /// A source of chance from which every range gets its lowest or its highest number. 0 would not do: numbers that would
    /// make a range uneven are drawn again, for ever here.
    private struct Extreme: RandomNumberGenerator {
        let isHigh: Bool
        mutating func next() -> UInt64 { isHigh ? .max : 1 }
    }

    private static func sequences(upTo length: Int) -> [[Kind]] {
        guard length > 0 else { return [[]] }
        let shorter = sequences(upTo: length - 1)
        return shorter + shorter.filter { $0.count == length - 1 }.flatMap { head in Kind.allCases.map { head + [$0] } }
    }

    @Test("every sequence of answers up to length 4, with any number of retries, goes the way of its rules")
    func sequences() {
        let sequences = Self.sequences(upTo: 4)
        #expect(sequences.count == 1 + 5 + 25 + 125 + 625)
        for retries in 0...4 {
            for isHigh in [false, true] {
                for sequence in sequences { walk(sequence, retries: retries, isHigh: isHigh) }
            }
        }
    }

    /// Plays a sequence, holding each state against the rules in their own words.
    private func walk(_ sequence: [Kind], retries: Int, isHigh: Bool) {
        let policy = RetryPolicy(retries: retries, firstDelay: .seconds(1))
        var random = Extreme(isHigh: isHigh)
        var now = Duration.seconds(100)
        var attempt = Attempt(dueAt: now)
        for (index, kind) in sequence.enumerated() {
            guard case .due(let due) = attempt.state else { break }
            now = max(now, due)
            attempt.begin()
            #expect(attempt.state == .inFlight && attempt.requests == index + 1)
            attempt.begin()
            #expect(attempt.requests == index + 1, "a request in flight is not sent again")
            now += .milliseconds(40)
            attempt.answered(kind.verdict, at: now, policy: policy, &random)
            let jitter = isHigh ? Duration.seconds(1 << index) : .zero
            let expected: Attempt.State =
                switch kind {
                case .answer, .refusal: .finished(.answered)
                case .longWait: .finished(.comeBack(after: .seconds(301)))
                case .failure where index < retries: .due(now + jitter)
                case .wait where index < retries: .due(now + max(.seconds(7), jitter))
                case .failure, .wait: .finished(.retriesSpent)
                }
            #expect(attempt.state == expected, "\(sequence) after \(index + 1), \(retries) retries")
        }
        #expect(attempt.requests <= retries + 1)
        // What comes late changes nothing.
        let end = attempt
        if case .finished = end.state {
            attempt.begin()
            attempt.answered(Kind.failure.verdict, at: now, policy: policy, &random)
            #expect(attempt == end)
        } else {
            attempt.answered(Kind.answer.verdict, at: now, policy: policy, &random)
            #expect(attempt == end, "an answer to nothing")
        }
    }

    @Test("who has the patience waits for as long as the service asks for")
    func patience() {
        var random = Extreme(isHigh: true)
        let policy = RetryPolicy(retries: 1, longestRetryAfter: .seconds(86_400))
        var attempt = Attempt(dueAt: .zero)
        attempt.begin()
        attempt.answered(Kind.longWait.verdict, at: .seconds(1), policy: policy, &random)
        #expect(attempt.state == .due(.seconds(302)))
    }

    @Test("the longest wait doubles from the first one and stays at a minute; the wait is spread evenly below it")
    func delays() {
        let policy = RetryPolicy()
        #expect(policy.retries == 4)
        #expect(
            (1...8).map { policy.longestDelay(beforeRetry: $0) } == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
        #expect(policy.longestDelay(beforeRetry: .max) == .seconds(60))
        #expect(RetryPolicy(retries: -1, firstDelay: .seconds(-1)) == RetryPolicy(retries: 0, firstDelay: .zero))
        #expect(RetryPolicy(firstDelay: .seconds(500)).longestDelay(beforeRetry: 1) == .seconds(60))
        let seed: UInt64 = 11
        print("seed \(seed)")
        var random = SeededRandom(seed: seed)
        let waits = (0..<4000).map { _ in policy.delay(beforeRetry: 3, &random) }
        #expect(waits.allSatisfy { (.zero)...(.seconds(4)) ~= $0 })
        for quarter in 0..<4 {
            let range = Duration.seconds(quarter)..<Duration.seconds(quarter + 1)
            #expect((850...1150).contains(waits.count { range.contains($0) }))
        }
    }
}
