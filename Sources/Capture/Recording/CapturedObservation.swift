import Archive
import CivilTime
import Hiscores
import HiscoresClient
import ObjectStore

/// What is the same for all observations of a run.
public struct CaptureOrigin: Hashable, Sendable {
    /// The endpoint's address.
    public let source: String
    /// The program and its version.
    public let agent: String
    /// The run's id.
    public let run: String
    /// Whether a person set the clock.
    public let clockIsSet: Bool

    /// An origin of given parts.
    public init(source: String, agent: String, run: String, clockIsSet: Bool) {
        (self.source, self.agent, self.run, self.clockIsSet) = (source, agent, run, clockIsSet)
    }
}

/// What arrived, as an observation and the document to keep.
struct CapturedObservation {
    var observation: Observation
    private(set) var document: [UInt8]?

    init(_ arrival: CaptureArrival, _ origin: CaptureOrigin) {
        let target = arrival.target
        observation = Observation(
            board: target.board, player: target.player, displayName: target.name, capturedAt: arrival.moment,
            result: .unavailable,
            evidence: Evidence(
                attempt: arrival.attempts, source: origin.source, agent: origin.agent, run: origin.run,
                clockIsSet: origin.clockIsSet))
        switch arrival.content {
        case .nothing(let reason, let isThrottled):
            if isThrottled { observation.result = .throttled }
            observation.evidence.error = reason
            document = nil
        case .answer(let answer):
            document = Self.describe(answer, &observation)
            if case .comeBack(let moment) = arrival.ending {
                observation.evidence.error? += "; the service asks not to be asked before \(moment.readable)"
            }
        }
    }

    /// Marks the observation, once; false where it brought no snapshot to mark.
    @discardableResult
    mutating func note(_ suspicion: Suspicion) -> Bool {
        guard observation.result.isServed else { return false }
        if !observation.evidence.suspicions.contains(suspicion.rawValue) {
            observation.evidence.suspicions.append(suspicion.rawValue)
        }
        return true
    }

    /// Records it as this, which may be an observation of ranks alone.
    mutating func record(as recorded: Observation) {
        observation = recorded
        if recorded.result == .ranksOnly { document = nil }
    }

    /// Puts what an answer says into an observation; gives the document to keep.
    private static func describe(_ answer: Answer, _ observation: inout Observation) -> [UInt8]? {
        observation.evidence.httpStatus = answer.http?.status
        observation.evidence.latencyMilliseconds = answer.latencyMilliseconds
        observation.evidence.error = answer.reason
        observation.evidence.redirect = answer.redirect
        var document: [UInt8]?
        switch answer.outcome {
        case .ok(let served):
            observation.result = .ok
            observation.displayName = served.displayName ?? observation.displayName
            observation.snapshot = SHA256.digest(served.canonical)
            observation.progress = SHA256.digest(served.progress)
            document = served.canonical
        case .notFound: observation.result = .notFound
        case .unavailable: observation.result = .unavailable
        case .throttled: observation.result = .throttled
        case .invalid:
            observation.result = .invalid
            document = answer.http?.body
        }
        if observation.result != .ok, let http = answer.http, !http.body.isEmpty {
            observation.evidence.body = AnswerBody(
                contentType: http.contentType, bytes: http.body.count, id: SHA256.digest(http.body),
                isKept: observation.result == .invalid)
        }
        return document
    }
}
