public import CivilTime
public import HiscoresClient

/// What one request brought, or why none was sent.
public struct CaptureArrival: Sendable {
    /// What arrived.
    public enum Content: Sendable {
        /// An answer to a request, transport errors included.
        case answer(Answer)
        /// No request, or none whose answer was awaited: why, in a sentence without its full stop, and
        /// whether it is that the service finds itself asked too often.
        case nothing(reason: String, isThrottled: Bool)
    }

    /// What stands at the end of a target's way.
    public enum Ending: Hashable, Sendable {
        /// An answer that stands.
        case answered
        /// The last answer was worth another try, but none is left.
        case retriesSpent
        /// The service asked not to be asked before that moment, whether in answer to this target or to another.
        case comeBack(Timestamp)
        /// Given up in an outage of the whole service, or because its turn did not come in time.
        case givenUp
        /// The engine was stopped before the answer came, or before it was asked again.
        case interrupted
    }

    /// Whom it is about.
    public let target: CaptureTarget
    /// Requests sent for the target so far, this one counted.
    public let attempts: Int
    /// When it arrived.
    public let moment: Timestamp
    /// What arrived.
    public let content: Content
    /// How it ended; nil where the target will be asked about again.
    public internal(set) var ending: Ending?
}
