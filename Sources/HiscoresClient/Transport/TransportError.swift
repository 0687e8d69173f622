/// Why no answer, or no whole answer, arrived.
public struct TransportError: Error, Hashable, Sendable {
    /// What went wrong.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        /// libcurl is not installed, or too old. Nothing was sent.
        case libraryMissing
        /// The request cannot be sent as it is. Nothing was sent.
        case invalidRequest
        /// The host name, or that of the proxy, has no address.
        case unknownHost
        /// No connection: refused, unreachable, or no way through the proxy.
        case notConnected
        /// TLS failed: no handshake, or a certificate that is not trusted.
        case tlsFailure
        /// Connection or answer took longer than the limits allow.
        case timedOut
        /// The connection was closed before an answer began.
        case noAnswer
        /// What came is not HTTP, or its content encoding is damaged.
        case malformedAnswer
        /// The connection broke inside the answer.
        case brokenOff
        /// Anything else, such as short memory; the detail says what.
        case other
    }

    /// What went wrong.
    public let code: Code
    /// The address that was asked.
    public let url: String
    /// More about it, in the words of libcurl or the system.
    public let detail: String
    /// Milliseconds from the start of the request to the failure.
    public let latencyMilliseconds: Int

    /// An error.
    public init(_ code: Code, url: String, detail: String, latencyMilliseconds: Int = 0) {
        (self.code, self.url, self.detail) = (code, url, detail)
        self.latencyMilliseconds = latencyMilliseconds
    }

    /// Whether the fault lies on this machine and nothing was sent: it says nothing about the service, and asking
    /// again will not help.
    public var isLocal: Bool { code == .libraryMissing || code == .invalidRequest }
}

extension TransportError: CustomStringConvertible {
    /// One sentence for a person.
    public var description: String {
        let reason =
            switch code {
            case .libraryMissing:
                "libcurl, which carries every request, cannot be used; install the Debian package libcurl4"
            case .invalidRequest: "the request to \(url) cannot be sent"
            case .unknownHost: "no address is known for the host of \(url)"
            case .notConnected: "no connection to \(url)"
            case .tlsFailure: "no secure connection to \(url)"
            case .timedOut: "\(url) took too long"
            case .noAnswer: "\(url) closed the connection without an answer"
            case .malformedAnswer: "\(url) answered with something that cannot be read as HTTP"
            case .brokenOff: "\(url) broke off"
            case .other: "the request to \(url) failed"
            }
        return detail.isEmpty ? reason : "\(reason) (\(detail))"
    }
}

extension TransportError.Code {
    /// The code for one of libcurl's (`CURLcode`, whose numbers never change; libcurl-errors(3)).
    init(curl code: Int32) {
        self =
            switch code {
            // CURLE_UNKNOWN_OPTION: a libcurl older than one of the options that are set
            case 48: .libraryMissing
            // CURLE_URL_MALFORMAT
            case 3: .invalidRequest
            // CURLE_COULDNT_RESOLVE_PROXY, _HOST
            case 5, 6: .unknownHost
            // CURLE_COULDNT_CONNECT, CURLE_PROXY
            case 7, 97: .notConnected
            // CURLE_SSL_… and CURLE_PEER_FAILED_VERIFICATION
            case 35, 58, 59, 60, 77, 80, 90, 91: .tlsFailure
            case 28: .timedOut
            // CURLE_GOT_NOTHING
            case 52: .noAnswer
            // CURLE_UNSUPPORTED_PROTOCOL (HTTP/0.9 too), CURLE_WEIRD_SERVER_REPLY, CURLE_WRITE_ERROR (headers without
            // end), CURLE_BAD_CONTENT_ENCODING
            case 1, 8, 23, 61: .malformedAnswer
            // CURLE_HTTP2, _PARTIAL_FILE, _SEND_ERROR, _RECV_ERROR, _HTTP2_STREAM, _HTTP3
            case 16, 18, 55, 56, 92, 95: .brokenOff
            default: .other
            }
    }
}
