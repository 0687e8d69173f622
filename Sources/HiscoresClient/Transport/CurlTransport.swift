import Synchronization

/// HTTP through libcurl, which is opened at the first request.
///
/// One transport has one connection, kept open between requests, and answers one request at a time: a second thread
/// waits for the first one's answer. Requests in parallel take a transport each.
public final class CurlTransport: Transport {
    private let handle = Mutex<CurlHandle?>(nil)

    /// A transport. It opens nothing yet.
    public init() {}

    /// Sends the request and blocks until its answer is whole, broken off or given up.
    public func get(_ request: HTTPRequest) throws(TransportError) -> HTTPAnswer {
        // Neither may carry a control character: NUL would cut the text short, CR and LF could forge a header.
        for text in [request.url, request.userAgent] where text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw TransportError(.invalidRequest, url: request.url, detail: "a control character in address or agent")
        }
        let library: CurlLibrary
        switch CurlLibrary.shared {
        case .success(let opened): library = opened
        case .failure(let error): throw TransportError(.libraryMissing, url: request.url, detail: error.detail)
        }
        return try handle.withLock { (handle) throws(TransportError) in
            if handle == nil { handle = library.makeHandle() }
            guard let answer = try handle?.get(request) else {
                throw TransportError(.other, url: request.url, detail: "out of memory")
            }
            return answer
        }
    }
}
