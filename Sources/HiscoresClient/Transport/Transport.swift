/// Something that carries one HTTP GET. The real one is `CurlTransport`; tests script theirs.
public protocol Transport: Sendable {
    /// Sends the request and blocks until its answer is whole, broken off or given up.
    ///
    /// Redirects are not followed and every status is an answer. It throws where no status line and headers arrived.
    func get(_ request: HTTPRequest) throws(TransportError) -> HTTPAnswer
}

/// One HTTP GET.
public struct HTTPRequest: Hashable, Sendable {
    /// The address, `http` or `https`.
    public var url: String
    /// The value of `User-Agent`.
    public var userAgent: String
    /// How long and how much.
    public var limits: RequestLimits

    /// A request.
    public init(url: String, userAgent: String, limits: RequestLimits = RequestLimits()) {
        (self.url, self.userAgent, self.limits) = (url, userAgent, limits)
    }
}

/// How long a request may take and how much its answer may hold.
public struct RequestLimits: Hashable, Sendable {
    /// Milliseconds until the connection must stand, TLS included; above 0.
    public var connectMilliseconds: Int
    /// Milliseconds until the whole answer must have arrived; above 0.
    public var totalMilliseconds: Int
    /// Bytes that the body may have once decoded; above 0.
    public var bodyBytes: Int

    /// Ten seconds, thirty seconds and 1 MiB (an answer of the hiscores has some 7 KB).
    public init(connectMilliseconds: Int = 10_000, totalMilliseconds: Int = 30_000, bodyBytes: Int = 1 << 20) {
        (self.connectMilliseconds, self.totalMilliseconds) = (connectMilliseconds, totalMilliseconds)
        self.bodyBytes = bodyBytes
    }
}

/// What a server answered to one request, status and headers at least.
public struct HTTPAnswer: Hashable, Sendable {
    /// How the body ended.
    public enum Ending: Hashable, Sendable {
        /// As HTTP says a whole body ends.
        case whole
        /// It was longer than the limit, in bytes; `body` holds what fits.
        case overLimit(Int)
        /// The connection broke or the time ran out; `body` holds what had come.
        case brokenOff(TransportError)
    }

    /// The status code.
    public var status: Int
    /// `Content-Type` as served.
    public var contentType: String?
    /// `Location` as served: where a redirect points.
    public var location: String?
    /// `Retry-After` as served.
    public var retryAfter: String?
    /// The body, its content encoding undone.
    public var body: [UInt8]
    /// Whether all of the body is there.
    public var ending: Ending
    /// Milliseconds from the start of the request to the end of the answer.
    public var latencyMilliseconds: Int

    /// An answer of given parts.
    public init(
        status: Int, contentType: String? = nil, location: String? = nil, retryAfter: String? = nil,
        body: [UInt8] = [], ending: Ending = .whole, latencyMilliseconds: Int = 0
    ) {
        (self.status, self.contentType, self.location) = (status, contentType, location)
        (self.retryAfter, self.body, self.ending) = (retryAfter, body, ending)
        self.latencyMilliseconds = latencyMilliseconds
    }
}
