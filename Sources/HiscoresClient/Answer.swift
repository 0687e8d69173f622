/// What one look at one board for one player came to: an outcome, why, and the evidence.
public struct Answer: Hashable, Sendable {
    /// How the look ended.
    public enum Outcome: Hashable, Sendable {
        /// A snapshot was served.
        case ok(ServedSnapshot)
        /// The board does not list that name. The service says so of listed players at times: alone it changes nothing.
        case notFound
        /// The service is down, out of reach, or answered with a page that is no answer.
        case unavailable
        /// The service asks for patience, or shows its bot wall.
        case throttled
        /// A whole answer that is no snapshot; its body is to be kept.
        case invalid
    }

    /// The address that was asked.
    public let url: String
    /// How it ended.
    public let outcome: Outcome
    /// Why it ended so, in a sentence without its full stop; nil for `ok`.
    public let reason: String?
    /// What came over the wire, as the evidence.
    public let response: Result<HTTPAnswer, TransportError>

    /// Classifies what came over the wire.
    public init(url: String, response: Result<HTTPAnswer, TransportError>) {
        (self.url, self.response) = (url, response)
        (outcome, reason) = Classification.outcome(of: response)
    }

    /// The answer, unless none arrived.
    public var http: HTTPAnswer? { try? response.get() }

    /// Where a redirect points, as served; nil for every other answer.
    public var redirect: String? { http.flatMap { Classification.isRedirect($0.status) ? $0.location : nil } }

    /// How long the service asks to wait; nil where it does not, or not in a way that can be read.
    public var retryAfter: RetryAfter? { http?.retryAfter.flatMap { RetryAfter($0) } }

    /// Milliseconds from the start of the request to the end of the answer, or to giving up.
    public var latencyMilliseconds: Int {
        switch response {
        case .success(let answer): answer.latencyMilliseconds
        case .failure(let error): error.latencyMilliseconds
        }
    }
}
