import CCurl

/// The one owner of a libcurl transfer: its connections, buffers and settings. For one thread at a time.
@safe struct CurlHandle: ~Copyable {
    private let transfer: OpaquePointer

    /// Takes over a transfer that nobody else will free.
    init(owning transfer: OpaquePointer) { unsafe self.transfer = transfer }

    deinit { unsafe osrs_curl_transfer_free(transfer) }

    /// Runs one GET to its end.
    mutating func get(_ request: HTTPRequest) throws(TransportError) -> HTTPAnswer {
        let answer = unsafe request.url.withCString { url in
            unsafe request.userAgent.withCString { userAgent in
                var parameters = unsafe osrs_curl_request(
                    url: url, user_agent: userAgent, connect_timeout_ms: max(1, request.limits.connectMilliseconds),
                    total_timeout_ms: max(1, request.limits.totalMilliseconds),
                    body_limit: max(1, request.limits.bodyBytes))
                return unsafe osrs_curl_get(transfer, &parameters)
            }
        }
        return try unsafe HTTPAnswer(answer, to: request)
    }
}

extension HTTPAnswer {
    /// What libcurl reports, copied out of its buffers.
    fileprivate init(_ answer: osrs_curl_answer, to request: HTTPRequest) throws(TransportError) {
        let headers = unsafe HeaderFields(Array(UnsafeBufferPointer(start: answer.headers, count: answer.header_count)))
        let body = unsafe Array(UnsafeBufferPointer(start: answer.body, count: answer.body_count))
        let latency = unsafe Int(answer.elapsed_ms)
        let status = unsafe Int(answer.status)

        func error(_ code: TransportError.Code, _ detail: String) -> TransportError {
            TransportError(code, url: request.url, detail: detail, latencyMilliseconds: latency)
        }

        var failure: TransportError?
        if unsafe answer.code != 0 {
            failure = unsafe error(TransportError.Code(curl: answer.code), String(cString: answer.message))
        }
        // Below 200 an answer is provisional or none (RFC 9110, section 15.2). A connection closed inside the headers
        // is a whole answer to libcurl.
        guard status >= 200, headers.areWhole else { throw failure ?? error(.brokenOff, "closed inside the headers") }
        let ending: Ending =
            if unsafe answer.body_over_limit { .overLimit(request.limits.bodyBytes) } else {
                failure.map(Ending.brokenOff) ?? .whole
            }
        self.init(
            status: status, contentType: headers["content-type"], location: headers["location"],
            retryAfter: headers["retry-after"], body: body, ending: ending, latencyMilliseconds: latency)
    }
}
