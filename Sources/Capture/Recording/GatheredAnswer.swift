import CivilTime
import HiscoresClient

/// What waits for its batch: of an arrival what is told of it afterwards, and what it comes to. The answer itself, with all
/// that the service sent, is let go: a disk may be full for days.
struct GatheredAnswer {
    let target: CaptureTarget
    let attempts: Int
    let moment: Timestamp
    let ending: CaptureArrival.Ending?
    /// Bytes in the body of the answer.
    let answerBytes: Int
    var captured: CapturedObservation

    /// What an answer takes beyond its document, about: names, reason, addresses.
    private static let overheadBytes = 1 << 10

    init(_ arrival: CaptureArrival, _ captured: CapturedObservation) {
        (target, attempts, moment) = (arrival.target, arrival.attempts, arrival.moment)
        (ending, self.captured) = (arrival.ending, captured)
        if case .answer(let answer) = arrival.content {
            answerBytes = answer.http?.body.count ?? 0
        } else {
            answerBytes = 0
        }
    }

    /// Bytes of memory, about.
    var memoryBytes: Int { (captured.document?.count ?? 0) + Self.overheadBytes }
}
